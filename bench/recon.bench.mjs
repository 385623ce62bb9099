// Recon beside JSON on the same records, in the same process: `npm run bench:recon -- [WORDS] [--rounds 3] [--way released …] [--write]`.
// WORDS pick the cases whose names have them. Each case is run as released, minified, and in Chromium, in a process of its own each
// round. --write puts the section "Recon" into RESULTS.md.
// --check runs the released bundle alone, and fails where a limit is passed; a case must pass it in most of three runs, as any one may
// be late by chance.
// Install @swim/recon for another column: `npm --prefix bench/rival install`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hasChromium } from './lib/chromium.mjs'
import { median } from './lib/median.mjs'
import { heads, rowOf, section } from './lib/recon-report.mjs'
import { writeSection } from './lib/results.mjs'
import { bundles, chromiumWay, inNode } from './lib/recon-ways.mjs'
import { here } from './lib/run.mjs'
import { cases } from './recon-cases.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    way: { type: 'string', multiple: true, default: ['released', 'minified', 'chromium'] },
    check: { type: 'boolean' },
    write: { type: 'boolean' },
  },
})
const rounds = options.check ? 1 : Number(options.rounds)
const all = { ...cases, memory: { title: 'heap of a record that a map keeps', bound: 1.05, limit: 1.05 } }
const names = Object.keys(all).filter(name => positionals.every(word => name.includes(word)))
const wanted = options.check ? ['released'] : options.way
if (options.write && (positionals.length > 0 || wanted.length < 3))
  throw new Error('--write goes with all cases and all ways')

const room = mkdtempSync(join(tmpdir(), 'recon-bench-'))
const hasRival = !options.check && existsSync(here('rival/node_modules'))
let chromium
try {
  const { released, minified } = await bundles(room)
  const ways = { released: inNode(released, hasRival), minified: inNode(minified) }
  if (wanted.includes('chromium') && hasChromium) {
    chromium = await chromiumWay(released)
    ways.chromium = chromium.run
  }
  const used = Object.keys(ways).filter(way => wanted.includes(way))
  const results = Object.fromEntries(names.map(name => [name, {}]))
  const run = async (name, way) => (results[name][way] ??= []).push(await ways[way](name))

  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      for (const way of used) {
        // Chromium does not tell of the heap by itself.
        if (name === 'memory' && way === 'chromium') continue
        await run(name, way)
      }
      if (rounds > 1 || options.check) continue
      console.log(rowOf(name, all[name], results[name]).join('  '))
    }
  }

  if (options.check) {
    const ratio = name => median(results[name].released.map(({ recon }) => recon.ratio))
    const isOver = name => ratio(name) > all[name].limit
    for (const name of names.filter(isOver)) for (let i = 0; i < 2; i++) await run(name, 'released')
    for (const name of names) console.log(`${name}: ${ratio(name).toFixed(2)}, limit ${all[name].limit}`)
    const over = names.filter(isOver)
    if (over.length > 0) {
      console.error(`Slower than its limit, in most of three runs: ${over.join('; ')}`)
      process.exitCode = 1
    }
  } else {
    const rows = names.map(name => rowOf(name, all[name], results[name]))
    console.log([heads, ...rows].map(cells => cells.join(' | ')).join('\n'))
  }
  if (options.write) writeSection('Recon', section(all, results, { rounds, chromium: chromium?.version }))
} finally {
  chromium?.close()
  rmSync(room, { recursive: true })
}
