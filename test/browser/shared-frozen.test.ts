// A tab that the browser freezes, as it does with hidden ones to save memory, while the worker goes on hearing of changes.
// @module-tag full
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CountedHost } from './support/counted-host.js'
import { DevTools, type Tab } from './support/devtools.js'
import { sharedPages, sharedUrl } from './support/shared-page.js'
import { serve, type Site } from './support/site.js'

let site: Site
let host: CountedHost
let chromium: DevTools
let frozen: Tab
let shown: Tab

beforeAll(async () => {
  site = await serve(sharedPages())
})

beforeEach(async () => {
  host = await CountedHost.listen()
  chromium = await DevTools.launch()
  const url = sharedUrl(site.origin, host.uri)
  frozen = await chromium.open(url)
  await until(frozen, `'entries' in globalThis && map.synced`)
  shown = await chromium.open(url)
  await until(shown, `'entries' in globalThis && map.synced`)
  await until(frozen, 'document.hidden')
})

afterEach(async () => {
  await chromium.close()
  await host.close()
})

afterAll(() => site?.close())

const until = (tab: Tab, expression: string) =>
  expect.poll(() => tab.evaluate(expression).catch(String), { timeout: 20_000 }).toBe(true)

const rows = 1000
const letters = 'x'.repeat(100)

/** Changes all rows in so many rounds; the tab that is shown has heard of each change before the next round. */
async function change(from: number, to: number): Promise<void> {
  for (let round = from; round < to; round++) {
    for (let n = 0; n < rows; n++) host.rows.set(`k${n}`, `${round} ${letters}`)
    await until(shown, `map.get('k${rows - 1}') === '${round} ${letters}'`)
  }
}

const framesIn = async (tab: Tab) => Number(await tab.evaluate('framesIn()'))

describe('a tab that is frozen', () => {
  it('while 50,000 changes come is told what became of each entry, and costs the worker no more than that', async () => {
    const [before, beforeShown] = [await framesIn(frozen), await framesIn(shown)]
    await frozen.freeze()
    await change(0, 10)
    const worker = await chromium.attach('shared_worker')
    const heldBytes = await worker.heapBytes()
    await change(10, 50)
    const frame = `@event(node:"/n",lane:rows)@update(key:k0)"0 ${letters}"`
    // The other tab was told all of it: nothing was folded on the way to the worker.
    expect((await framesIn(shown)) - beforeShown).toBe(50 * rows)
    expect(await framesIn(frozen)).toBe(before)
    // Held one by one, what has come since would be more than twice this.
    expect((await worker.heapBytes()) - heldBytes).toBeLessThan(20 * rows * frame.length)

    host.rows.delete('k1')
    await frozen.thaw()
    await until(frozen, `map.get('k${rows - 1}') === '49 ${letters}' && !map.has('k1')`)
    await expect
      .poll(() => frozen.evaluate('JSON.stringify(entries())'))
      .toBe(JSON.stringify(Object.fromEntries(host.rows)))
    // Two batches were on their way and 512 KiB waited in order, with a frame each that went beyond; then each entry came once.
    const most = (2 * 2 ** 17 + 2 ** 19) / frame.length + 3 + rows
    expect((await framesIn(frozen)) - before).toBeLessThanOrEqual(most)
    expect(await frozen.evaluate('[lost, log]')).toEqual([0, []])
    expect(await frozen.evaluate(`map.put('mine', 1)`)).toBe('taken')
    expect(host.load).toEqual({ sockets: 1, links: 1 })
    expect(host.opened).toBe(1)
  })
})
