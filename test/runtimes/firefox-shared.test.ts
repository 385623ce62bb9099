// Firefox: tabs that share a socket, and pages that can't. What Chromium does besides is in test/browser/shared.test.ts.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CountedHost } from '../browser/support/counted-host.js'
import { sharedPages, sharedUrl, type SharedVisit } from '../browser/support/shared-page.js'
import { serve, type Site } from '../browser/support/site.js'
import { firefoxVersion, launchFirefox, type Browser, type Page } from './firefox.js'

let browser: Browser
let site: Site
let host: CountedHost
const pages: Page[] = []

beforeAll(async () => {
  site = await serve(sharedPages())
  browser = await launchFirefox()
})

beforeEach(async () => {
  host = await CountedHost.listen()
  host.rows.set('a', 1)
})

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close()
  await host.close()
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const until = (page: Page, expression: string) =>
  expect.poll(() => page.evaluate<unknown>(expression).catch(String), { timeout: 20_000 }).toBe(true)

async function open(visit: SharedVisit = {}, path = '/'): Promise<Page> {
  const page = await browser.newPage()
  pages.push(page)
  await page.goto(sharedUrl(site.origin, host.uri, visit, path))
  await until(page, `'entries' in globalThis && map.synced`)
  return page
}

const agrees = (page: Page) =>
  expect.poll(() => page.evaluate<object>('entries()'), { timeout: 20_000 }).toEqual(Object.fromEntries(host.rows))
const hostHas = (sockets: number, links = sockets) =>
  expect.poll(() => host.load, { timeout: 20_000 }).toEqual({ sockets, links })
const via = (page: Page) => page.evaluate<string>('via()')

/** Hears and writes, without a complaint. */
async function works(page: Page): Promise<void> {
  host.rows.set('heard', 'text')
  await agrees(page)
  expect(await page.evaluate(`map.put('written', 1)`)).toBe('taken')
  expect(host.rows.get('written')).toBe(1)
  expect(await page.evaluate('log')).toEqual([])
}

describe(`tabs in ${firefoxVersion()}`, () => {
  test('have one socket and one link, ten of them, and hear of each other', async () => {
    for (let n = 0; n < 10; n++) await open()
    await hostHas(1)
    expect(host.opened).toBe(1)
    expect(host.asked()).toHaveLength(1)
    for (const page of pages) expect(await via(page)).toBe('shared-worker')
    for (const [n, page] of pages.entries()) expect(await page.evaluate(`map.put('of ${n}', ${n})`)).toBe('taken')
    for (const page of pages) {
      await agrees(page)
      expect(await page.evaluate('log')).toEqual([])
    }
    // One that is closed is forgotten, and one that is left; the others do not notice.
    await pages.pop()!.close()
    await pages[8]!.goto(`${site.origin}/elsewhere.html`)
    host.rows.set('later', true)
    await agrees(pages[0]!)
    expect(await pages[0]!.evaluate('lost')).toBe(0)
    for (const page of pages) await page.goto(`${site.origin}/elsewhere.html`)
    await hostHas(0)
  })

  test('link again once their host has come again', async () => {
    const [first, other] = [await open(), await open()]
    await host.restart(() => host.rows.set('again', true))
    for (const page of [first, other]) await agrees(page)
    await hostHas(1)
    await works(other)
    await agrees(first)
  })

  test('that are left and come back to are live again', async () => {
    const [page, stays] = [await open(), await open()]
    await page.goto(`${site.origin}/elsewhere.html`)
    host.rows.set('while away', true)
    // Puppeteer's own goBack waits for a load that a kept page has behind it.
    await page.evaluate('setTimeout(() => history.back())')
    await until(page, `'entries' in globalThis && map.synced`)
    await agrees(page)
    await hostHas(1)
    await works(stays)
  })
})

describe(`a page in ${firefoxVersion()}`, () => {
  test('without SharedWorker has a worker of its own', async () => {
    const page = await open({ without: ['SharedWorker'] })
    await open({ without: ['SharedWorker'] })
    await hostHas(2)
    expect(await via(page)).toBe('worker')
    await works(page)
  })

  test.each<[what: string, visit: SharedVisit, path?: string]>([
    ['whose policy allows no worker', {}, '/policy.html'],
    ['whose script of the worker is not there', { worker: '/none.js' }],
    [
      'whose script of the worker is not there, without SharedWorker',
      { worker: '/none.js', without: ['SharedWorker'] },
    ],
    ['whose worker is no relay', { worker: '/no-relay.js' }],
    ['whose worker throws', { worker: '/broken.js' }],
    ['whose worker is of another version', { worker: '/other-version.js' }],
    ['of a browser without workers', { without: ['SharedWorker', 'Worker'] }],
  ])('%s has a socket of its own', async (_, visit, path) => {
    const page = await open(visit, path)
    expect(await via(page)).toBe('page')
    await hostHas(1)
    await works(page)
  })
})
