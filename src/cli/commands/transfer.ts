// Floor 9. `swimlink export` and `swimlink import`: writes and reads the entries of a map lane as lines.
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import progress from 'cli-progress'
import { Command } from 'commander'
import type { Value } from 'swimlink/recon'
import { atInterrupt } from '../endings.js'
import { Fault, misuse } from '../fault.js'
import { find, holdsNothing, type LaneMap } from '../lane.js'
import { aboutLane, count as wholeNumber, printing, type Printed } from '../options.js'
import { print } from '../output.js'
import { Session } from '../session.js'
import { isJson, readSlot, show, toLine, toSlot } from '../values.js'

const exportAbout = `Prints the entries of a map lane, a line each, as import takes them:
  jsonl  {"key":"a","value":{"id":1}}
  recon  a:{id:1}
An entry without a value is {"key":"a"}, or a: in Recon.
If JSON has no form for an entry, nothing is printed: use --format recon.
Into a file (--output) with a progress bar. Nothing is written to the lane.`

const lines = ['jsonl', 'recon'] as const

export const exportCommand = (): Command =>
  printing(
    aboutLane(new Command('export').summary('print all entries as lines').description(exportAbout)),
    'jsonl',
    lines,
  )
    .option('-o, --output <file>', 'write into a file')
    .action(
      async (hostUri: string, nodeUri: string, laneUri: string, options: Printed & { readonly output?: string }) => {
        await using session = new Session(hostUri, options)
        const found = await find(session, { hostUri, nodeUri, laneUri }, 'map')
        const { map } = found as { readonly map: LaneMap }
        const isRecon = options.format === 'recon'
        if (!isRecon) checkJson(map)
        const all = printable(map, isRecon ? toSlot : toLine)
        if (options.output === undefined) return await print(all)
        await using file = await open(options.output, 'w')
        await withBar(map.size, async step => {
          for (const line of all) {
            await file.appendFile(`${line}\n`)
            step()
          }
        })
      },
    )

function* printable(map: LaneMap, line: (key: Value, value: Value) => string): Generator<string, void, undefined> {
  for (const [key, value] of map) yield line(key, value)
}

function checkJson(map: LaneMap): void {
  for (const [key, value] of map) {
    if (!isJson(key) || (value !== undefined && !isJson(value)))
      throw new Fault(`JSON has no form for the entry ${show(key)} (${show(value)}): give --format recon`)
  }
}

const importAbout = `Puts entries into a map lane, from lines as export prints them, of FILE or of the standard input.
Entries of the lane that are not among them stay. Waits until the lane has them all. A line that
cannot be read ends the import; what was put before stays put.`

interface ImportOptions extends Printed {
  readonly window: number
}

export const importCommand = (): Command =>
  printing(aboutLane(new Command('import').summary('put entries from lines').description(importAbout)), 'jsonl', lines)
    .argument('[file]', 'the lines; the standard input where it is left out')
    .option('--window <entries>', 'how many may be under way at a time', wholeNumber(1), 1000)
    .action(importFrom)

async function importFrom(
  ...[hostUri, nodeUri, laneUri, file, options]: [string, string, string, string | undefined, ImportOptions]
): Promise<void> {
  await using session = new Session(hostUri, options)
  const bytes = file === undefined ? undefined : (await stat(file)).size
  const input: Readable = file === undefined ? process.stdin : createReadStream(file)
  const address = { hostUri, nodeUri, laneUri }
  const map = session.lane(address).downlinkMap({ emptyValues: 'keep' }).open()
  await session.reach(map.whenSynced({ timeoutMs: session.timeoutMs }))
  const wasEmpty = map.size === 0
  const read = options.format === 'recon' ? readRecon : readLine
  let refused = 0
  let failure: unknown
  let number = 0
  let count = 0
  const underWay = new Set<Promise<void>>()
  const put = async (line: string): Promise<void> => {
    const [key, value] = read(line, number)
    const end = map
      .put(key, value, { timeoutMs: session.timeoutMs })
      .then(
        outcome => void (refused += Number(outcome === 'refused')),
        (error: unknown) => void (failure ??= error),
      )
      .finally(() => underWay.delete(end))
    underWay.add(end)
    count++
    if (underWay.size >= options.window) await session.reach(Promise.race(underWay))
    if (failure !== undefined) throw failure
  }
  await withBar(bytes, async step => {
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) {
        number++
        step(Buffer.byteLength(line) + 1)
        if (line.trim() !== '') await put(line)
      }
    } finally {
      // Entries before an invalid line stay in the lane: wait for their writes.
      await session.reach(Promise.all(underWay))
    }
    if (failure !== undefined) throw failure
  })
  if (refused > 0) throw new Fault(`the lane refused ${refused} of ${count} entries, and took the others`)
  if (wasEmpty && map.size > 0 && (await holdsNothing(address, options, 'map')))
    throw new Fault(`${count} sent, and the lane keeps none: for a command lane, use swimlink command`)
  await print([`${count} ${count === 1 ? 'entry' : 'entries'} put; the lane has ${map.size}`])
}

function readLine(line: string, number: number): readonly [Value, Value] {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch (error) {
    throw misuse(`line ${number} is not JSON (${(error as Error).message}); lines are {"key":…,"value":…}`)
  }
  if (typeof read !== 'object' || read === null || !Object.hasOwn(read, 'key'))
    throw misuse(`line ${number} has no "key"; lines are {"key":…,"value":…}`)
  const { key, value } = read as { readonly key: Value; readonly value?: Value }
  return [key, value]
}

function readRecon(line: string, number: number): readonly [Value, Value] {
  const slot = readSlot(line)
  if (slot === undefined) throw misuse(`line ${number} is not an entry; lines are key:value`)
  return [slot.key, slot.value]
}

/** Shows the progress of `work` on a terminal. @param total the number of steps; undefined if unknown: then no bar */
async function withBar(total: number | undefined, work: (step: (by?: number) => void) => Promise<void>): Promise<void> {
  if (total === undefined || process.stderr.isTTY !== true) return await work(() => {})
  const bar = new progress.SingleBar(
    { format: '{bar} {percentage}%  {eta_formatted} left', hideCursor: true, stream: process.stderr },
    progress.Presets.shades_classic,
  )
  bar.start(total, 0)
  const undo = atInterrupt(() => bar.stop())
  try {
    await work((by = 1) => bar.increment(by))
    bar.update(total)
  } finally {
    undo()
    bar.stop()
  }
}
