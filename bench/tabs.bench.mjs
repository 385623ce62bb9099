// What one socket for all tabs costs and saves (swimlink/shared), in Chromium on Linux: 100,000 entries of six fields in ten tabs, each
// with a socket of its own beside all with that of a shared worker; what a frame takes of the page's thread; and what the worker adds
// to its way. Usage: npm run bench:tabs [rounds] [-- --write]: that puts the tables into RESULTS.md.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { WarpHost } from '../dist/node/host/index.js'
import { DevTools } from './lib/devtools.mjs'
import { median } from './lib/median.mjs'
import { circumstances, table } from './lib/report.mjs'
import { writeSection } from './lib/results.mjs'
import { vehicle as row, vehicles as count } from './lib/vehicles.mjs'
import { countingProxy } from './lib/wire-count.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' }, only: { type: 'string' } },
})
const rounds = Number(positionals[0] ?? 5)
const tabs = 10
const ways = ['own', 'shared worker', 'worker']
/** Updates a second, and for how many seconds. */
const streams = [500, 2_000, 10_000]
const streamS = 3
const calls = 250

try {
  setPriority(-19)
} catch {
  // The machine does not allow it: what else runs on it is then in the latencies.
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

let lane
let ticks
const host = new WarpHost().node('/n', node => {
  lane = node.mapLane('rows')
  for (let n = 0; n < count; n++) lane.set(`vehicle${n}`, row(n, 0))
  ticks = node.mapLane('ticks')
  ways.forEach((_, i) => node.mapLane(`puts${i}`))
})
const { uri: hostUri } = await host.listen()
host.nodeRef('/n')

const at = path => fileURLToPath(new URL(path, import.meta.url))
const { outputFiles } = await build({
  entryPoints: [at('lib/tabs-page.mjs')],
  bundle: true,
  format: 'esm',
  write: false,
})
const scripts = {
  '/page.js': outputFiles[0].contents,
  '/swimlink-worker.js': readFileSync(at('../dist/swimlink-worker.min.js')),
}
const html = `<!doctype html><title>tabs</title><link rel="icon" href="data:," />
  <script type="module">import * as page from '/page.js'; globalThis.page = page</script>`
const site = createServer((request, response) => {
  const script = scripts[request.url]
  response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
  response.end(script ?? html)
})
site.listen(0, '127.0.0.1')
await once(site, 'listening')
const url = `http://127.0.0.1:${site.address().port}/`
const call = (name, ...given) => `page.${name}(...${JSON.stringify(given)})`
const open = devtools => devtools.open(url, 'page !== undefined')

/** Ten tabs: what the host sent for them, what they hold, and how long it took. */
async function inTabs(way) {
  const devtools = await DevTools.launch()
  const proxy = await countingProxy(hostUri)
  try {
    const all = []
    const took = []
    let first
    for (let i = 0; i < tabs; i++) {
      const tab = await open(devtools)
      took.push(await tab.evaluate(call('open', way, proxy.uri)))
      all.push(tab)
      first ??= proxy.sent()
    }
    const synced = proxy.sent()
    // What changes then: each of so many entries once.
    const before = proxy.sent()
    const changes = 5_000
    for (let n = 0; n < changes; n++) lane.set(`vehicle${n}`, row(n, Math.random()))
    const told = async () =>
      (await Promise.all(all.map(tab => tab.evaluate(call('frames'))))).every(n => n >= count + changes)
    while (!(await told())) await pause(100)
    const changed = proxy.sent()
    const heaps = []
    for (const tab of all) heaps.push(await tab.heap())
    const [worker] = await devtools.workerHeaps('shared_worker')
    return {
      frames: synced.frames,
      framesRatio: synced.frames / first.frames,
      bytes: synced.bytes,
      bytesRatio: synced.bytes / first.bytes,
      changes: (changed.frames - before.frames) / changes,
      heap: median(heaps),
      worker,
      firstMs: took[0],
      laterMs: median(took.slice(1)),
    }
  } finally {
    await devtools.close()
    await proxy.close()
  }
}

/** No value twice: an update that changes nothing is not told of. */
let made = 0

/** Changes of the lane, evenly over some seconds. Returns how many. */
async function stream(rate, forS) {
  const [from, before] = [performance.now(), made]
  for (let isOver = false; !isOver; await pause(1)) {
    const seconds = (performance.now() - from) / 1000
    isOver = seconds >= forS
    for (const due = before + Math.min(seconds, forS) * rate; made < due; made++)
      lane.set(`vehicle${(made * 7) % count}`, row(made, made))
  }
  return made - before
}

/** What a frame takes of the processor, in microseconds: of the page's thread, of the worker's, and of all of Chromium. */
async function perFrame(devtools, take, way, rate) {
  const tab = await open(devtools)
  try {
    await tab.evaluate(call(take, way, hostUri))
    const frames = () => tab.evaluate(call('frames'))
    const come = async wanted => {
      for (let i = 0; (await frames()) !== wanted; i++) {
        if (i > 500) throw new Error(`${way}: ${await frames()} of ${wanted} frames came`)
        await pause(20)
      }
      return wanted
    }
    const held = await come(take === 'open' ? count : 0)
    const from = await come(held + (await stream(rate, 0.5)))
    await pause(300)
    const before = devtools.threads()
    const sent = await stream(rate, streamS)
    await come(from + sent)
    await pause(100)
    const us = new Map(before.map(({ pid, tid, us }) => [`${pid} ${tid}`, us]))
    const spent = devtools
      .threads()
      .map(thread => ({ ...thread, us: (thread.us - (us.get(`${thread.pid} ${thread.tid}`) ?? 0)) / made }))
    const of = wanted => spent.filter(wanted).reduce((sum, { us }) => sum + us, 0)
    // The other pages are idle.
    const page = Math.max(...spent.filter(({ isPage }) => isPage).map(({ us }) => us))
    return { page, worker: of(({ name }) => /Worker/.test(name) && !/Pool/.test(name)), all: of(() => true) }
  } finally {
    await tab.close()
    // The shared worker is gone a moment after its last page.
    await pause(1500)
  }
}

const names = { own: 'own socket', 'shared worker': 'shared worker', worker: 'worker of the page' }
const lines = []
const say = (...texts) => {
  lines.push(...texts)
  console.log(texts.join('\n'))
}
const number = (value, digits) =>
  value === undefined
    ? '-'
    : value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
const wants = part => options.only === undefined || options.only === part
let version = ''

/** Medians of what was told in each round, by name. */
const medians = told =>
  Object.fromEntries(Object.keys(told[0]).map(name => [name, median(told.map(each => each[name]))]))

async function memory() {
  const told = { own: [], 'shared worker': [] }
  for (let round = 0; round < Math.ceil(rounds / 2); round++)
    for (const way of Object.keys(told)) told[way].push(await inTabs(way))
  const [own, shared] = Object.values(told).map(medians)
  const mb = value => (!(value >= 0) ? '-' : `${number(value / 1e6, 1)} MB`)
  const of = (title, show, ratio, bound = '') => [title, show(own), show(shared), ratio, bound]
  say(
    table(
      ['ten tabs, 100,000 entries in each', 'own sockets', 'shared worker', 'ratio', 'bound'],
      [
        of(
          'frames the host sent until all are synced',
          ({ frames }) => number(frames, 0),
          number(shared.frames / own.frames, 2),
        ),
        of('beside those for one tab', ({ framesRatio }) => number(framesRatio, 2), '', '1 for the shared worker'),
        of('bytes it sent', ({ bytes }) => mb(bytes), number(shared.bytes / own.bytes, 2)),
        of('beside those for one tab', ({ bytesRatio }) => number(bytesRatio, 2), '', '1 for the shared worker'),
        of(
          'frames for a change of an entry',
          ({ changes }) => number(changes, 2),
          number(shared.changes / own.changes, 2),
        ),
        of('heap of a tab', ({ heap }) => mb(heap), number(shared.heap / own.heap, 2), '≤ 1.3'),
        of('heap of the worker', ({ worker }) => mb(worker), ''),
        of(
          'heaps of ten tabs and the worker',
          ({ heap, worker }) => mb(tabs * heap + (worker || 0)),
          number((10 * shared.heap + shared.worker) / (10 * own.heap), 2),
        ),
        of(
          'first tab synced after',
          ({ firstMs }) => `${number(firstMs, 0)} ms`,
          number(shared.firstMs / own.firstMs, 2),
        ),
        of('a later tab', ({ laterMs }) => `${number(laterMs, 0)} ms`, number(shared.laterMs / own.laterMs, 2)),
      ],
    ),
    '',
  )
}

async function frameTimes() {
  const body = []
  for (const take of ['listen']) {
    for (const rate of streams) {
      const told = Object.fromEntries(ways.map(way => [way, []]))
      for (let round = 0; round < rounds; round++) {
        const devtools = await DevTools.launch()
        try {
          for (const way of round % 2 ? ways.toReversed() : ways)
            told[way].push(await perFrame(devtools, take, way, rate))
        } finally {
          await devtools.close()
        }
      }
      for (const way of ways) {
        const ratio = name => median(told[way].map((each, i) => each[name] / told.own[i][name]))
        const { page, worker, all } = medians(told[way])
        body.push([
          `${take === 'listen' ? 'socket alone' : 'with a client'}, ${number(rate, 0)} a second: ${names[way]}`,
          number(page, 1),
          number(ratio('page'), 2),
          way === 'own' ? '-' : number(worker, 1),
          number(all, 1),
          number(ratio('all'), 2),
        ])
        console.log(body.at(-1).join('  '))
      }
    }
  }
  const heads = [
    'processor time of a frame, µs',
    'the page’s thread',
    'ratio',
    'the worker’s',
    'all of Chromium',
    'ratio',
  ]
  say(table(heads, body), '')
}

async function latencies() {
  const body = []
  for (const name of ['roundTrips', 'lateness']) {
    const rows = ways.map(() => [])
    for (let round = 0; round < Math.ceil(rounds / 2); round++) {
      const devtools = await DevTools.launch()
      version = devtools.version
      let n = 0
      let isOver = false
      const ticking = (async () => {
        for (; !isOver; await pause(15 + Math.random() * 10)) ticks.set('tick', n++)
      })()
      try {
        const tab = await open(devtools)
        const told = await tab.evaluate(call(name, ways, hostUri, calls))
        told.forEach((took, i) => rows[i].push(...took))
      } finally {
        isOver = true
        await ticking
        await devtools.close()
      }
    }
    const title =
      name === 'roundTrips' ? 'from a put to its echo' : 'a change of the host’s, later than by an own socket'
    const quarter = (all, part) => [...all].sort((a, b) => a - b)[Math.floor(all.length * part)]
    ways.forEach((way, i) =>
      body.push([
        `${title}: ${names[way]}`,
        number(median(rows[i]), 2),
        number(median(rows[i]) - median(rows[0]), 2),
        number(quarter(rows[i], 0.95), 2),
      ]),
    )
  }
  say(table(['latency, ms', 'median', 'added', '95 of 100'], body), '')
}

function write() {
  const date = new Date().toISOString().slice(0, 10)
  const about = `Written by \`npm run bench:tabs\`: \`swimlink/shared\` in Chromium, ten tabs and a lane of 100,000 entries of six fields, beside tabs that
each have a socket of their own. Processor times are those of single threads, so that waiting for a core is not in them; all ways take
turns in one run.`
  const where = `Measured ${date}, the frames by medians of ${rounds} rounds, the rest in ${Math.ceil(rounds / 2)}: ${circumstances(version).join(', ')}.`
  writeSection('One socket for all tabs', `${about}\n\n${where}\n\n${lines.join('\n')}`)
}

try {
  if (wants('memory')) await memory()
  if (wants('frames')) await frameTimes()
  if (wants('latency')) await latencies()
  if (options.write) write()
} finally {
  site.close()
  await host.close()
}
