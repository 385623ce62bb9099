// What a schema costs for each entry, read and written, beside the reading of its frame: `node bench/schema.bench.mjs`.
// All cases take turns in one process, so that their ratio holds where the machine is busy.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import * as v from 'valibot'
import * as z from 'zod'
import * as m from 'zod/mini'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const room = mkdtempSync(join(here('../node_modules/'), '.schema-bench-'))
const contents = `
  export { formOf } from '../src/schema/schema.ts'
  export { parse, stringify } from '../src/recon/index.ts'
  export { tagged, timestamp, twoWay } from '../src/zod.ts'
`
const outfile = join(room, 'parts.mjs')
buildSync({
  stdin: { contents, resolveDir: here('.'), loader: 'ts' },
  bundle: true,
  format: 'esm',
  outfile,
  external: ['zod'],
  packages: 'external',
  logLevel: 'error',
})
const { formOf, parse, stringify, tagged, timestamp, twoWay } = await import(outfile).finally(() =>
  rmSync(room, { recursive: true }),
)

const text = '{id:7,floor:3,name:"service lift",occupied:false,since:1700000000000}'
const wire = parse(text)
const fields = of => ({ id: of.number(), floor: of.number(), name: of.string(), occupied: of.boolean() })
const plain = z.object({ ...fields(z), since: z.number() })

const schemas = {
  'zod object': plain,
  'zod looseObject (keeps unknown keys)': z.looseObject(plain.shape),
  'zod object, Date by timestamp()': z.object({ ...fields(z), since: timestamp() }),
  'zod tagged()': tagged('lift', plain),
  'zod/mini object by twoWay()': twoWay(m.object({ ...fields(m), since: m.number() })),
  'zod/mini, Date by timestamp()': twoWay(m.object({ ...fields(m), since: timestamp() })),
  'valibot object': v.object({ ...fields(v), since: v.number() }),
}
const cases = { 'parse of the text': () => parse(text), 'stringify of the value': () => stringify(wire) }
for (const [name, schema] of Object.entries(schemas)) {
  const form = formOf('valueSchema', schema)
  const given = name.includes('tagged') ? parse(`@lift${text}`) : wire
  const value = form.decode(given, 'key')
  cases[`${name}: decode`] = () => form.decode(given, 'key')
  cases[`${name}: encode`] = () => form.encode(value, 'key')
}

const calls = 20_000
const samples = Object.fromEntries(Object.keys(cases).map(name => [name, []]))
for (let round = 0; round < 15; round++) {
  for (const [name, run] of Object.entries(cases)) {
    const startedAt = process.hrtime.bigint()
    for (let i = 0; i < calls; i++) run()
    // The first rounds are the compiler's.
    if (round >= 5) samples[name].push(Number(process.hrtime.bigint() - startedAt) / calls)
  }
}
const median = list => list.sort((a, b) => a - b)[list.length >> 1]
const base = median(samples['parse of the text'])
console.log(`${'median of one'.padEnd(46)}${'ns'.padStart(8)}${'of parse'.padStart(10)}`)
for (const [name, list] of Object.entries(samples)) {
  const ns = median(list)
  console.log(`${name.padEnd(46)}${ns.toFixed(0).padStart(8)}${(ns / base).toFixed(2).padStart(10)}`)
}
