// Floor 9. `swimlink bench`: measures through the package how fast a host answers, syncs and takes writes.
import { randomBytes } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import progress from 'cli-progress'
import { Command, Option } from 'commander'
import { link, type Linked, type Looked } from '../bench/looking.js'
import { linesOfReport, type Report } from '../bench/report.js'
import { Samples } from '../bench/samples.js'
import { shareDone } from '../bench/turns.js'
import { Writer } from '../bench/writing.js'
import { nowMs } from '../clock.js'
import { atInterrupt } from '../endings.js'
import { Fault, misuse } from '../fault.js'
import { entriesOf, holdsNothing } from '../lane.js'
import { count, duration, printing, reaching, type Printed } from '../options.js'
import { isTerminal, print } from '../output.js'
import type { Address } from '../session.js'
import { sizeOf } from '../table.js'

const about = `Measures a lane of a host through this package, in milliseconds: connect (until a link is asked
for), round trip (until the host says linked), sync (until all entries are there), and what is
received per second. Nothing is written without --writes: then each client puts keys that begin
with swimlink-bench- into the map lane, one after the other for half the time (write), then many at
a time (write, busy), and removes them in the end, also at Ctrl-C. Without HOST an embedded host is
measured, which runs in the same process and is written to.`

interface Options extends Printed {
  readonly format?: 'json' | 'table'
  readonly clients: number
  readonly duration: number
  readonly syncs?: number
  readonly entries: number
  readonly rate?: number
  readonly writes?: boolean
}

export const benchCommand = (): Command =>
  printing(
    reaching(new Command('bench').summary('measure a host').description(about))
      .argument('[host]', 'the host, as warp://HOST:PORT')
      .argument('[node]', 'the node, as /hotel/lobby')
      .argument('[lane]', 'the lane, as elevators'),
    'table, json in a pipe',
    ['json', 'table'],
  )
    .option('--clients <count>', 'how many clients, each with a socket', count(1), 1)
    .addOption(
      new Option('--duration <time>', 'how long to receive, and to write').argParser(duration).default(5000, '5s'),
    )
    .option(
      '--syncs <count>',
      'how often each client links anew (default: 10; more for up to 2s, until there are 100 samples)',
      count(1),
    )
    .option('--writes', 'put entries into the lane, and remove them again')
    .option('--rate <writes>', 'how many writes per second, of all clients (default: as many as are taken)', count(1))
    .option('--entries <count>', 'how many entries the embedded host has', count(), 10_000)
    .action(bench)

type Words = [host: string | undefined, node: string | undefined, lane: string | undefined]

async function bench(...[hostUri, nodeUri, laneUri, options]: [...Words, Options]): Promise<void> {
  if (hostUri === undefined) return await benchEmbedded(options)
  if (nodeUri === undefined || laneUri === undefined) throw misuse('give the lane to measure: HOST NODE LANE')
  if (options.rate !== undefined && options.writes !== true) throw misuse('--rate is for writes: give --writes as well')
  await show(await measure({ hostUri, nodeUri, laneUri }, options), options)
}

async function benchEmbedded(options: Options): Promise<void> {
  // Loaded only here: the host is as large as all other code together.
  const { WarpHost } = await import('swimlink/host')
  const host = new WarpHost()
  host.node('/bench', node => {
    const lane = node.mapLane<number, object>('entries')
    for (let id = 0; id < options.entries; id++) lane.set(id, { id, floor: id % 40, occupied: id % 3 === 0 })
  })
  const { uri: hostUri } = await host.listen()
  try {
    await show(await measure({ hostUri, nodeUri: '/bench', laneUri: 'entries' }, { ...options, writes: true }), options)
  } finally {
    await host.close()
  }
}

async function show(report: Report, { format = isTerminal() ? 'table' : 'json' }: Options): Promise<void> {
  await print(format === 'json' ? [JSON.stringify(report, null, 2)] : linesOfReport(report, sizeOf(process.stdout)))
}

/** A progress bar on a terminal: how much of the time has passed, and what is being done. */
class Bar {
  readonly #bar = process.stderr.isTTY
    ? new progress.SingleBar(
        { format: '{bar} {what}', hideCursor: true, stream: process.stderr, clearOnComplete: true },
        progress.Presets.shades_classic,
      )
    : undefined

  start(total: number): void {
    this.#bar?.start(total, 0, { what: '' })
  }
  at(value: number, what: string): void {
    this.#bar?.update(value, { what })
  }
  stop(): void {
    this.#bar?.stop()
  }
}

async function measure(address: Address, options: Options): Promise<Report> {
  const looked: Looked = { connect: new Samples(), roundTrip: new Samples(), sync: new Samples() }
  const { clients, duration: durationMs } = options
  const linked: Linked[] = []
  const writers: Writer[] = []
  const bar = new Bar()
  let isOver = false
  let cleaned: Promise<void> | undefined
  const clean = (): Promise<void> => (cleaned ??= Promise.all(writers.map(each => each.clean())).then(() => {}))
  const undo = atInterrupt(() => {
    isOver = true
    bar.stop()
    return clean().catch((error: Error) => void process.stderr.write(`swimlink: ${error.message}\n`))
  })
  try {
    bar.start(100)
    const firstMs = nowMs()
    for (let turns = 0; ; turns++) {
      const share = shareDone({ turns, clients, tookMs: nowMs() - firstMs, syncs: options.syncs })
      if (share >= 1) break
      bar.at(share * 30, 'syncing')
      await end(linked.splice(0))
      const kind = options.writes === true ? 'map' : undefined
      const links = await Promise.allSettled(
        Array.from({ length: clients }, () => link(address, options, looked, kind)),
      )
      for (const each of links) if (each.status === 'fulfilled') linked.push(each.value)
      for (const each of links) if (each.status === 'rejected') throw each.reason
    }
    const { found } = linked[0]!
    const entries = entriesOf(found)
    if (options.writes === true) await prepare(address, options, linked, writers, () => isOver)
    const before = received(linked)
    const beganAt = nowMs()
    let busyAt = beganAt
    const ticks = setTicks(() => bar.at(30 + Math.min(70, ((nowMs() - beganAt) / durationMs) * 70), 'measuring'))
    try {
      if (writers.length === 0) await linked[0]!.session.reach(after(durationMs))
      else {
        await Promise.all(writers.map(each => each.oneByOne(beganAt + durationMs / 2, () => isOver)))
        const rate = (options.rate ?? Infinity) / clients
        busyAt = nowMs()
        await Promise.all(writers.map(each => each.atRate(beganAt + durationMs, rate, () => isOver)))
      }
    } finally {
      ticks()
    }
    const endedAt = nowMs()
    const seconds = (endedAt - beganAt) / 1000
    const now = received(linked)
    return {
      host: address.hostUri,
      node: address.nodeUri,
      lane: address.laneUri,
      kind: found.kind,
      entries,
      clients,
      seconds: durationMs / 1000,
      times: timesOf(looked, writers),
      perSecond: {
        updatesIn: Math.round((now.updates - before.updates) / seconds),
        bytesIn: Math.round((now.bytes - before.bytes) / seconds),
        ...(writers.length === 0
          ? {}
          : { writesOut: Math.round(sum(writers, each => each.busyWrites) / ((endedAt - busyAt) / 1000)) }),
      },
      ...(writers.length === 0 ? {} : { refused: sum(writers, each => each.refused) }),
    }
  } finally {
    bar.stop()
    try {
      await clean()
    } finally {
      // After an interruption, the signal handler ends the process with its own code.
      if (isOver) await new Promise(() => {})
      undo()
      await end(linked)
    }
  }
}

const sum = <T>(all: readonly T[], of: (each: T) => number): number => all.reduce((total, each) => total + of(each), 0)

const end = (linked: readonly Linked[]) => Promise.all(linked.map(({ session }) => session[Symbol.asyncDispose]()))

/** Updates and bytes that all links have received. */
function received(linked: readonly Linked[]): { readonly updates: number; readonly bytes: number } {
  const all = linked.map(({ session }) => session.client.inspect().counters)
  return { updates: sum(all, each => each.updates), bytes: sum(all, each => each.bytes.in) }
}

/** A writer for each link. A first write of each shows whether the lane keeps what it gets. */
async function prepare(
  ...[address, options, linked, writers, isOver]: [Address, Options, readonly Linked[], Writer[], () => boolean]
): Promise<void> {
  const prefix = `swimlink-bench-${randomBytes(4).toString('hex')}-`
  for (const [i, { session, found }] of linked.entries()) {
    if (!('map' in found)) throw new Fault('--writes is for map lanes')
    if (isOver()) return
    const isFirst = i === 0
    const wasEmpty = found.map.size === 0
    const writer = new Writer(session, found.map, `${prefix}${i}-`)
    writers.push(writer)
    await writer.write(new Samples())
    if (writer.refused > 0) throw new Fault('the lane refuses writes: give a lane that takes numbers under any key')
    if (isFirst && wasEmpty && (await holdsNothing(address, options, 'map')))
      throw new Fault('the lane keeps nothing, as a command lane; give a map lane')
  }
}

function timesOf({ connect, roundTrip, sync }: Looked, writers: readonly Writer[]): Report['times'] {
  const named = {
    connect: [connect],
    'round trip': [roundTrip],
    sync: [sync],
    write: writers.map(each => each.alone),
    'write, busy': writers.map(each => each.busy),
  }
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, all]) => {
      const summary = Samples.together(all).summary()
      return summary === undefined ? [] : [[name, summary]]
    }),
  )
}

/** Calls `tick` five times a second. Returns its undo. */
function setTicks(tick: () => void): () => void {
  let isOver = false
  const next = (): void => {
    if (isOver) return
    tick()
    void after(200, undefined, { ref: false }).then(next)
  }
  next()
  return () => (isOver = true)
}
