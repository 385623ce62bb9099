// Floor 9. `swimlink get`: prints the current state of a lane.
import { Command } from 'commander'
import { exit, Fault } from '../fault.js'
import { find, type Found, type LaneList } from '../lane.js'
import { aboutLane, kindOption, printing, type Kind, type Printed } from '../options.js'
import { isTerminal, print } from '../output.js'
import { Session, type Entries } from '../session.js'
import { linesOf, sizeOf, tableOf } from '../table.js'
import { show, toJson, toJsonMap, toLine, toSlot, type Format } from '../values.js'
import { stringify, type Value } from 'swimlink/recon'

interface Options extends Printed {
  readonly kind?: Kind
  readonly keys?: boolean
  readonly count?: boolean
}

const about = `Prints what a lane holds: the entries of a map lane, the items of a list lane, or the value of a value lane.
Nothing is written.`

export const getCommand = (): Command =>
  printing(aboutLane(new Command('get').summary('print what a lane holds').description(about)), 'table, json in a pipe')
    .addOption(kindOption())
    .option('--keys', 'the keys alone, of a map lane; of a list lane those of its items')
    .option('--count', 'how many entries there are, of a map lane, or items of a list lane')
    .action(get)

async function get(hostUri: string, nodeUri: string, laneUri: string, options: Options): Promise<void> {
  await using session = new Session(hostUri, options)
  const found = await find(session, { hostUri, nodeUri, laneUri }, options.kind)
  const format = options.format ?? (isTerminal() ? 'table' : 'json')
  if (found.kind === 'list') await print(ofList(found.list, format, options))
  else if (found.kind !== 'value') await print(ofMap([...found.map], format, options))
  else if (options.keys === true || options.count === true)
    throw new Fault(`${laneUri} is not a map lane: leave out --keys and --count`, exit.usage)
  else await print(ofValue(found, format))
}

/** The lines of a map. A lane that may be a map or a value counts as an empty map. */
export function ofMap(
  entries: Entries,
  format: Format,
  { keys, count }: Pick<Options, 'keys' | 'count'>,
): Iterable<string> {
  if (count === true) return [String(entries.length)]
  if (keys === true)
    return ofKeys(
      entries.map(([key]) => key),
      format,
    )
  switch (format) {
    case 'json':
      return [toJsonMap(entries)]
    case 'jsonl':
      return map(entries, ([key, value]) => toLine(key, value))
    case 'recon':
      return map(entries, ([key, value]) => toSlot(key, value))
    case 'table':
      return tableOf(entries, { ...sizeOf(process.stdout), rows: Infinity })
  }
}

/** The lines of a list: its items in order. */
function ofList(list: LaneList, format: Format, { keys, count }: Pick<Options, 'keys' | 'count'>): Iterable<string> {
  const items = [...list]
  if (count === true) return [String(items.length)]
  if (keys === true)
    return ofKeys(
      items.map((_, index) => list.keyAt(index)),
      format,
    )
  if (format === 'json') return [`[${items.map(toJson).join(', ')}]`]
  if (format === 'table')
    return tableOf(Array.from(items.entries()), { ...sizeOf(process.stdout), rows: Infinity }, 'position')
  return map(items, format === 'recon' ? item => stringify(item) : toJson)
}

function ofKeys(keys: readonly Value[], format: Format): Iterable<string> {
  if (format === 'json') return [`[${keys.map(toJson).join(', ')}]`]
  return map(keys, format === 'table' ? show : format === 'recon' ? key => stringify(key) : toJson)
}

function ofValue({ value }: Extract<Found, { kind: 'value' }>, format: Format): Iterable<string> {
  const held = value.get()
  if (format === 'recon') return [held === undefined ? '' : stringify(held)]
  return format === 'table' ? linesOf(held, { ...sizeOf(process.stdout), rows: Infinity }) : [toJson(held)]
}

function* map<T>(all: Iterable<T>, line: (each: T) => string): Generator<string, void, undefined> {
  for (const each of all) yield line(each)
}
