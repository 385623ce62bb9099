// The frame benches in Chromium, with its own WebSocket: clients take turns in one browser, each in a page of its own.
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import { node } from './data.mjs'
import { urlOf } from './clients.mjs'

export const browser = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(browser)

const quiet = 'quic,no-first-run,background-networking,component-update,sync'
export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--js-flags=--expose-gc',
  ...quiet.split(',').map(what => (what.startsWith('no-') ? `--${what}` : `--disable-${what}`)),
]

/** What runs in the page; it sees nothing of this file. */
async function inPage({ client, one, url, node }) {
  let startMs = 0
  if (client === 'swimlink') {
    const { SwimClient } = await import('/swimlink.js')
    const host = new SwimClient({ hostUri: url, nodeUri: node })
    let told = 0
    const map = host.downlinkMap({ laneUri: 'elevators', didUpdate: () => void told++ }).open()
    const ended = new Promise(resolve => host.downlinkEvent({ laneUri: 'end', onEvent: resolve }).open())
    await map.whenSynced()
    startMs = performance.now()
    await ended
    if (told !== one.count) throw new Error(`${told} of ${one.count} updates were told`)
  } else {
    const socket = new WebSocket(url)
    await new Promise(resolve => (socket.onopen = resolve))
    const map = new Map()
    let taken = 0
    await new Promise(resolve => {
      socket.onmessage = ({ data }) => {
        if (client === 'json') {
          const { key, value } = JSON.parse(data)
          map.set(key, value)
        }
        if (++taken === one.count) resolve()
      }
      startMs = performance.now()
      socket.send('go')
    })
  }
  return ((performance.now() - startMs) * 1000) / one.count
}

/** Runs `names` in turn, as `alternate` does for Node; gives the results of each by round. */
export async function inChromium(one, names, { port, rounds, bundle }) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/swimlink.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? readFileSync(bundle) : '<!doctype html><title>bench</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const app = await chromium.launch({ executablePath: browser, args })
  const results = names.map(() => [])
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [i, client] of names.entries()) {
        const page = await app.newPage()
        await page.goto(`http://127.0.0.1:${server.address().port}/`)
        const url = urlOf(port, one, client === 'swimlink' ? 'recon' : 'json')
        const devtools = await page.context().newCDPSession(page)
        await devtools.send('Performance.enable')
        const script = async () => {
          const { metrics } = await devtools.send('Performance.getMetrics')
          return (metrics.find(({ name }) => name === 'ScriptDuration').value * 1e6) / one.count
        }
        const before = await script()
        const us = await page.evaluate(inPage, { client, one, url, node })
        results[i].push({ us, scriptUs: (await script()) - before })
        await page.close()
      }
    }
    return { results, version: app.version() }
  } finally {
    await app.close()
    server.close()
  }
}
