// Recon beside JSON on the same data: `npm run bench:recon`. With --check it fails where a limit is passed.
// Install @swim/recon for a third column: `npm --prefix bench/rival install`.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { cases } from './recon-cases.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const room = mkdtempSync(join(tmpdir(), 'recon-bench-'))
const bundle = join(room, 'recon.mjs')
const check = process.argv.includes('--check')
const only = process.argv.slice(2).find(argument => !argument.startsWith('--'))

function run(name) {
  const out = execFileSync(process.execPath, ['--expose-gc', here('recon-case.mjs'), bundle, name], {
    encoding: 'utf8',
  })
  return JSON.parse(out.trim().split('\n').at(-1))
}

const shown = ns => (ns === undefined ? '-' : ns < 1e4 ? `${ns.toFixed(0)} ns` : `${(ns / 1e3).toFixed(0)} µs`)
const row = (...cells) =>
  console.log(cells.map((cell, i) => (i ? String(cell).padStart(11) : cell.padEnd(38))).join(''))

try {
  // As it is released.
  const build = await rollup({ input: here('../src/recon/index.ts'), plugins: [esbuild({ target: 'es2022' })] })
  await build.write({ file: bundle, format: 'es' })
  row('median per sample', 'JSON', 'swimlink', 'ratio', 'limit', '@swim/recon', 'ratio')
  for (const [name, { limit }] of Object.entries(cases)) {
    if (only && !name.includes(only)) continue
    const { json, recon, rival } = run(name)
    const ratio = recon / json
    row(name, shown(json), shown(recon), ratio.toFixed(2), limit, shown(rival), rival ? (rival / json).toFixed(1) : '-')
    if (check && ratio > limit) process.exitCode = 1
  }
  if (!only || 'memory'.includes(only)) {
    const { json, recon } = run('memory')
    row('heap per stored record', `${json.toFixed(0)} B`, `${recon.toFixed(0)} B`, (recon / json).toFixed(2), 1.05)
    if (check && recon / json > 1.05) process.exitCode = 1
  }
} finally {
  rmSync(room, { recursive: true })
}
