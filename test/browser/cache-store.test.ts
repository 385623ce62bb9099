// The store of a cache in IndexedDB, in Chromium: all that the suite asks, and what browsers do to a database.
// @module-tag full
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CacheChanges, CacheRow, CacheStore } from '../../src/client/caching.js'
import { allHold, cachePage } from './support/cache-page.js'
import { chromiumArgs, chromiumPath, launch } from './support/chromium.js'
import { serve, type Site } from './support/site.js'
import { beginEndless } from './support/endless-transaction.js'

/** Globals of the page. */
declare const indexedDbCache: (options?: object) => CacheStore
declare const outcomes: (where: 'page' | 'worker') => Promise<Record<string, string>>
declare const store: CacheStore

let browser: Browser
let site: Site
/** The same pages, without https and not on localhost. */
let insecure: string
const contexts: BrowserContext[] = []
const folders: string[] = []

beforeAll(async () => {
  site = await serve({
    ...(await cachePage()),
    '/sandboxed.html':
      '<!doctype html><title>loaded</title><iframe sandbox="allow-scripts" src="/classic.html"></iframe>',
  })
  insecure = site.origin.replace('127.0.0.1', 'insecure.test')
  browser = await launch({ args: [...chromiumArgs, '--host-resolver-rules=MAP insecure.test 127.0.0.1'] })
})

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A context of a profile on disk; Playwright's others are private ones. */
async function onDisk(folder = mkdtempSync(join(tmpdir(), 'swimlink-profile-'))): Promise<BrowserContext> {
  folders.push(folder)
  const options = { executablePath: chromiumPath(), headless: true, args: chromiumArgs }
  const context = await chromium.launchPersistentContext(folder, options)
  contexts.push(context)
  return context
}

async function inPrivate(): Promise<BrowserContext> {
  const context = await browser.newContext()
  contexts.push(context)
  return context
}

async function open(context: BrowserContext, url = `${site.origin}/`): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => document.title === 'loaded')
  return page
}

const write = (page: Page, changes: CacheChanges) => page.evaluate(changes => store.write(changes), changes)
const read = (page: Page, prefix = ''): Promise<readonly CacheRow[]> =>
  page.evaluate(prefix => store.read(prefix), prefix)
const fault = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    error => String(error),
  )

describe('the suite holds', () => {
  const onDiskIn = (where: 'page' | 'worker') => async () => {
    const said = await (await open(await onDisk())).evaluate(where => outcomes(where), where)
    expect(Object.keys(said).length).toBeGreaterThan(15)
    expect(said).toEqual(allHold(said))
  }
  it('in a page, on disk', onDiskIn('page'))
  it('in a worker, on disk', { tags: 'slow' }, onDiskIn('worker'))

  it('in a private window', async () => {
    const said = await (await open(await inPrivate())).evaluate(() => outcomes('page'))
    expect(said).toEqual(allHold(said))
  })
})

describe('what is written', () => {
  it('is seen by another page of the scope, and by none of another', async () => {
    const context = await inPrivate()
    const [one, other] = [await open(context), await open(context)]
    await write(one, { put: [['a', '1']] })
    expect(await read(other)).toEqual([['a', '1']])
    const scopes = [undefined, { scope: 'else' }, { scope: 'page ' }]
    const elsewhere = await other.evaluate(
      scopes => Promise.all(scopes.map(scope => indexedDbCache(scope).read(''))),
      scopes,
    )
    expect(elsewhere).toEqual([[], [], []])
  })

  it('is counted up by two pages at a time without a loss', async () => {
    const context = await inPrivate()
    const pages = [await open(context), await open(context)]
    const count = (page: Page) =>
      page.evaluate(async () => {
        for (let steps = 0; steps < 100;) {
          const [row] = await store.read('n')
          const next = `${Number(row?.[1] ?? 0) + 1}`
          if (await store.write({ put: [['n', next]], only: [['n', row?.[1]]] })) steps++
        }
      })
    await Promise.all(pages.map(count))
    expect(await read(pages[0]!)).toEqual([['n', '200']])
  })

  it('is there after a reload, and after the page has crashed', async () => {
    const context = await inPrivate()
    const page = await open(context)
    await write(page, { put: [['a', '1']] })
    await page.reload()
    await page.waitForFunction(() => document.title === 'loaded')
    expect(await read(page)).toEqual([['a', '1']])
    await write(page, { remove: [''] })
    /** The last that was told. */
    let told = 0
    await page.exposeFunction('tell', (count: number) => (told = count))
    void fault(page.evaluate(countOn))
    const crashed = page.waitForEvent('crash')
    await expect.poll(() => told).toBeGreaterThan(20)
    await Promise.all([crashed, fault(page.goto('chrome://crash'))])
    await isAsFarAs(await open(context), told)
  })

  it('is there after the browser was killed', async () => {
    const context = await onDisk()
    const folder = folders.at(-1)!
    const page = await open(context)
    let told = 0
    await page.exposeFunction('tell', (count: number) => (told = count))
    void fault(page.evaluate(countOn))
    await expect.poll(() => told).toBeGreaterThan(20)
    const gone = new Promise(done => context.once('close', done))
    // The lock of a profile names who has it.
    process.kill(Number(readlinkSync(join(folder, 'SingletonLock')).split('-').at(-1)), 'SIGKILL')
    await gone
    await isAsFarAs(await open(await onDisk(folder)), told)
  })
})

/** Writes two rows at a time, for ever, and tells of each that has resolved. */
async function countOn(): Promise<void> {
  for (let n = 1; ; n++) {
    await store.write({ put: Object.entries({ n: `${n}`, [`k${n}`]: 'x'.repeat(1000) }) })
    void (globalThis as unknown as { tell(n: number): Promise<void> }).tell(n)
  }
}

async function isAsFarAs(page: Page, told: number): Promise<void> {
  const rows = new Map(await read(page))
  const last = Number(rows.get('n'))
  expect(last).toBeGreaterThanOrEqual(told)
  expect(rows.size).toBe(last + 1)
  for (let n = 1; n <= last; n++) expect(rows.has(`k${n}`)).toBe(true)
}

describe('a database', () => {
  const names = (page: Page) =>
    page.evaluate(async () => (await indexedDB.databases()).map(({ name, version }) => `${name} ${version}`))

  it('is made by the first call, one for each scope', async () => {
    const page = await open(await inPrivate())
    expect(await names(page)).toEqual([])
    await read(page)
    await page.evaluate(() => indexedDbCache().read(''))
    expect((await names(page)).sort()).toEqual(['swimlink cache 1', 'swimlink cache page 1'])
  })

  it('that is deleted by another page is made anew', async () => {
    const context = await inPrivate()
    const [page, other] = [await open(context), await open(context)]
    await write(page, { put: [['a', '1']] })
    await remove(other)
    expect(await read(page)).toEqual([])
    await write(page, { put: [['a', '2']] })
    expect(await read(other)).toEqual([['a', '2']])
  })

  it('that is deleted amid calls costs no more than those', async () => {
    const context = await inPrivate()
    const [page, other] = [await open(context), await open(context)]
    const calls = page.evaluate(async () => {
      const until = performance.now() + 1_000
      const said = new Map<string, number>()
      while (performance.now() < until) {
        const all = [store.write({ put: [['a', '1']] }), store.read(''), store.write({ only: [['b', undefined]] })]
        for (const each of await Promise.allSettled(all)) said.set(each.status, (said.get(each.status) ?? 0) + 1)
      }
      return [said.get('fulfilled') ?? 0, said.get('rejected') ?? 0] as const
    })
    for (let i = 0; i < 10; i++) await remove(other)
    const [done, failed] = await calls
    expect(done).toBeGreaterThan(20)
    // Three calls to each time it was deleted, at most.
    expect(failed).toBeLessThanOrEqual(30)
    await write(page, { put: [['a', '2']] })
    expect(await read(page)).toEqual([['a', '2']])
  })

  it('that the browser clears away is made anew', async () => {
    const context = await inPrivate()
    const page = await open(context)
    await write(page, { put: [['a', '1']] })
    const devTools = await context.newCDPSession(page)
    for (let i = 0; i < 3; i++) {
      await devTools.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'indexeddb' })
      expect(await read(page)).toEqual([])
      expect(await write(page, { put: [['a', '2']], only: [['a', undefined]] })).toBe(true)
      expect(await read(page)).toEqual([['a', '2']])
    }
  })

  it('that is being deleted, while somebody does not let go of it, rejects in time', async () => {
    const context = await inPrivate()
    await context.clock.install()
    const [page, other] = [await open(context), await open(context)]
    await write(page, { put: [['a', '1']] })
    await other.evaluate(async () => {
      const request = indexedDB.open('swimlink cache page')
      await new Promise(done => (request.onsuccess = done))
      Object.assign(globalThis, { holder: request.result, deleting: indexedDB.deleteDatabase('swimlink cache page') })
    })
    const faults: string[] = []
    for (const call of [read(page), write(page, {})]) void fault(call).then(each => faults.push(each))
    await page.clock.fastForward(9_000)
    expect(faults).toEqual([])
    await page.clock.fastForward(2_000)
    await expect.poll(() => faults).toHaveLength(2)
    for (const each of faults) expect(each).toMatch(/IndexedDB did not answer within 10000 ms: another tab may hold it/)
    await other.evaluate(() => (globalThis as unknown as { holder: IDBDatabase }).holder.close())
    expect(await read(page)).toEqual([])
    expect(await write(page, { put: [['a', '2']] })).toBe(true)
    // Nothing that came late is open still: it lets go as before.
    await remove(other)
    expect(await read(page)).toEqual([])
  })

  it('that another tab has in a transaction without an end rejects in time; what is committed is done later', async () => {
    const context = await inPrivate()
    await context.clock.install()
    const [page, other] = [await open(context), await open(context)]
    await write(page, { put: [['a', '1']] })
    await beginEndless(other, 'swimlink cache page')
    const committed = write(page, { put: [['b', '1']] })
    const only = fault(write(page, { put: [['a', '2']], only: [['a', '1']] }))
    const late = fault(read(page))
    await page.clock.fastForward(11_000)
    for (const each of [await late, await only])
      expect(each).toMatch(/IndexedDB did not answer within 10000 ms: another tab may hold it/)
    await other.evaluate(() => Object.assign(globalThis, { isOver: true }))
    expect(await committed).toBe(true)
    expect(await read(page)).toEqual([['a', '1'], ['b', '1']]) // prettier-ignore
    expect(await write(page, { put: [['a', '2']], only: [['a', '1']] })).toBe(true)
  })

  it('that a later version of swimlink has changed rejects, and is left as it is', async () => {
    const context = await inPrivate()
    const [page, other] = [await open(context), await open(context)]
    await write(page, { put: [['a', '1']] })
    await other.evaluate(async () => {
      const request = indexedDB.open('swimlink cache page', 2)
      // The version goes up only when it is let go of.
      await new Promise(done => (request.onsuccess = done))
      request.result.close()
    })
    expect(await fault(read(page))).toMatch(/VersionError/)
    expect(await names(page)).toEqual(['swimlink cache page 2'])
  })

  it('that is closed is open again with the next call', async () => {
    const page = await open(await inPrivate())
    const said = await page.evaluate(async () => {
      await store.close()
      const first = store.write({ put: [['a', '1']] })
      await store.close()
      const second = store.write({ put: [['b', '1']] })
      return [await first, await second, await store.read('')]
    })
    expect(said).toEqual([true, true, [['a', '1'], ['b', '1']]]) // prettier-ignore
  })
})

/** Deletes the database of a page's scope, from any page. */
const remove = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((done, fail) => {
        const request = indexedDB.deleteDatabase('swimlink cache page')
        request.onsuccess = () => done()
        request.onerror = () => fail(request.error as Error)
      }),
  )

describe('a write that can not be done rejects, and changes nothing', () => {
  it('where the storage is full', async () => {
    const context = await onDisk()
    const page = await open(context)
    const devTools = await context.newCDPSession(page)
    // Before anything is written: Chromium looks at the room there is from time to time.
    await devTools.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: 3e6 })
    await write(page, { put: [['a', '1']] })
    const full = () =>
      page.evaluate(async () => {
        // What repeats itself is packed, and never fills it.
        const unit = () => String.fromCharCode(33 + Math.random() * 90)
        for (let n = 0; n < 50; n++) {
          const put = Object.entries({ a: '2', [`large${n}`]: Array.from({ length: 5e5 }, unit).join('') })
          try {
            await store.write({ remove: ['a'], put })
            await store.write({ put: [['a', '1']] })
          } catch (error) {
            return [n, (error as Error).name, error instanceof Error]
          }
        }
        return []
      })
    const [count, ...what] = await full()
    expect(what).toEqual(['QuotaExceededError', true])
    const rows = new Map(await read(page))
    expect(rows.get('a')).toBe('1')
    expect(rows.size).toBe(Number(count) + 1)
    await devTools.send('Storage.overrideQuotaForOrigin', { origin: site.origin })
    expect(await write(page, { remove: ['large'], put: [['a', '3']] })).toBe(true)
    expect(await read(page)).toEqual([['a', '3']])
  })

  it('where a row among others can not be kept', async () => {
    const page = await open(await inPrivate())
    await write(page, { put: [['a', '1']] })
    const said = await page.evaluate(async () => {
      const put = [['a', '2'], ['b', (() => {}) as never], ['c', '2']] as const // prettier-ignore
      const faults: string[] = []
      for (const only of [[], [['a', '1']] as const])
        await store.write({ remove: ['a'], put, only }).catch((error: Error) => faults.push(error.name))
      return faults
    })
    expect(said).toEqual(['DataCloneError', 'DataCloneError'])
    expect(await read(page)).toEqual([['a', '1']])
  })
})

describe('where the platform has not all of it', () => {
  it('a page without IndexedDB is told so', async () => {
    const context = await inPrivate()
    await context.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }))
    const page = await open(context)
    for (let i = 0; i < 2; i++) expect(await fault(read(page))).toMatch(/Error: there is no IndexedDB here/)
    expect(await fault(write(page, {}))).toMatch(/Error: there is no IndexedDB here/)
    await page.evaluate(() => store.close())
  })

  it('a frame that may store nothing is told so', async () => {
    const page = await open(await inPrivate(), `${site.origin}/sandboxed.html`)
    const frame = page.frames()[1]!
    await frame.waitForFunction(() => document.title === 'loaded')
    expect(await fault(frame.evaluate(() => store.read('')))).toMatch(/IDBFactory/)
    expect(await frame.evaluate(() => store.lock('a'))).toBeUndefined()
  })

  it('a page without https has rows, and no locks', async () => {
    const page = await open(await inPrivate(), `${insecure}/`)
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
    await write(page, { put: [['a', '1']] })
    expect(await read(page)).toEqual([['a', '1']])
    expect(await page.evaluate(() => store.lock('a'))).toBeUndefined()
  })
})

describe('a lock', () => {
  const take = (page: Page) => page.evaluate(async () => (await store.lock('send')) !== undefined)

  it.each(['closed', 'reloaded', 'crashed'] as const)('is let go of with the page that is %s', async how => {
    const context = await inPrivate()
    const [page, other] = [await open(context), await open(context)]
    expect(await take(page)).toBe(true)
    expect(await take(other)).toBe(false)
    if (how === 'closed') await page.close()
    else if (how === 'reloaded') await page.reload()
    else await Promise.all([page.waitForEvent('crash'), fault(page.goto('chrome://crash'))])
    await expect.poll(() => take(other)).toBe(true)
  })
})
