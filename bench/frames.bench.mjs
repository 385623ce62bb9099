// The client beside a bare `ws` with JSON.parse and Map.set, and beside @swim/client where that has been installed
// (npm --prefix bench/rival-client install).
//   node bench/frames.bench.mjs [case …] [--rounds 7] [--write] [--check] [--record] [--against <built index.js>]
// --write puts the table into RESULTS.md; --check fails where a ratio is worse than baseline.json by more than its margin;
// --record writes baseline.json; --against lets another build of swimlink take turns too.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { cases } from './cases.mjs'
import { hasChromium, inChromium } from './lib/chromium.mjs'
import { circumstances, heads, holds, rows, table } from './lib/report.mjs'
import { writeFrames } from './lib/results.mjs'
import { alternate, compared, hasRival, here, startServer } from './lib/run.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    write: { type: 'boolean' },
    check: { type: 'boolean' },
    record: { type: 'boolean' },
    against: { type: 'string' },
  },
})

/**
 * How much worse than recorded a ratio may be: few rounds on a busy machine wander (a thousand lanes, which live in its caches, from
 * 1.2 to 1.8). Memory does not.
 */
const margins = { time: 1, bytes: 0.15 }
/** @swim/client takes some fifty times as long for a frame; it gets fewer. */
const rivalPart = 20

const others = options.against ? [`swimlink=${pathToFileURL(resolve(options.against)).href}`] : []
const names =
  positionals.length > 0 ? positionals : Object.keys(cases).filter(name => !options.check || cases[name].isChecked)
const server = await startServer()
const { port } = server
let chromium

async function measure(name) {
  const { one, module, clients, fresh, turn } = cases[name]
  const asked = Number(options.rounds ?? (options.check ? 3 : (cases[name].rounds ?? 7)))
  // A round of a million entries is half a minute.
  const rounds = name === 'million' ? Math.ceil(asked / 3) : asked
  const forRival = module === undefined ? { ...one, count: one.count / rivalPart } : one
  await server.prepare([one, forRival])
  if (name === 'chromium') {
    if (!hasChromium) return {}
    const bundle = here('../dist/swimlink.min.js')
    const { results, version } = await inChromium(one, clients, { port, rounds: Math.min(rounds, 3), bundle })
    chromium = version
    return compared(clients, results)
  }
  const taking = clients.filter(client => client !== 'rival' || (hasRival && !options.check))
  const memory = cases[name].figures.some(({ figure }) => figure === 'bytes') && module === undefined
  return alternate(one, [...taking, ...others], {
    port,
    rounds,
    turn: { memory, ...turn },
    forClient: { rival: forRival },
    options: { module, fresh },
  })
}

/** What is worse than recorded by more than its margin, and out of its bounds. */
function worse(name, results) {
  return cases[name].figures.flatMap(({ figure, title, most }) => {
    const cell = results.swimlink?.[figure]
    const recorded = baseline[name]?.[figure]
    if (cell === undefined || recorded === undefined) return []
    const margin = figure === 'bytes' ? margins.bytes : margins.time
    const { cpuUs } = results.swimlink
    const is = most !== undefined ? cell.value : figure === 'us' ? Math.min(cell.ratio, cpuUs.ratio) : cell.ratio
    if (is <= recorded * (1 + margin) || holds({ most }, cell) === true) return []
    return [`${name}, ${title}: ${is.toFixed(2)} is worse than ${recorded} by more than ${margin * 100} %`]
  })
}

const baseline = JSON.parse(readFileSync(here('baseline.json'), 'utf8'))
const groups = new Map()
const all = {}
try {
  for (const name of names) {
    const results = (all[name] = await measure(name))
    for (const cells of rows(cases[name], results)) {
      console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(64) : cell.padStart(14))).join(' '))
      const { group } = cases[name]
      groups.set(group, [...(groups.get(group) ?? []), cells])
    }
    for (const other of others) {
      for (const { figure, title } of cases[name].figures) {
        const [now, then] = [results.swimlink[figure], results[other][figure]]
        console.log(
          `  ${title}, before: ${then?.value.toPrecision(3)} (${then?.ratio.toFixed(2)}), now ${now?.ratio.toFixed(2)}`,
        )
      }
    }
    if (!options.check || worse(name, results).length === 0) continue
    // Measured once more: a machine that was busy with something else for a moment proves nothing.
    for (const text of worse(name, await measure(name))) {
      console.error(text)
      process.exitCode = 1
    }
  }
} finally {
  server.stop()
}

if (options.record) {
  for (const [name, { swimlink }] of Object.entries(all)) {
    if (!cases[name].isChecked) continue
    baseline[name] = {}
    for (const { figure, most } of cases[name].figures) {
      const { value, ratio } = swimlink[figure]
      if (most !== undefined || Number.isFinite(ratio))
        baseline[name][figure] = Number((most ? value : ratio).toFixed(2))
    }
  }
  writeFileSync(here('baseline.json'), JSON.stringify(baseline, undefined, 2) + '\n')
}

/** How much more an update costs among a million entries than among a thousand. */
function curve() {
  const sizes = { thousand: '1,000', tenThousand: '10,000', hundredThousand: '100,000', million: '1,000,000' }
  if (Object.keys(sizes).some(name => all[name] === undefined)) return ''
  const of = client => Object.keys(sizes).map(name => all[name][client].updateUs.value)
  const body = ['json', 'swimlink'].map(client => {
    const costs = of(client)
    return [
      client === 'json' ? 'bare ws + JSON' : client,
      ...costs.map(cost => `${cost.toFixed(2)} µs`),
      (Math.max(...costs) / costs[0]).toFixed(2),
    ]
  })
  return table(['processor time of an update, by entries', ...Object.values(sizes), 'most / least entries'], body)
}

if (options.write) {
  const text = readFileSync(here('lib/RESULTS.head.md'), 'utf8')
  const titles = { frames: 'Frames', scale: 'Scale', writes: 'Local writes', clients: 'Downlinks and start-up' }
  const parts = [...groups].map(([group, body]) => `## ${titles[group]}\n\n${table(heads, body)}\n`)
  if (curve() !== '') parts.splice(2, 0, `${curve()}\n`)
  const date = new Date().toISOString().slice(0, 10)
  const where = `Measured ${date}: ${circumstances(chromium).join(', ')}.\n`
  writeFrames(`${text}\n${where}\n${parts.join('\n')}`)
}
