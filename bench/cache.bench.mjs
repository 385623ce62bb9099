// What keeping maps between visits costs: 100,000 entries of six fields, in Node over LevelDB and in Chromium over IndexedDB. Reading
// them is beside reading the same text from the same store and parsing it. Usage: npm run bench:cache [rounds]
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { fileCache } from '../dist/node/cache/index.js'
import { WarpHost } from '../dist/node/host/index.js'
import { SwimClient } from '../dist/node/index.js'
import { parse } from '../dist/node/recon/index.js'
import { keep } from './lib/cache-case.mjs'
import { args, browser, hasChromium } from './lib/chromium.mjs'
import { median } from './lib/median.mjs'
import { vehicle as row, vehicles as count } from './lib/vehicles.mjs'

const rounds = Number(process.argv[2] ?? 7)

let lane
const host = new WarpHost().node('/n', node => {
  lane = node.mapLane('rows')
  for (let n = 0; n < count; n++) lane.set(`vehicle${n}`, row(n, 0))
  node.mapLane('other')
})
const { uri: hostUri } = await host.listen()
host.nodeRef('/n')
let round = 0
const change = most => {
  round++
  for (let n = 0; n < most; n++) lane.set(`vehicle${n * 50}`, row(n, round))
}

async function inNode() {
  const folder = await mkdtemp(join(tmpdir(), 'swimlink-cache-'))
  try {
    return await keep({ SwimClient, makeStore: () => fileCache(folder), parse, hostUri, count, change, rounds })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What runs in the page; it sees nothing of this file. */
async function inPage({ hostUri, count, rounds }) {
  const { keep, SwimClient, indexedDbCache, parse } = await import('/bench.js')
  const tasks = []
  const observer = new PerformanceObserver(list => tasks.push(...list.getEntries()))
  observer.observe({ type: 'longtask' })
  const longest = () => {
    tasks.push(...observer.takeRecords())
    return Math.max(0, ...tasks.splice(0).map(({ duration }) => duration))
  }
  const makeStore = () => indexedDbCache()
  return keep({ SwimClient, makeStore, parse, hostUri, count, change: globalThis.change, rounds, longest })
}

async function inChromium() {
  const contents = `export { SwimClient } from './dist/browser/index.js'
    export { indexedDbCache } from './dist/browser/cache/index.js'
    export { parse } from './dist/browser/recon/index.js'
    export { keep } from './bench/lib/cache-case.mjs'`
  const resolveDir = fileURLToPath(new URL('..', import.meta.url))
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, bundle: true, format: 'esm', write: false })
  const site = createServer((request, response) => {
    const isScript = request.url === '/bench.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? outputFiles[0].contents : '<!doctype html><title>cache</title>')
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  const profile = await mkdtemp(join(tmpdir(), 'swimlink-profile-'))
  const app = await chromium.launchPersistentContext(profile, { executablePath: browser, args })
  try {
    const page = await app.newPage()
    await page.exposeFunction('change', change)
    await page.goto(`http://127.0.0.1:${site.address().port}/`)
    return await page.evaluate(inPage, { hostUri, count, rounds })
  } finally {
    await app.close()
    site.close()
    await rm(profile, { recursive: true, force: true })
  }
}

const places = { 'Node, LevelDB': inNode, ...(hasChromium ? { 'Chromium, IndexedDB': inChromium } : {}) }
console.log(`${count} entries of six fields, medians of ${rounds} rounds, milliseconds`)
for (const [name, run] of Object.entries(places)) {
  const { written, changedMs, ours, bare, open, openWithout } = await run()
  const ratio = median(ours.map((ms, i) => ms / bare[i]))
  const longest = written.longestMs === undefined ? '' : `, longest task ${written.longestMs} (0: none of 50)`
  console.log(`${name}
  readable after          ${median(ours).toFixed(0)}, ${ratio.toFixed(2)} of reading the same text and parsing it (${median(bare).toFixed(0)})
  written at first        ${written.ms.toFixed(0)} of the store's time${longest}
  1,000 changes written   ${changedMs.toFixed(0)} of the store's time
  open() with, without    ${median(open).toFixed(2)}, ${median(openWithout).toFixed(2)}`)
}
await host.close()
