// Firefox: the scenario in a page and in a worker, and what happens to pages there.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allHold, cachePage } from '../browser/support/cache-page.js'
import { LaneHost } from '../browser/support/lane-host.js'
import { linkedPage, linkedUrl } from '../browser/support/linked-page.js'
import { serve, type Site } from '../browser/support/site.js'
import { firefoxVersion, launchFirefox, openPage, type Browser, type Page } from './firefox.js'
import { goesThrough, scenarioPages, serveScenario } from './scenario-site.js'

let browser: Browser
beforeAll(async () => {
  browser = await launchFirefox()
})
afterAll(() => browser?.close())

describe(`${firefoxVersion()}, with the package as it is packed`, () => {
  let site: Site

  beforeAll(async () => {
    site = await serveScenario()
  })
  afterAll(() => site?.close())

  test.each(scenarioPages)('goes through the scenario: $how', async each => {
    let opened: { page: Page; faults: string[] } | undefined
    await goesThrough(each, site.origin, async url => {
      const { page } = (opened = await openPage(browser, url))
      return expression => page.evaluate(expression)
    }).finally(() => opened?.page.close())
    // Of sockets that fail, as they are made to, Firefox complains itself.
    const own = /^(The connection to|Firefox can’t establish a connection .*) ws:/
    expect(opened!.faults.filter(text => !own.test(text))).toEqual([])
  })
})

describe(`a store of a cache in IndexedDB of ${firefoxVersion()}`, () => {
  let site: Site

  beforeAll(async () => {
    site = await serve(await cachePage())
  })
  afterAll(() => site?.close())

  test.each(['page', 'worker'])('does what the suite asks, in a %s', async where => {
    const { page, faults } = await openPage(browser, site.origin)
    const said = await page.evaluate<Record<string, string>>(`outcomes('${where}')`)
    await page.close()
    expect(Object.keys(said).length).toBeGreaterThan(15)
    expect(said).toEqual(allHold(said))
    expect(faults).toEqual([])
  })
})

describe(`a page in ${firefoxVersion()}`, () => {
  /** So long between tries that only an event of the page can have brought about another. */
  const patient = { reconnectMinMs: 3_600_000, reconnectMaxMs: 3_600_000, reconnectJitter: 0 }
  let site: Site
  let host: LaneHost
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    const script = `${linkedPage['/page.js']}\nglobalThis.client = client`
    site = await serve({ ...linkedPage, '/page.js': script })
  })
  afterAll(() => site?.close())

  beforeEach(async () => {
    host = await LaneHost.listen()
    host.rows.set('a', 1)
    host.rows.set('b', { floor: 2 })
    ;({ page, faults } = await openPage(browser, linkedUrl(site.origin, host.uri, patient)))
    await until('map.synced')
  })
  afterEach(async () => {
    await page.close()
    await host.close()
  })

  const until = (expression: string) =>
    expect.poll(() => page.evaluate<unknown>(expression).catch(String), { timeout: 20_000 }).toBe(true)
  const agrees = () =>
    expect.poll(() => page.evaluate('JSON.stringify(entries())')).toBe(JSON.stringify(Object.fromEntries(host.rows)))

  test('goes on being told of changes while it is hidden', async () => {
    const other = await browser.newPage()
    await other.bringToFront()
    await until('document.hidden')
    const before = await page.evaluate<number>('batches')
    host.rows.set('c', 3)
    await until(`map.get('c') === 3 && batches > ${before}`)
    await page.bringToFront()
    await other.close()
    await until('!document.hidden && map.synced')
    expect(faults).toEqual([])
  })

  test('comes back at once when it is shown, after its host was lost while it was hidden', async () => {
    const other = await browser.newPage()
    await other.bringToFront()
    await until('document.hidden')
    await host.restart(() => host.rows.set('z', 26))
    await until(`map.status.state === 'stale'`)
    await page.bringToFront()
    await other.close()
    await until('map.synced')
    await agrees()
    expect(faults).toEqual([])
  })

  test('comes back at once when the browser is online again', async () => {
    await page.setOfflineMode(true)
    await until('!navigator.onLine')
    await host.restart(() => host.rows.set('z', 26))
    await until(`map.status.state === 'stale'`)
    await page.evaluate(`map.set('mine', 1)`)
    await page.setOfflineMode(false)
    await until('map.synced')
    await expect.poll(() => Object.fromEntries(host.rows)).toEqual({ mine: 1, z: 26 })
    await agrees()
  })

  const leave = async () => {
    await page.evaluate('globalThis.isTheSame = true')
    await page.goto(`${site.origin}/elsewhere.html`)
    await expect.poll(() => host.load.sockets).toBe(0)
    host.rows.set('while away', true)
    host.rows.delete('a')
    // Puppeteer's own goBack waits for a load that a kept page has behind it.
    await page.evaluate('setTimeout(() => history.back())')
  }

  test('lets go of its socket when it is left; Firefox keeps no page with one, and loads it anew', async () => {
    await leave()
    await until('map.synced && globalThis.isTheSame === undefined')
    await agrees()
    expect(host.load).toMatchObject({ sockets: 1, links: 1 })
    expect(faults).toEqual([])
  })

  test('is kept where its client has no socket left, and links again', async () => {
    await page.evaluate('map.close()')
    await expect.poll(() => host.load.sockets, { timeout: 5000 }).toBe(0)
    await leave()
    await until('globalThis.isTheSame === true')
    await page.evaluate(`globalThis.again = client.downlinkMap({ laneUri: 'rows' }).open()`)
    await until(`again.synced && again.has('while away') && !again.has('a')`)
    expect(faults).toEqual([])
  })
})
