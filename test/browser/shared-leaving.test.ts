// The last that a page writes before it is left, where a worker has its socket. In Chromium.
// @module-tag full
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MapDownlink } from '../../src/index.js'
import { launch } from './support/chromium.js'
import { CountedHost } from './support/counted-host.js'
import { sharedPages, Tabs } from './support/shared-page.js'
import { serve, type Site } from './support/site.js'

/** Globals of the page. */
declare const map: MapDownlink<string, unknown>

let site: Site

beforeAll(async () => {
  site = await serve(sharedPages())
})
afterAll(() => site?.close())

describe.each([
  ['keeps pages', ['--disable-back-forward-cache']],
  ['keeps none', []],
])('a browser that %s', (_, ignoreDefaultArgs) => {
  let browser: Browser
  let host: CountedHost
  let context: BrowserContext
  let tabs: Tabs

  beforeAll(async () => {
    browser = await launch({ ignoreDefaultArgs })
  })
  beforeEach(async () => {
    host = await CountedHost.listen()
    context = await browser.newContext()
    tabs = new Tabs(context, site.origin, host)
  })
  afterEach(async () => {
    await context.close()
    await host.close()
  })
  afterAll(() => browser?.close())

  it.each([
    ['a worker that others share', {}, true],
    ['a shared worker that it has alone', {}, false],
    ['a worker of its own', { without: ['SharedWorker'] }, false],
  ])('has the last write of a page with %s sent as it is left', async (_, visit, hasOther) => {
    if (hasOther) await tabs.open(visit)
    const page = await tabs.open(visit)
    await page.evaluate(elsewhere => {
      map.set('last', 1)
      location.href = elsewhere
    }, `${site.origin}/elsewhere.html`)
    await page.waitForURL(/elsewhere/)
    await expect.poll(() => host.rows.get('last'), { timeout: 5000 }).toBe(1)
  })
})
