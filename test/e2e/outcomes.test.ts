// How writes end on real sockets: at lanes of the embedded host that take, transform and refuse, seen by two clients.
import { afterEach, beforeEach, expect, describe, test } from 'vitest'
import { SwimClient } from '../../src/index.js'
import { refuse, WarpHost } from '../../src/host/index.js'

let host: WarpHost
let client: SwimClient<{ hostUri: string; nodeUri: string }>
let other: SwimClient<{ hostUri: string; nodeUri: string }>

beforeEach(async () => {
  host = new WarpHost()
  host.node('/n', node => {
    node.mapLane('plain')
    node.mapLane<string, number>('doubling', { willUpdate: (_, value) => value * 2 })
    node.mapLane<string, number>('positive', {
      willUpdate: (_, value) => (value < 0 ? refuse : undefined),
      willRemove: key => (key === 'kept' ? refuse : undefined),
    })
    node.valueLane('value')
    node.valueLane<number>('clamped', { initial: 1, willSet: value => Math.min(value, 100) })
    node.valueLane<number>('steady', { initial: 1, willSet: value => (value < 0 ? refuse : undefined) })
  })
  const { uri: hostUri } = await host.listen()
  const options = { hostUri, nodeUri: '/n', echoTimeoutMs: 100 }
  client = new SwimClient(options)
  other = new SwimClient(options)
})

afterEach(async () => {
  await Promise.all([client.close(), other.close()])
  await host.close()
})

const map = (laneUri: string) => client.downlinkMap<string, number>().laneUri(laneUri).open()
const value = (laneUri: string) => client.downlinkValue<number>().laneUri(laneUri).open()

describe('a map', () => {
  test('of a lane that takes what it is sent', async () => {
    const lane = map('plain')
    expect(await lane.put('a', 1)).toBe('taken')
    expect(await lane.put('a', 1)).toBe('taken')
    expect(await lane.remove('a')).toBe('taken')
    expect(await lane.remove('a')).toBe('taken')
    const ends = await Promise.all([lane.put('a', 2), lane.put('a', 3), lane.remove('a')])
    expect(ends.at(-1)).toBe('taken')
    expect(ends.slice(0, 2).filter(end => end !== 'taken' && end !== 'superseded')).toEqual([])
  })

  test('of a lane that makes other values of them', async () => {
    const lane = map('doubling')
    expect(await lane.put('a', 1)).toBe('superseded')
    expect(lane.get('a')).toBe(2)
    expect(await lane.put('a', 0)).toBe('taken')
    // Twice nothing is nothing again: the lane shows what was sent.
    expect(lane.get('a')).toBe(0)
  })

  test('of a lane that refuses them: it holds what it held, or nothing', async () => {
    const lane = map('positive')
    expect(await lane.put('a', -1)).toBe('refused')
    expect(lane.has('a')).toBe(false)
    expect(await lane.put('a', 5)).toBe('taken')
    expect(await lane.put('a', -2)).toBe('refused')
    expect(lane.get('a')).toBe(5)
    expect(await lane.put('kept', 1)).toBe('taken')
    expect(await lane.remove('kept')).toBe('refused')
    expect(lane.get('kept')).toBe(1)
  })

  test('that two write to ends as the lane, whoever was last', async () => {
    const [mine, theirs] = [map('plain'), other.downlinkMap<string, number>().laneUri('plain').open()]
    await Promise.all([mine.whenSynced(), theirs.whenSynced()])
    const ends = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? mine : theirs).put(`k${n % 3}`, n)),
    )
    expect(ends.filter(end => end !== 'taken' && end !== 'superseded')).toEqual([])
    const held = Object.fromEntries(host.nodeRef('/n').lane('plain', 'map') as Iterable<[string, number]>)
    await expect.poll(() => [Object.fromEntries(mine), Object.fromEntries(theirs)]).toEqual([held, held])
  })
})

describe('a value', () => {
  test('is taken, made another, or refused', async () => {
    const [plain, clamped, steady] = [value('value'), value('clamped'), value('steady')]
    expect(await plain.put(7)).toBe('taken')
    expect(await plain.put(undefined)).toBe('taken')
    expect(await clamped.put(1000)).toBe('superseded')
    expect(clamped.get()).toBe(100)
    expect(await steady.put(5)).toBe('taken')
    expect(await steady.put(-5)).toBe('refused')
    expect(steady.get()).toBe(5)
  })
})

test('a command is taken once it is on the wire', async () => {
  expect(await client.downlinkEvent().laneUri('plain').open().command({ '@clear': null })).toBe('taken')
})
