// A page that is left: it sends what it can, and asks before where it was told to and has something unsaved. In Chromium.
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { MapDownlink, SwimClient } from '../../src/index.js'
import { linkedUrl } from './support/linked-page.js'
import { withLinked, type WithLinked } from './support/with-linked.js'

declare const map: MapDownlink<string, unknown>
declare const client: SwimClient

let browser: WithLinked['browser']
let site: WithLinked['site']
let host: WithLinked['host']
let openLinked: WithLinked['open']

withLinked({}, given => ({ browser, site, host, open: openLinked } = given))

async function open(options: object = {}): Promise<Page> {
  const { page } = await openLinked(options)
  await page.waitForFunction(() => map.synced)
  return page
}

describe('a page that is left', () => {
  it('sends what it has written and what waits for room in its socket', async () => {
    const page = await open({ maxBufferedBytes: 1 })
    const waited = await page.evaluate(elsewhere => {
      for (let n = 0; n < 200; n++) map.set(`k${n}`, 'x'.repeat(200))
      const states = [...map.pending.values()].map(({ state }) => state)
      location.href = elsewhere
      return states.filter(state => state === 'waiting').length
    }, `${site.origin}/elsewhere.html`)
    // The test says something only where most had to wait. Together they are less than the 128 KiB that Chromium takes from a page;
    // how much of that a busy browser still sends, once the page is gone, is its own affair.
    expect(waited).toBeGreaterThan(100)
    await page.waitForURL(/elsewhere/)
    await expect.poll(() => host.rows.size).toBeGreaterThan(200 - waited)
  })

  it('sends as much where it closes its client as it goes', async () => {
    const page = await open()
    await page.evaluate(elsewhere => {
      addEventListener('pagehide', () => void client.close())
      map.set('last', 1)
      location.href = elsewhere
    }, `${site.origin}/elsewhere.html`)
    await page.waitForURL(/elsewhere/)
    await expect.poll(() => host.rows.get('last')).toBe(1)
  })
})

describe('holdPage', () => {
  /** Counts the page's listeners of beforeunload, from before its script on. */
  async function counted(options: object): Promise<Page> {
    const context = await browser.newContext()
    await context.addInitScript(() => {
      const listeners = new Set<unknown>()
      Object.assign(globalThis, { held: () => listeners.size })
      const { addEventListener, removeEventListener } = globalThis
      Object.assign(globalThis, {
        addEventListener(type: string, ...more: [never]) {
          if (type === 'beforeunload') listeners.add(more[0])
          addEventListener(type, ...more)
        },
        removeEventListener(type: string, ...more: [never]) {
          if (type === 'beforeunload') listeners.delete(more[0])
          removeEventListener(type, ...more)
        },
      })
    })
    const page = await context.newPage()
    await page.goto(linkedUrl(site.origin, host.uri, options))
    await page.waitForFunction(() => map.synced)
    return page
  }

  const held = (page: Page) => page.evaluate(() => (globalThis as unknown as { held(): number }).held())

  it('has a listener while something is unsaved, and none before or after', async () => {
    const page = await counted({ holdPage: true })
    expect(await held(page)).toBe(0)
    await page.context().setOffline(true)
    await host.restart()
    await page.waitForFunction(() => !map.connected)
    await page.evaluate(() => {
      map.set('a', 1)
      map.set('b', 1)
    })
    expect(await held(page)).toBe(1)
    await page.evaluate(() => map.discard('a'))
    expect(await held(page)).toBe(1)
    await page.context().setOffline(false)
    await page.waitForFunction(() => map.pending.size === 0)
    expect(await held(page)).toBe(0)
    await page.evaluate(() => map.put('c', 1))
    expect(await held(page)).toBe(0)
  })

  it('has none without the option, nor once the client is closed', async () => {
    const page = await counted({})
    expect(await page.evaluate(() => (map.set('a', 1), (globalThis as unknown as { held(): number }).held()))).toBe(0)
    await page.context().close()
    const holding = await counted({ holdPage: true, closeTimeoutMs: 0 })
    await holding.context().setOffline(true)
    await host.restart()
    await holding.waitForFunction(() => !map.connected)
    await holding.evaluate(() => map.set('a', 1))
    expect(await held(holding)).toBe(1)
    await holding.evaluate(() => client.close())
    expect(await held(holding)).toBe(0)
  })

  it('makes the browser ask, where somebody has used the page', async () => {
    const page = await counted({ holdPage: true })
    await page.mouse.click(10, 10)
    await page.context().setOffline(true)
    await host.restart()
    await page.waitForFunction(() => !map.connected)
    await page.evaluate(() => map.set('a', 1))
    const asked = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    const dialog = await asked
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    await page.context().setOffline(false)
    await page.waitForFunction(() => map.pending.size === 0)
    const closed = page.waitForEvent('close')
    await page.close({ runBeforeUnload: true })
    await closed
  })
})
