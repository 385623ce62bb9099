// A flood of frames, in Chromium: a page that takes in 200,000 entries goes on drawing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DevTools } from './support/devtools.js'
import { LaneHost } from './support/lane-host.js'
import { pageOf, serve, type Site } from './support/site.js'

const count = 200_000

/** What a page found. */
interface Outcome {
  readonly size: number
  readonly heard: number
  /** From the first frame asked for to the end of the sync. */
  readonly tookMs: number
  /** Frames drawn meanwhile. */
  readonly drawn: number
  /** Durations of the tasks of more than 50 ms, in milliseconds. */
  readonly long: readonly number[]
}

/** A page that watches itself while \`take\` takes the lane in. */
const watching = (take: string): string => `
  const given = new URLSearchParams(location.search)
  const hostUri = given.get('host')
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
  let size = 0
  let heard = 0
  ${take}
  const tookMs = performance.now() - from
  await new Promise(ended => setTimeout(ended, 500))
  long.push(...observer.takeRecords())
  globalThis.outcome = { size, heard, tookMs, drawn, long: long.map(({ duration }) => duration) }`

let chromium: DevTools
let site: Site
let host: LaneHost

beforeAll(async () => {
  chromium = await DevTools.launch()
  host = await LaneHost.listen()
  for (let n = 0; n < count; n++) {
    host.rows.set(`vehicle${n}`, { id: n, lat: 52 + n / count, lng: 13, moving: n % 2 === 0 })
  }
  site = await serve({
    '/linked.html': pageOf('/linked.js'),
    '/linked.js': `import { SwimClient } from '/repo/dist/swimlink.min.js'
      ${watching(`
        const map = new SwimClient({ hostUri, nodeUri: '/n' }).downlinkMap({ laneUri: 'rows' }).open()
        if (given.has('listens')) map.subscribe(changes => (heard += changes.length))
        await map.whenSynced({ timeoutMs: 60_000 })
        size = map.size`)}`,
    // The browser alone: the same frames, kept as they come.
    '/bare.html': pageOf('/bare.js'),
    '/bare.js': watching(`
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
      size = frames.length`),
  })
}, 120_000)

afterAll(async () => {
  await chromium?.close()
  await site?.close()
  await host?.close()
})

async function run(page: string): Promise<Outcome> {
  const tab = await chromium.open(`${site.origin}/${page}host=${encodeURIComponent(host.uri)}`)
  await expect.poll(() => tab.evaluate(`'outcome' in globalThis`), { timeout: 60_000, interval: 500 }).toBe(true)
  const outcome = (await tab.evaluate('outcome')) as Outcome
  await tab.close()
  return outcome
}

describe('a page that syncs 200,000 entries', () => {
  it.each([
    ['and reads them', 'linked.html?', 0],
    ['and hears of each', 'linked.html?listens&', count],
  ])('has no task of more than 50 ms: %s', { timeout: 240_000 }, async (_, page, heard) => {
    // A task is as long as the clock says, and other programs take their share of it: one run without will do, and a run
    // with some counts against us only where the browser alone had none, both before it and after.
    const told: (readonly number[])[] = []
    let bare = await run('bare.html?')
    let quiet = 0
    for (let tries = 0; tries < 3; tries++) {
      const outcome = await run(page)
      expect(outcome).toMatchObject({ size: count, heard })
      // It drew all along: 8 ms of each turn are for frames, and the rest is the page's.
      expect(outcome.drawn).toBeGreaterThan(outcome.tookMs / 100)
      if (outcome.long.length === 0) return
      const before = bare
      bare = await run('bare.html?')
      if (before.long.length === 0 && bare.long.length === 0) quiet++
      told.push(outcome.long)
    }
    console.warn(`tasks of more than 50 ms: ${JSON.stringify(told)}; the machine was quiet ${quiet} times of 3`)
    expect(quiet, JSON.stringify(told)).toBeLessThan(3)
  })
})
