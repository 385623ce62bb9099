// How a page goes on drawing while it takes in a flood: 200,000 entries in one sync, in Chromium, read alone or heard of one by one,
// beside a bare WebSocket that keeps the same frames. Usage: node bench/flood.bench.mjs [rounds], after npm run build
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { chromium } from 'playwright-core'
import { WarpHost } from '../dist/node/host/index.js'
import { args, browser } from './lib/chromium.mjs'
import { median } from './lib/median.mjs'

const rounds = Number(process.argv[2] ?? 5)
const count = 200_000

/** What runs in the page; it sees nothing of this file. */
async function inPage({ hostUri, take }) {
  const long = []
  const observer = new PerformanceObserver(list => long.push(...list.getEntries()))
  observer.observe({ type: 'longtask' })
  // The page's own beginnings are not in question.
  await new Promise(begun => setTimeout(begun, 500))
  observer.takeRecords()
  long.length = 0
  let drawn = 0
  const draw = () => (drawn++, requestAnimationFrame(draw))
  requestAnimationFrame(draw)
  const from = performance.now()
  if (take === 'bare') {
    const socket = new WebSocket(hostUri.replace('warp', 'ws'))
    const frames = []
    socket.onopen = () => socket.send('@sync(node:"/n",lane:rows)')
    await new Promise(done => {
      socket.onmessage = ({ data }) => {
        frames.push(data)
        if (data.startsWith('@synced')) done()
      }
    })
    socket.close()
  } else {
    const { SwimClient } = await import('/swimlink.js')
    const map = new SwimClient({ hostUri, nodeUri: '/n' }).downlinkMap({ laneUri: 'rows' }).open()
    let heard = 0
    if (take === 'heard of') map.subscribe(changes => (heard += changes.length))
    await map.whenSynced({ timeoutMs: 60_000 })
  }
  const tookMs = performance.now() - from
  await new Promise(ended => setTimeout(ended, 500))
  long.push(...observer.takeRecords())
  return { tookMs, drawn, longestMs: Math.max(0, ...long.map(({ duration }) => duration)), long: long.length }
}

const host = new WarpHost().node('/n', node => {
  const rows = node.mapLane('rows')
  for (let n = 0; n < count; n++) rows.set(`vehicle${n}`, { id: n, lat: 52 + n / count, lng: 13, moving: n % 2 === 0 })
})
const { uri: hostUri } = await host.listen()
const site = createServer((request, response) => {
  const isScript = request.url === '/swimlink.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
  response.end(isScript ? readFileSync('dist/swimlink.min.js') : '<!doctype html><title>flood</title>')
})
site.listen(0, '127.0.0.1')
await once(site, 'listening')
const app = await chromium.launch({ executablePath: browser, args })
const takes = { bare: [], read: [], 'heard of': [] }
for (let round = 0; round < rounds; round++) {
  for (const take of Object.keys(takes)) {
    const page = await app.newPage()
    await page.goto(`http://127.0.0.1:${site.address().port}/`)
    takes[take].push(await page.evaluate(inPage, { hostUri, take }))
    await page.close()
  }
}
console.log(`${count} entries in one sync, medians of ${rounds} rounds`)
for (const [take, told] of Object.entries(takes)) {
  const of = name => median(told.map(each => each[name]))
  console.log(
    `${take.padEnd(9)} ${(of('tookMs') / 1000).toFixed(1)} s, ${((of('drawn') * 1000) / of('tookMs')).toFixed(0)} frames drawn a second, ` +
      `longest task ${of('longestMs')} ms (0: none of 50 ms), tasks of 50 ms and more by round: ${told.map(({ long }) => long).join(' ')}`,
  )
}
await app.close()
site.close()
await host.close()
