// What ends or stops tabs that share a socket, and their worker, in Chromium: crashes, freezes, the back/forward cache, a flood.
// @module-tag full
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { EventDownlink, SwimClient } from '../../src/index.js'
import type { CountedHost } from './support/counted-host.js'
import { faultsOf, isSynced, put, type Tabs, viaOf } from './support/shared-page.js'
import type { Site } from './support/site.js'
import { withTabs } from './support/with-tabs.js'

/** Globals of the page. */
declare const client: SwimClient
declare const given: string[]
declare const news: number[]
declare const listen: () => EventDownlink
declare const lost: number
declare const log: string[]

let site: Site
let host: CountedHost
let context: BrowserContext
let tabs: Tabs

withTabs({ ignoreDefaultArgs: ['--disable-back-forward-cache'] }, given => ({ site, host, context, tabs } = given))

/** Ends a page at once: nothing in it runs any more. */
async function crash(page: Page): Promise<void> {
  const devTools = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  void devTools.send('Page.crash').catch(() => {})
  await crashed
}

const linkAside = (page: Page) =>
  page.evaluate(() =>
    client
      .downlinkMap({ nodeUri: '/n', laneUri: 'aside' })
      .open()
      .whenSynced()
      .then(() => {}),
  )

/** The shared workers that run, as Chromium's DevTools know them. */
async function workers(devTools: CDPSession): Promise<string[]> {
  const { targetInfos } = await devTools.send('Target.getTargets')
  return targetInfos.filter(({ type }) => type === 'shared_worker').map(({ targetId }) => targetId)
}

describe('a tab that crashes', () => {
  it('is forgotten: the lane that it alone had is unlinked, and the others do not notice', async () => {
    // The worker may run in the process of the page that made it.
    const [first, other] = [await tabs.open(), await tabs.open()]
    const page = await tabs.open()
    await linkAside(page)
    await tabs.hostHas(1, 2)
    await crash(page)
    await tabs.hostHas(1, 1)
    await expect.poll(() => host.asked('aside').at(-1)).toMatch(/^@unlink/)
    host.rows.set('later', 3)
    await tabs.agree(first, other)
    expect(await put(other, 'mine', 1)).toBe('taken')
    expect(await first.evaluate(() => lost)).toBe(0)
    expect(host.opened).toBe(1)
  })

  it('with the worker in its process, or not, leaves the others live', async () => {
    const page = await tabs.open()
    const others = await tabs.openAll(2)
    await crash(page)
    host.rows.set('later', 3)
    await tabs.agree(...others)
    for (const [n, other] of others.entries()) expect(await put(other, `of ${n}`, n)).toBe('taken')
    await tabs.agree(...others)
    await tabs.hostHas(1)
    for (const other of others) expect(await viaOf(other)).toBe('shared-worker')
  })

  it('and is the last one leaves no socket', async () => {
    const page = await tabs.open()
    await crash(page)
    await tabs.hostHas(0)
  })
})

describe('a worker that is killed', () => {
  it('is another soon: the tabs link again, and what was written meanwhile arrives', async () => {
    const pages = await tabs.openAll(3)
    const devTools = await context.browser()!.newBrowserCDPSession()
    const before = await workers(devTools)
    expect(before).toHaveLength(1)
    const writes = pages.map((page, n) => put(page, `before ${n}`, n))
    await devTools.send('Target.closeTarget', { targetId: before[0]! })
    writes.push(...pages.map((page, n) => put(page, `after ${n}`, n)))
    host.rows.set('later', 3)
    expect(await Promise.all(writes)).toEqual(writes.map(() => 'taken'))
    await tabs.agree(...pages)
    await tabs.hostHas(1)
    for (const page of pages) {
      expect(await page.evaluate(() => lost)).toBe(1)
      expect(await viaOf(page)).toBe('shared-worker')
      // Whether an outage is told as an error is a matter of how long it was.
      for (const text of await faultsOf(page)) expect(text).toContain('1012: the worker that had it is gone')
    }
    const after = await workers(devTools)
    expect(after).toHaveLength(1)
    expect(after).not.toEqual(before)
    for (const n of [0, 1, 2]) expect([host.rows.get(`before ${n}`), host.rows.get(`after ${n}`)]).toEqual([n, n])
  })
})

describe('a token function', () => {
  it('that went with its tab is not missed: that of a living tab is asked once the host has come again', async () => {
    const visit = { tokens: true, scope: 'me' }
    const [first, other] = [await tabs.open(visit), await tabs.open(visit)]
    const shownToHost = () =>
      host.heard.filter(text => text.startsWith('@auth')).map(text => /token:"?(\w+)/.exec(text)?.[1])
    expect(shownToHost()).toEqual(await first.evaluate(() => given))
    await first.close()
    await tabs.agree(other)
    await host.restart(() => host.rows.set('again', true))
    await tabs.agree(other)
    await tabs.hostHas(1)
    expect(shownToHost().at(-1)).toBe(await other.evaluate(() => given.at(-1)))
    expect(await put(other, 'mine', 1)).toBe('taken')
    expect(await viaOf(other)).toBe('shared-worker')
  })
})

describe('a tab that is left', () => {
  it('is kept by the browser, has no link meanwhile, and is live again once it is come back to', async () => {
    const page = await tabs.open()
    const stays = await tabs.open()
    await linkAside(page)
    await page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => log.push(`kept: ${persisted}`))
    })
    for (let n = 0; n < 3; n++) {
      await tabs.hostHas(1, 2)
      await page.goto(`${site.origin}/elsewhere.html`)
      await tabs.hostHas(1, 1)
      host.rows.set('while away', n)
      await page.goBack({ waitUntil: 'commit' })
      await isSynced(page)
      await tabs.agree(page, stays)
      expect(await put(page, 'mine', n)).toBe('taken')
    }
    await tabs.agree(stays)
    expect(await faultsOf(page)).toEqual(['kept: true', 'kept: true', 'kept: true'])
    expect(await viaOf(page)).toBe('shared-worker')
    expect(await stays.evaluate(() => lost)).toBe(0)
    expect(host.opened).toBe(1)
  })

  it('with no other tab there has its worker stopped as it is kept, and leaves no socket once it is come back to', async () => {
    const page = await tabs.open()
    for (let n = 0; n < 3; n++) {
      await page.goto(`${site.origin}/elsewhere.html`)
      await page.goBack({ waitUntil: 'commit' })
      host.rows.set('back', n)
      await tabs.agree(page)
      expect(await put(page, 'mine', n)).toBe('taken')
    }
    await tabs.hostHas(1)
    expect(await viaOf(page)).toBe('shared-worker')
    await page.close()
    await tabs.hostHas(0)
  })
})

describe('a flood', () => {
  it('of 100,000 changes reaches the map whole, and 40,000 events all come, in their order', async () => {
    const page = await tabs.open()
    await page.evaluate(() => void listen())
    await tabs.hostHas(1, 2)
    for (let n = 0; n < 100_000; n++) host.rows.set(`k${n % 5000}`, n)
    await tabs.agree(page)
    for (let n = 0; n < 40_000; n++) host.news.emit(n)
    await page.waitForFunction(() => news.length >= 40_000)
    expect(await page.evaluate(() => news.findIndex((value, n) => value !== n))).toBe(-1)
    expect(await page.evaluate(() => [news.length, lost])).toEqual([40_000, 0])
    expect(await faultsOf(page)).toEqual([])
    expect(host.opened).toBe(1)
  })
})
