// The embedded host that tests of the command line look at, and what it was seen to be written.
import { builtPackage } from './built.js'
import { WarpHost, type WarpHostOptions } from '../../src/host/index.js'

export interface LookedAt {
  readonly host: WarpHost
  readonly uri: string
  /** What clients wrote or sent. */
  readonly heard: unknown[]
  readonly lane: <K extends 'map' | 'value' | 'command' | 'supply' | 'list'>(
    laneUri: string,
    kind: K,
  ) => ReturnType<typeof kindOf<K>>
}

const kindOf = <K extends 'map' | 'value' | 'command' | 'supply' | 'list'>(host: WarpHost, laneUri: string, kind: K) =>
  host.nodeRef('/n').lane(laneUri, kind)

export async function lookedAt(options: WarpHostOptions = {}): Promise<LookedAt> {
  // Before anything is timed.
  await builtPackage()
  const heard: unknown[] = []
  const hear = (...what: unknown[]): undefined => void heard.push(what)
  const host = new WarpHost(options)
  const writes = { willUpdate: hear, willRemove: hear, willSet: hear }
  host.node('/n', node => {
    const { willUpdate, willRemove, willSet } = writes
    node.mapLane('map', { willUpdate, willRemove })
    node.mapLane('empty', { willUpdate, willRemove })
    node.mapLane('odd', { willUpdate, willRemove })
    node.valueLane<object>('value', { initial: { floor: 3 }, willSet })
    node.valueLane('unset', { willSet })
    node.listLane<unknown>('list').push('first', { floor: 2 })
    node.commandLane('command', { onCommand: body => hear(body) })
    node.supplyLane('supply')
    node.demandLane('demand', { onCue: () => 'made' })
    node.joinMapLane('joined').join('a', { nodeUri: '/n', laneUri: 'map' })
  })
  const { uri } = await host.listen()
  const lane: LookedAt['lane'] = (laneUri, kind) => kindOf(host, laneUri, kind)
  lane('map', 'map').set('guest', { id: 1, floor: 4 }).set('parking', { id: 2, floor: -1, note: 'two\nlines' })
  lane('odd', 'map')
    .set(7, 9007199254740993n)
    .set(true, new Uint8Array([1, 2]))
  heard.length = 0
  return { host, uri, heard, lane }
}
