// What each binding must do on its page, in Chromium: the same lanes, the same page, the same questions.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPage } from '../support/chromium.js'
import { LaneHost } from '../support/lane-host.js'
import { key, served, type Mode } from './served.js'
import type { App } from './app.js'

declare const app: App

/**
 * The cases of a framework, as tests.
 * @param bundle the script of its page
 * @param isWhole whether to count what thousands of rows render as well, which takes seconds
 */
export function bindingTests(bundle: (mode: Mode) => Promise<string>, isWhole: boolean): void {
  const at = served(bundle)

  describe('on its page', () => {
    let host: LaneHost
    let page: Page
    let faults: string[]
    let sent: string[]

    beforeEach(async () => {
      host = await LaneHost.listen()
    })

    afterEach(async () => {
      await page?.context().close()
      await host.close()
    })

    function fill(rows: number): void {
      for (let n = 0; n < rows; n++) host.rows.set(key(n), 0)
      host.light.set('off')
    }

    async function open(mode: 'development' | 'production', rows: number, query = ''): Promise<void> {
      fill(rows)
      const opened = await openPage(
        at.browser,
        `${at.site.origin}/${mode}.html?host=${encodeURIComponent(host.uri)}${query}`,
      )
      ;({ page, faults, sent } = opened)
      await shows('status', 'synced')
      await page.waitForFunction(count => document.querySelectorAll('li').length === count, rows)
      await shows('light', 'off')
    }

    const shows = (id: string, text: string) =>
      page.waitForFunction(([id, text]) => document.getElementById(id!)?.textContent === text, [id, text])
    const renders = () => page.evaluate(() => ({ ...app.renders }))

    it('shows entries, keys, a value and the status as they change, and writes', async () => {
      await open('development', 3, '&sums')
      await shows('sum', '3: 0')
      expect(await page.locator('li').allTextContents()).toEqual(['0', '0', '0'])

      host.rows.set(key(1), 7)
      await shows(key(1), '7')
      host.rows.set('added', 1)
      await shows('added', '1')
      host.rows.delete(key(0))
      await page.waitForFunction(id => document.getElementById(id) === null, key(0))
      expect(await page.locator('li').evaluateAll(rows => rows.map(({ id }) => id))).toEqual(['added', key(1), key(2)])

      await page.evaluate(() => app.setRow('mine', 5))
      await shows('mine', '5')
      await expect.poll(() => host.rows.get('mine')).toBe(5)
      await shows('sum', '4: 13')
      await page.evaluate(() => app.setLight('on'))
      await shows('light', 'on')
      await expect.poll(() => host.light.get()).toBe('on')

      await host.restart(() => fill(2))
      await page.waitForFunction(() => document.querySelectorAll('li').length === 2)
      await shows('status', 'synced')
      await shows(key(1), '0')
      // What a browser says of a socket that was cut is no fault of the page.
      expect(faults.filter(fault => !/WebSocket|net::ERR/.test(fault))).toEqual([])
    })

    it('makes one link to each lane, and none is left when its component has gone', async () => {
      await open('development', 3)
      const asked = () => sent.map(frame => /^@(\w+)\(node:"\/n",lane:(\w+)/.exec(frame)?.slice(1).join(' ')).sort()
      expect(asked()).toEqual(['sync light', 'sync rows'])
      expect(host.load).toMatchObject({ sockets: 1, links: 2 })
      await page.evaluate(() => app.unmount())
      await expect.poll(asked).toEqual(['sync light', 'sync rows', 'unlink light', 'unlink rows'])
      await expect.poll(() => host.load).toMatchObject({ sockets: 0, links: 0 })
      expect(faults).toEqual([])
    })

    it('shows what is not saved yet, and renders a row for its own entry and state alone', async () => {
      await open('development', 20, '&states')
      await shows('unsaved', '0:  ')
      const before = await renders()
      // The host is out of reach: what is written waits.
      await page.context().setOffline(true)
      await host.restart(() => fill(20))
      await shows('status', 'stale')
      await page.evaluate(
        ([set, gone]) => (app.setRow(set!, 7), app.deleteRow(gone!), app.setLight('on')),
        [key(1), key(2)],
      )
      await shows(key(1), '7 waiting')
      await page.waitForFunction(id => document.getElementById(id) === null, key(2))
      await shows('unsaved', `3: ${key(1)} ${key(2)} waiting`)
      await page.evaluate(([set]) => app.setRow(set!, 8), [key(1)])
      await shows(key(1), '8 waiting')

      await page.context().setOffline(false)
      await shows('status', 'synced')
      await shows(key(1), '8')
      await shows('unsaved', '0:  ')
      await expect
        .poll(() => [host.rows.get(key(1)), host.rows.has(key(2)), host.light.get()])
        .toEqual([8, false, 'on'])
      const after = await renders()
      for (let n = 0; n < 20; n++) {
        // Its two values, that the last is sent, and that it is saved; React renders each twice to look for faults.
        const most = n === 1 ? 8 : 0
        if (n !== 2) expect(after[key(n)]! - before[key(n)]!, key(n)).toBeLessThanOrEqual(most)
      }
      expect(after[key(1)]! - before[key(1)]!).toBeGreaterThanOrEqual(3)
    })

    const changesAlone = (rowCount: number) => async () => {
      await open('production', rowCount)
      const before = await renders()

      // Every tenth row, twice over, a thousand changes a second; what does not change lies between.
      const changes = 2
      const changed = Array.from({ length: rowCount / 10 }, (_, n) => key(n * 10))
      for (let round = 1; round <= changes; round++) {
        for (let n = 0; n < changed.length; n += 20) {
          for (const id of changed.slice(n, n + 20)) host.rows.set(id, round)
          await new Promise(resolve => setTimeout(resolve, 20))
        }
      }
      await page.waitForFunction(
        ([ids, last]) => (ids as string[]).every(id => document.getElementById(id)?.textContent === last),
        [changed, String(changes)] as const,
      )

      const after = await renders()
      const more = (id: string) => after[id]! - before[id]!
      expect(more('list')).toBe(0)
      for (let n = 0; n < rowCount; n++) {
        const id = key(n)
        if (n % 10 !== 0) expect(more(id), id).toBe(0)
        else expect(more(id), id).toBeLessThanOrEqual(changes)
      }
      expect(changed.reduce((sum, id) => sum + more(id), 0)).toBeGreaterThan(changed.length)
      expect(faults).toEqual([])
    }
    it.runIf(isWhole)('renders the changed rows alone, of 2,000 with 1,000 changes a second', changesAlone(2_000))
    it.runIf(isWhole)('renders the changed rows alone, of 10,000', { tags: 'slow' }, changesAlone(10_000))
  })
}
