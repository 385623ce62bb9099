// Maps that are kept between visits, in Chromium: its IndexedDB, its locks, its tabs, and a host that goes and comes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CacheStore } from '../../src/cache/store.js'
import type { MapDownlink, SwimClient } from '../../src/index.js'
import { chromiumArgs, chromiumPath, launch } from './support/chromium.js'
import { KeptHost, keptPage, keptUrl, type Visit } from './support/kept-page.js'
import { serve, type Site } from './support/site.js'

/** Globals of the page. */
declare const client: SwimClient
declare const map: MapDownlink<string, unknown>
declare const store: CacheStore
declare const statuses: string[]
declare const updates: string[]
declare const entries: () => Record<string, unknown>
declare const cacheErrors: () => string[]

let browser: Browser
let site: Site
let host: KeptHost
const contexts: BrowserContext[] = []
const folders: string[] = []

const first = { a: 1, b: { floor: 2 }, c: 'text' }

beforeAll(async () => {
  site = await serve(keptPage)
  browser = await launch()
})

beforeEach(async () => {
  host = await KeptHost.listen(first)
})

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
  await host.stop()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A context of a profile on disk; Playwright's others are private ones. */
async function onDisk(): Promise<BrowserContext> {
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-profile-'))
  folders.push(folder)
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath(),
    headless: true,
    args: chromiumArgs,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  contexts.push(context)
  return context
}

async function inPrivate(): Promise<BrowserContext> {
  const context = await browser.newContext()
  contexts.push(context)
  return context
}

/** Opens the page, and waits until its map shows something, of whichever visit; `wait: false` waits for its script alone. */
async function open(context: BrowserContext, { wait = true, ...visit }: Visit & { wait?: boolean } = {}) {
  const page = await context.newPage()
  await page.goto(keptUrl(site.origin, host.uri, visit))
  await page.waitForFunction(() => 'cacheErrors' in globalThis)
  if (wait) await readable(page)
  return page
}

async function reload(page: Page): Promise<void> {
  await page.reload()
  await page.waitForFunction(() => 'cacheErrors' in globalThis)
  await readable(page)
}

const readable = (page: Page) => page.evaluate(() => map.whenReadable())
const isSynced = (page: Page) => page.waitForFunction(() => map.synced && map.pending.size === 0)
const shown = (page: Page) => page.evaluate(() => entries())
const faults = (page: Page) => page.evaluate(() => cacheErrors())
const restored = (page: Page) =>
  page.evaluate(() => client.restoredWrites.map(({ type, key, value }) => [type, key, value] as const))
const agree = (page: Page) =>
  expect.poll(async () => JSON.stringify(await shown(page))).toBe(JSON.stringify(host.entries()))

/** Waits until rows of which one has this text are in the store, and count; keys begin as is said. */
const isKept = (page: Page, text: string, keys = 'lane\n') =>
  expect
    .poll(
      () =>
        page.evaluate(
          async ([text, keys]) => {
            const rows = await store.read(keys!)
            return (keys !== 'lane\n' || rows[0]?.[0].endsWith('!')) && rows.some(row => row[1].includes(text!))
          },
          [text, keys],
        ),
      { timeout: 10_000 },
    )
    .toBe(true)

/** Makes a visit by which the entries of the host are kept. */
async function visited(context: BrowserContext, visit: Visit = {}): Promise<Page> {
  const page = await open(context, visit)
  await isSynced(page)
  const [key] = Object.keys(host.entries())
  await isKept(page, `@update(key:${key})`)
  return page
}

/** Ends a page at once: nothing in it runs any more. */
async function crash(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  void devTools.send('Page.crash').catch(() => {})
  await crashed
}

/**
 * Writes `k1`, `k2` and so on without an end, and tells of each that was made some 100 ms before the store has twice answered a
 * question: that long ago it was to be handed to the store, which answers in order.
 */
function writeOn(): void {
  const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
  let n = 0
  const one = async () => {
    const at = ++n
    map.set(`k${String(at).padStart(6, '0')}`, at)
    await wait(100)
    for (const times of [1, 2]) await store.read(`no such ${times}`)
    void (globalThis as unknown as { tell(at: number): Promise<void> }).tell(at)
  }
  setInterval(() => void one(), 5)
}

describe('a page that is reloaded', () => {
  it('shows rows with its host away, and then what the lane has, told by didUpdate where that is something else', async () => {
    const page = await visited(await onDisk())
    await host.stop()
    await reload(page)
    expect(await shown(page)).toEqual(first)
    const status = await page.evaluate(() => {
      const { state, because, asOf } = map.status as unknown as { state: string; because: string; asOf: Date }
      return [state, because, asOf instanceof Date ? Date.now() - asOf.getTime() : asOf]
    })
    expect(status).toEqual(['stale', 'cached', expect.any(Number)])
    expect(status[2]).toBeLessThan(60_000)
    // What was shown is told of as it comes; from here on it is what the lane has to say.
    expect(await page.evaluate(() => updates.splice(0))).toEqual(['a', 'b', 'c'])
    await host.start()
    host.set('b', 'other')
    host.set('d', 4)
    host.delete('a')
    await isSynced(page)
    await agree(page)
    expect((await page.evaluate(() => updates)).sort()).toEqual(['a', 'b', 'd'])
    expect(await faults(page)).toEqual([])
  })

  it('shows rows where a socket is not let come about, and is silent where nothing has changed', async () => {
    const page = await visited(await inPrivate())
    let letGo = () => {}
    const held = new Promise<void>(resolve => (letGo = resolve))
    await page.routeWebSocket(/.*/, async route => {
      await held
      route.connectToServer()
    })
    await reload(page)
    expect(await shown(page)).toEqual(first)
    expect(await page.evaluate(() => [map.synced, map.connected])).toEqual([false, false])
    await page.evaluate(() => updates.splice(0))
    letGo()
    await isSynced(page)
    expect(await page.evaluate(() => [updates, statuses.at(-1)])).toEqual([[], 'synced'])
    expect(await shown(page)).toEqual(first)
  })

  it('sends what it wrote offline, after the sync and in order, once', async () => {
    const page = await visited(await onDisk())
    await host.stop()
    await page.evaluate(() => {
      map.set('d', 1)
      map.set('e', 2)
      map.delete('a')
      map.set('d', 3)
    })
    await isKept(page, '@remove(key:a)', 'write\n')
    await reload(page)
    const names = [['set', 'e', 2], ['remove', 'a', undefined], ['set', 'd', 3]] // prettier-ignore
    await expect.poll(() => restored(page)).toEqual(names)
    expect(await shown(page)).toEqual({ b: first.b, c: first.c, d: 3, e: 2 })
    await host.start()
    await isSynced(page)
    await expect.poll(() => host.commands).toEqual(['e=2', '-a', 'd=3'])
    await agree(page)
    await expect.poll(() => restored(page)).toEqual([])
    await reload(page)
    await isSynced(page)
    expect(await restored(page)).toEqual([])
    expect(host.commands).toEqual(['e=2', '-a', 'd=3'])
    expect(await faults(page)).toEqual([])
  })
})

describe('a page that crashes', () => {
  it('right after its entries were written shows them at the next visit', async () => {
    const context = await onDisk()
    const page = await visited(context)
    host.set('d', 'later')
    await isKept(page, '@update(key:d) later')
    await crash(page)
    await host.stop()
    const next = await open(context)
    expect(await shown(next)).toEqual({ ...first, d: 'later' })
    expect(await faults(next)).toEqual([])
  })

  it.each(['offline', 'amid its entries being written'] as const)(
    'as it writes, %s, has all that was made a while before go out, in order, once',
    async when => {
      const context = await onDisk()
      const page = await (when === 'offline' ? visited(context) : open(context))
      if (when !== 'offline') await isSynced(page)
      await host.stop()
      let told = 0
      await page.exposeFunction('tell', (at: number) => (told = Math.max(told, at)))
      await page.evaluate(writeOn)
      await expect.poll(() => told, { timeout: 20_000 }).toBeGreaterThan(50)
      await crash(page)

      const next = await open(context, { wait: false })
      await expect.poll(() => restored(next)).not.toEqual([])
      const names = await restored(next)
      expect(names.length).toBeGreaterThanOrEqual(told)
      expect(names.slice(0, 3)).toEqual([1, 2, 3].map(n => ['set', `k00000${n}`, n]))
      const all = await shown(next)
      if (when === 'offline') expect(all).toMatchObject(first)
      expect(all).toMatchObject(Object.fromEntries(names.map(([, key, value]) => [key, value])))
      expect(host.commands).toEqual([])
      await host.start()
      await isSynced(next)
      await expect.poll(() => host.commands.length).toBeGreaterThanOrEqual(names.length)
      expect(host.commands).toEqual(names.map(([, key, value]) => `${key as string}=${value as number}`))
      await agree(next)
      await expect.poll(() => restored(next)).toEqual([])
      expect(await faults(next)).toEqual([])
      await reload(next)
      await isSynced(next)
      expect(host.commands).toHaveLength(names.length)
    },
  )
})

describe('two tabs on one scope', () => {
  it('show the same, and send their own writes, each once', async () => {
    const context = await inPrivate()
    const [one, other] = [await visited(context), await open(context)]
    await isSynced(other)
    host.set('d', 4)
    for (const page of [one, other]) await agree(page)
    await host.stop()
    await one.evaluate(() => map.set('of one', 1).set('both', 1))
    await isKept(one, 'of one', 'write\n')
    await other.evaluate(() => map.set('of other', 2).set('both', 2))
    await isKept(one, 'of other', 'write\n')
    await host.start()
    for (const page of [one, other]) await isSynced(page)
    await expect.poll(() => host.commands.length).toBe(4)
    expect([...host.commands].sort()).toEqual(['both=1', 'both=2', 'of one=1', 'of other=2'])
    for (const page of [one, other]) {
      await agree(page)
      await expect.poll(() => restored(page)).toEqual([])
      expect(await faults(page)).toEqual([])
    }
    await reload(other)
    await isSynced(other)
    expect(host.commands).toHaveLength(4)
  })

  it('of which one is closed with an offline write: the other sends it, where it came later', async () => {
    const context = await inPrivate()
    const one = await visited(context)
    await host.stop()
    await one.evaluate(() => map.set('mine', 1))
    await isKept(one, 'mine', 'write\n')
    const other = await open(context)
    expect(await shown(other)).toEqual(first)
    expect(await restored(other)).toEqual([])
    await one.close()
    await expect.poll(() => restored(other), { timeout: 10_000 }).toEqual([['set', 'mine', 1]])
    expect(await shown(other)).toEqual({ ...first, mine: 1 })
    await host.start()
    await isSynced(other)
    await expect.poll(() => host.commands).toEqual(['mine=1'])
    // At once: that it has gone out is kept as the page goes.
    await reload(other)
    await isSynced(other)
    expect(host.commands).toEqual(['mine=1'])
  })

  it('of which one is closed with an offline write: the next visit sends it, where the other was there before', async () => {
    const context = await inPrivate()
    const [one, other] = [await visited(context), await open(context)]
    await isSynced(other)
    await host.stop()
    await one.evaluate(() => map.set('mine', 1))
    await isKept(one, 'mine', 'write\n')
    await one.close()
    await host.start()
    await isSynced(other)
    const next = await open(context)
    await isSynced(next)
    await expect.poll(() => host.commands).toEqual(['mine=1'])
    for (const page of [other, next]) await agree(page)
    await reload(other)
    await isSynced(other)
    expect(host.commands).toEqual(['mine=1'])
  })
})
