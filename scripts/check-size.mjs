// What users load, in bytes: each entry minified and packed with gzip -9, what it imports of ours included. Fails where one has
// outgrown its limit. A limit is what was reached, and goes up for what is worth it alone; the goal beside it is where it has to go.
//
// The README says the same figures, one row of a table each, the first cell naming what is loaded:
//   | `swimlink` | … | 25,345 bytes |
// and a test (test/dist/size.test.ts) fails when one is more than 1 % away from what is measured here.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const dist = new URL('../dist/', import.meta.url)

/** What is measured: the file in dist, what a page has already where it is of use beside that alone, the most it may have, and what it is to have. */
const entries = {
  swimlink: { file: 'browser/index.js', limit: 41_400, goal: 10_000 },
  'swimlink/standalone': { file: 'swimlink.min.js', limit: 41_300, goal: 12_000 },
  'swimlink/recon': { file: 'browser/recon/index.js', limit: 7_800, goal: 3_000 },
  'swimlink/view': { file: 'browser/view/index.js', beside: 'browser/index.js', limit: 7_200, goal: 5_000 },
  'swimlink/react': { file: 'browser/react.js', limit: 850, goal: 700 },
  'swimlink/vue': { file: 'browser/vue.js', limit: 850, goal: 700 },
  'swimlink/svelte': { file: 'browser/svelte.js', limit: 850, goal: 700 },
  'swimlink/solid': { file: 'browser/solid.js', limit: 850, goal: 700 },
  'swimlink/tanstack-db': { file: 'browser/tanstack-db.js', beside: 'browser/index.js', limit: 1_000, goal: 1_000 },
  'swimlink/cache': { file: 'browser/cache/index.js', beside: 'browser/index.js', limit: 7_200, goal: 4_000 },
  'swimlink/shared': { file: 'browser/shared/index.js', beside: 'browser/index.js', limit: 2_500, goal: 2_000 },
  'swimlink/shared-worker': { file: 'swimlink-worker.min.js', limit: 34_100, goal: 25_000 },
  'swimlink/inspect': { file: 'browser/inspect/index.js', beside: 'browser/index.js', limit: 3_220, goal: 3_000 },
  'swimlink/inspector': { file: 'browser/inspector/index.js', beside: 'browser/index.js', limit: 9_500, goal: 9_000 },
  'swimlink/list': { file: 'browser/list.js', beside: 'browser/index.js', limit: 4_400, goal: 4_000 },
  'swimlink/meta': { file: 'browser/meta.js', beside: 'browser/index.js', limit: 350, goal: 600 },
}

/** How a user's bundler takes an entry in, its packages left out. */
export const asUsersDo = {
  bundle: true,
  packages: 'external',
  format: 'esm',
  target: 'es2022',
  minify: true,
  write: false,
  logLevel: 'silent',
}

async function measure(...files) {
  const contents = files.map(file => `export * from ${JSON.stringify(fileURLToPath(new URL(file, dist)))}`).join('\n')
  const { outputFiles } = await build({ stdin: { contents, resolveDir: fileURLToPath(dist) }, ...asUsersDo })
  const minified = outputFiles[0].contents
  return { minified: minified.length, gzipped: gzipSync(minified, { level: 9 }).length }
}

/** What a file adds to another that is there. */
async function added(file, beside) {
  const [both, one] = await Promise.all([measure(beside, file), measure(beside)])
  return { minified: both.minified - one.minified, gzipped: both.gzipped - one.gzipped }
}

/** The sizes of all entries by name, in bytes; the bundles must be built. */
export async function sizes() {
  const measured = await Promise.all(
    Object.entries(entries).map(async ([name, entry]) => {
      const { file, beside } = entry
      return [name, { ...entry, ...(await (beside === undefined ? measure(file) : added(file, beside))) }]
    }),
  )
  return Object.fromEntries(measured)
}

/** The sizes that a README says, by name, in bytes. */
export function statedSizes(readme) {
  const rows = readme.matchAll(/^\|\s*`(swimlink[^`]*)`\s*\|.*?([\d,]+) bytes\s*\|/gm)
  return Object.fromEntries(Array.from(rows, ([, name, bytes]) => [name, Number(bytes.replaceAll(',', ''))]))
}

/** How much each source file adds to the core, in bytes before gzip, the largest first. */
async function modules() {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    ...asUsersDo,
    metafile: true,
  })
  const [{ inputs }] = Object.values(metafile.outputs)
  return Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--modules')) {
    for (const [file, { bytesInOutput }] of await modules()) console.log(String(bytesInOutput).padStart(7), file)
  }
  console.log('bytes, min+gzip     size   limit    goal    (minified)')
  let isOver = false
  for (const [name, { gzipped, minified, limit, goal }] of Object.entries(await sizes())) {
    const cells = [gzipped, limit, goal].map(bytes => String(bytes).padStart(8)).join('')
    console.log(name.padEnd(20) + cells + `    (${minified})${gzipped > limit ? '  over its limit' : ''}`)
    isOver ||= gzipped > limit
  }
  if (isOver) {
    console.error('An entry has outgrown its limit: make it smaller. See --modules for what the core is made of.')
    process.exitCode = 1
  }
}
