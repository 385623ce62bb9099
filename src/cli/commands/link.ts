// Floor 9. `swimlink link`: prints the changes of a lane, until Ctrl-C.
import { Command } from 'commander'
import type { Change, DownlinkStatus, ListChange, WithStatus } from 'swimlink'
import { stringify, type Value } from 'swimlink/recon'
import { atInterrupt } from '../endings.js'
import { find, type LaneList, type LaneMap, type LaneValue } from '../lane.js'
import { Live } from '../live.js'
import { aboutLane, count, kindOption, printing, type Kind, type Printed } from '../options.js'
import { colors, isTerminal, print } from '../output.js'
import { Session, type Address } from '../session.js'
import { linesOf, tableOf, type Size } from '../table.js'
import { toJson, toRemove, toUpdate } from '../values.js'

interface Options extends Printed {
  readonly kind?: Kind
  readonly limit?: number
}

const about = `Follows a lane until Ctrl-C: a table in place on a terminal, a line for each change in a pipe.
Nothing is written. A host that goes away is waited for.

The lines of a map lane are, as JSON or as Recon:
  {"type":"update","key":"a","value":1}    @update(key:a) 1
  {"type":"remove","key":"a"}              @remove(key:a)
Those of a list lane are, where "key" is that of the item:
  {"type":"insert","index":0,"key":"k","value":1}    @update(index:0,key:k) 1
  {"type":"update","index":0,"key":"k","value":2}    @update(index:0,key:k) 2
  {"type":"move","from":0,"to":3,"key":"k"}          @move(from:0,to:3,key:k)
  {"type":"remove","index":3,"key":"k"}              @remove(index:3,key:k)
What is there at first comes as updates, or inserts. An entry without a value has no "value". Of a value lane,
and of a lane that only has events, the lines are {"type":"event","value":1}, or in Recon 1. A slow
reader gets the last change of each key; events queue.`

export const linkCommand = (): Command =>
  printing(
    aboutLane(new Command('link').summary('follow a lane as it changes').description(about)),
    'table, jsonl in a pipe',
    ['jsonl', 'recon', 'table'],
  )
    .addOption(kindOption())
    .option('-n, --limit <lines>', 'end after so many lines', count(1))
    .action(link)

async function link(hostUri: string, nodeUri: string, laneUri: string, options: Options): Promise<void> {
  const address = { hostUri, nodeUri, laneUri }
  await using session = new Session(hostUri, options)
  // Before the lane is known to be a command lane, its events may look invalid.
  session.printsAll = true
  const found = await find(session, address, options.kind)
  session.printsAll = found.kind !== 'map' && found.kind !== 'list'
  session.goOn()
  const format = options.format ?? (isTerminal() ? 'table' : 'jsonl')
  if (format === 'table' && isTerminal()) return await draw(session, address, found)
  const lines = format === 'recon' ? recon : json
  const limited = new Limit(options.limit ?? Infinity)
  const ends = [
    ...('map' in found ? [limited.print(changesOf(found.map), change => lines.change(change))] : []),
    ...(found.kind === 'list' ? [limited.print(itemsOf(found.list), change => lines.item(change))] : []),
    ...('value' in found ? [limited.print(eventsOf(session, address, found.value), value => lines.event(value))] : []),
  ]
  await Promise.race(ends)
}

/** A change and an event, in each format. */
const json = {
  change: (change: Change<Value, Value>) =>
    `{"type":"${change.type}","key":${toJson(change.key)}${
      change.type === 'update' && change.value !== undefined ? `,"value":${toJson(change.value)}` : ''
    }}`,
  item: (change: ListChange<Value>) => {
    const { type, key } = change
    const at = change.type === 'move' ? `"from":${change.from},"to":${change.to}` : `"index":${change.index}`
    const value = change.type === 'insert' || change.type === 'update' ? `,"value":${toJson(change.value)}` : ''
    return `{"type":"${type}",${at},"key":${toJson(key)}${value}}`
  },
  event: (value: Value) => `{"type":"event","value":${toJson(value)}}`,
}
const recon: typeof json = {
  change: change => (change.type === 'update' ? toUpdate(change.key, change.value) : toRemove(change.key)),
  item: change => {
    const { key } = change
    if (change.type === 'move') return `@move(from:${change.from},to:${change.to},key:${key})`
    if (change.type === 'remove') return `@remove(index:${change.index},key:${key})`
    return `@update(index:${change.index},key:${key}) ${stringify(change.value)}`
  },
  event: value => stringify(value),
}

/** Prints batches, no faster than they are read, up to a number of lines. */
class Limit {
  #left: number

  constructor(lines: number) {
    this.#left = lines
  }

  async print<T>(batches: AsyncIterable<readonly T[]>, line: (each: T) => string): Promise<void> {
    for await (const batch of batches) {
      const taken = batch.slice(0, this.#left)
      this.#left -= taken.length
      await print(taken.map(line))
      if (this.#left <= 0) return
    }
    // This downlink is of the wrong kind; the one of the right kind goes on.
    return new Promise(() => {})
  }
}

async function* changesOf(map: LaneMap): AsyncGenerator<readonly Change<Value, Value>[], void, undefined> {
  // Listens before it reads, so that no change is missed in between.
  const changes = map.changes()
  if (map.size > 0) yield Array.from(map, ([key, value]) => ({ type: 'update', key, value }) as const)
  yield* changes
}

async function* itemsOf(list: LaneList): AsyncGenerator<readonly ListChange<Value>[], void, undefined> {
  const changes = list.changes()
  const inserts: ListChange<Value>[] = []
  list.forEach((value, index, key) => inserts.push({ type: 'insert', index, key, value }))
  if (inserts.length > 0) yield inserts
  yield* changes
}

/** Every event of a lane that is not a map, equal ones too. Does not wait for slow readers: events can't be merged. */
async function* eventsOf(
  session: Session,
  address: Address,
  value: LaneValue,
): AsyncGenerator<readonly Value[], void, undefined> {
  const waiting: Value[] = value.get() === undefined ? [] : [value.get()]
  let wake = () => {}
  const downlink = session
    .lane(address)
    .downlinkEvent({ syncs: false })
    .onEvent(body => {
      waiting.push(body)
      // This event may be the first to show that the lane is a map. The value downlink knows at the end of this turn.
      queueMicrotask(() => wake())
    })
    .open()
  for (;;) {
    const { status } = value
    if (status.state === 'unlinked' && status.reason === 'laneKind') return downlink.close()
    if (waiting.length > 0) yield waiting.splice(0)
    else await new Promise<void>(resolve => (wake = resolve))
  }
}

/** What a table shows at one moment. */
interface Shown {
  readonly status: DownlinkStatus
  /** The number of entries, in words. */
  readonly size: string
  readonly lines: (room: Size) => readonly string[]
}

const sizeOf = ({ length }: readonly unknown[], one: string, many: string): string =>
  `  ${length} ${length === 1 ? one : many}`

/** Draws a table in place, below a line with the state of the link, and a line for trouble with it. */
function draw(
  session: Session,
  { hostUri, nodeUri, laneUri }: Address,
  found: { map?: LaneMap; value?: LaneValue; list?: LaneList },
): Promise<never> {
  const { map, value, list } = found
  const isMap = () =>
    list === undefined && (value === undefined || (map !== undefined && map.status.state !== 'unlinked'))
  const title = colors.bold(`${laneUri} ${colors.dim(`of ${nodeUri} at ${hostUri}`)}`)
  let trouble = ''
  const shown = (): Shown => {
    if (list !== undefined) {
      const items = [...list]
      const lines = (room: Size) => (items.length > 0 ? tableOf([...items.entries()], room, 'position') : [])
      return { status: list.status, size: sizeOf(items, 'item', 'items'), lines }
    }
    if (!isMap()) return { status: value!.status, size: '', lines: room => linesOf(value!.get(), room) }
    const entries = [...map!]
    const lines = (room: Size) => (entries.length > 0 ? tableOf(entries, room) : [])
    return { status: map!.status, size: sizeOf(entries, 'entry', 'entries'), lines }
  }
  const live = new Live(({ columns, rows }) => {
    const { status, size, lines } = shown()
    if (status.state === 'synced') trouble = ''
    const head = [title, `${inWords(status)}${size}`, colors.dim(trouble.slice(0, columns - 1))]
    return [...head, ...lines({ columns, rows: rows - head.length })]
  })
  session.note = text => {
    trouble = text
    live.changed()
  }
  atInterrupt(() => live.end())
  for (const downlink of [map, value, list]) {
    downlink?.subscribe(() => live.changed())
    const statuses: WithStatus | undefined = downlink
    statuses?.on('didChangeStatus', () => live.changed())
  }
  live.changed()
  return new Promise(() => {})
}

function inWords(status: DownlinkStatus): string {
  switch (status.state) {
    case 'synced':
      return colors.green('synced')
    case 'stale':
      return colors.yellow(status.because === 'disconnected' ? 'the host is away; this is as it was' : 'resyncing')
    case 'unlinked':
      return colors.red(`unlinked (${status.reason}); asked for again`)
    default:
      return colors.dim(status.state)
  }
}
