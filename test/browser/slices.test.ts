// A flood of frames, in Chromium: the page's bundle takes them in by slices, with a turn between any two of them. Turns are counted
// here; how long tasks are is for bench/flood.bench.mjs to say.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launch, openPage } from './support/chromium.js'
import { LaneHost } from './support/lane-host.js'
import { pageOf, serve, type Site } from './support/site.js'

const count = 20_000
/** What every look at the time adds to it: three looks end a slice of 8 ms, one of which begins it. */
const lookMs = 4
/** Looks are taken at every sixteenth frame. */
const mostFramesPerSlice = 3 * 16

let browser: Browser
let site: Site
let host: LaneHost

beforeAll(async () => {
  browser = await launch()
  host = await LaneHost.listen()
  for (let n = 0; n < count; n++) host.rows.set(`vehicle${n}`, n)
  site = await serve({
    '/page.html': pageOf('/page.js'),
    '/page.js': `
      let now = 0
      performance.now = () => (now += ${lookMs})
      let turns = 0
      const post = MessagePort.prototype.postMessage
      MessagePort.prototype.postMessage = function (...given) {
        turns++
        return post.apply(this, given)
      }
      const { SwimClient } = await import('/repo/dist/swimlink.min.js')
      const hostUri = new URLSearchParams(location.search).get('host')
      // A clock that runs away is no reason to give up.
      const client = new SwimClient({ hostUri, nodeUri: '/n', heartbeatMs: 1e8, requestTimeoutMs: 1e8 })
      const map = client.downlinkMap({ laneUri: 'rows' }).open()
      let heard = 0
      map.subscribe(changes => (heard += changes.length))
      await map.whenSynced({ timeoutMs: 1e8 })
      while (heard < ${count}) await new Promise(soon => setTimeout(soon, 10))
      globalThis.outcome = { size: map.size, heard, turns }`,
  })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await site?.close()
  await host?.close()
})

it('a page that syncs 20,000 entries takes a turn after each slice of them', async () => {
  const { page, faults } = await openPage(browser, `${site.origin}/page.html?host=${encodeURIComponent(host.uri)}`)
  await page.waitForFunction(() => 'outcome' in globalThis, undefined, { timeout: 30_000 })
  const outcome = await page.evaluate(() => (globalThis as unknown as { outcome: Record<string, number> }).outcome)
  expect(faults).toEqual([])
  expect(outcome).toMatchObject({ size: count, heard: count })
  expect(outcome['turns']).toBeGreaterThan(count / mostFramesPerSlice)
  await page.context().close()
})
