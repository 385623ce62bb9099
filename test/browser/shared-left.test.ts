// What of docs/TABS.md hangs on the browser alone: the last page is kept to come back to, and the worker's own Content-Security-Policy.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { MapDownlink, SwimClient } from '../../src/index.js'
import type {} from '../../src/inspect/index.js'
import { launch } from './support/chromium.js'
import { LaneHost } from './support/lane-host.js'
import { pageOf, serve, type Site } from './support/site.js'

/** What a test has of a page. */
interface Tab {
  readonly client: SwimClient
  readonly rows: MapDownlink<string, string>
  readonly shows: boolean[]
}

const imports = {
  mitt: '/repo/node_modules/mitt/dist/mitt.mjs',
  swimlink: '/repo/dist/browser/index.js',
  'swimlink/inspect': '/repo/dist/browser/inspect/index.js',
  'swimlink/shared': '/repo/dist/browser/shared/index.js',
}

/** A page that takes its worker from `url`. */
const app = (url: string, hostUri: string) => `
  import { SwimClient } from 'swimlink'
  import { sharedSocket } from 'swimlink/shared'
  import 'swimlink/inspect'
  const client = new SwimClient({ hostUri: '${hostUri}', webSocket: sharedSocket(() => new SharedWorker('${url}')) })
  const rows = client.downlinkMap({ nodeUri: '/n', laneUri: 'rows' }).open()
  const shows = []
  addEventListener('pageshow', ({ persisted }) => shows.push(persisted))
  Object.assign(window, { client, rows, shows })`

let browser: Browser
let host: LaneHost
let context: BrowserContext
const sites: Site[] = []

beforeAll(async () => {
  browser = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] })
  host = await LaneHost.listen()
})

beforeEach(async () => {
  host.rows.clear()
  host.rows.set('hall', 'on')
  context = await browser.newContext()
})

afterEach(async () => {
  await context.close()
  for (const site of sites.splice(0)) await site.close()
  await expect.poll(() => host.load.sockets, { timeout: 15_000 }).toBe(0)
})

afterAll(async () => {
  await browser?.close()
  await host?.close()
})

/** A site whose page takes its worker from there too; `meta` is the policy of the page alone. */
async function siteOf(meta = '', headers: Record<string, string> = {}): Promise<Site> {
  const importMap = `<script type="importmap">${JSON.stringify({ imports })}</script>`
  const policy = `<meta http-equiv="content-security-policy" content="${meta}">`
  const site = await serve(
    {
      '/': pageOf('/app.js', (meta && policy) + importMap),
      '/elsewhere.html': '<!doctype html><title>elsewhere</title>',
      '/app.js': app('/repo/dist/swimlink-worker.min.js', host.uri),
    },
    { headers },
  )
  sites.push(site)
  return site
}

async function openTab(site: Site): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.origin)
  await has(page, 'hall', 'on')
  return page
}

const has = (page: Page, key: string, value: string) =>
  page.waitForFunction(([key, value]) => (window as Partial<Tab> & Window).rows?.get(key!) === value, [key, value])

const viaOf = (page: Page) => page.evaluate(() => (window as unknown as Tab).client.inspect().hosts[0]!.via)

test('the socket is let go of when the last tab is left, which the browser can keep, and there again when it is come back to', async () => {
  const site = await siteOf()
  const tab = await openTab(site)
  await tab.goto(`${site.origin}/elsewhere.html`)
  await expect.poll(() => host.load.sockets, { timeout: 10_000 }).toBe(0)
  host.rows.set('attic', 'off')
  await tab.goBack({ waitUntil: 'commit' })
  await has(tab, 'attic', 'off')
  expect(await tab.evaluate(() => (window as unknown as Tab).shows)).toEqual([false, true])
  expect(await viaOf(tab)).toBe('shared-worker')
})

test('the worker goes by the policy of its own script, and not by that of the page', async () => {
  const tab = await openTab(await siteOf(`connect-src 'none'`))
  expect(await viaOf(tab)).toBe('shared-worker')
})
