// The demo's pages with their host and their web server away, in Chromium: what was seen at an earlier visit shows, with its age;
// what is written then is kept, and goes out when the host is back.
// @module-tag full
import { createServer, type Server } from 'node:http'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { SwimClient } from '../../src/index.js'
import { endCommands, startDemo, type Command } from '../support/demo.js'
import { launch } from './support/chromium.js'
import { isKept, keptTexts } from './support/kept.js'
import { isOwnComplaint } from './support/own-complaint.js'

let browser: Browser
let command: Command
let uri: string
let url: string
const faults: string[] = []

beforeAll(async () => {
  browser = await launch()
})
beforeEach(async () => {
  ;({ command, uri, url } = await startDemo())
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  endCommands()
  expect(faults.splice(0)).toEqual([])
})
afterAll(async () => {
  await browser?.close()
})

/** Opens the hotel, and waits until the browser has kept its entries and the pages' files. */
async function visit(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    // A page that keeps nothing warns.
    if (/error|warning/.test(message.type()) && !isOwnComplaint(message.text())) faults.push(message.text())
  })
  await page.goto(url)
  await isKept(page)
  return page
}

const leave = async () => {
  await command.interrupt()
}
const comeBack = async () => {
  ;({ command } = await startDemo('--port', new URL(uri).port))
}

const pane = (page: Page, letter: string): Locator => page.getByRole('article', { name: `Client ${letter}` })
const row = (pane: Locator, key: string): Locator => pane.getByRole('row').filter({ hasText: key })
const put = async (pane: Locator, key: string, floor: number) => {
  await pane.getByLabel('Key', { exact: true }).fill(key)
  await pane.getByLabel('Floor', { exact: true }).fill(String(floor))
  await pane.getByRole('button', { name: 'Put' }).click()
}
const away = (page: Page): Locator => page.getByRole('alert').filter({ hasText: /the host is away/i })
const asOf = /^As of \d\d:\d\d/

test('a page that was visited shows its entries without host and server, keeps what is written, and is live when both are back', async () => {
  const page = await visit()
  const [a, b] = [pane(page, 'A'), pane(page, 'B')]
  await leave()
  await page.reload()

  for (const each of [a, b]) {
    await each.getByRole('status').filter({ hasText: asOf }).waitFor()
    for (const key of ['guest', 'panorama', 'parking', 'service']) await row(each, key).waitFor()
  }
  await away(page).waitFor()
  expect(await away(page).textContent()).toMatch(
    /^As of \d\d:\d\d: the host is away\. What you see is kept from an earlier visit\. What you write is kept too/,
  )
  expect(await page.locator('#link').textContent()).toMatch(asOf)
  await expect.poll(() => a.getAttribute('class')).toContain('stale')
  // The city, and what views make of it and of the names, which are a lane of their own.
  expect(await page.locator('#skyline .elevator').count()).toBeGreaterThanOrEqual(14)
  await page.locator('#busiest').getByText('Garden House').waitFor()
  expect(await page.locator('#highest li').count()).toBe(5)

  await put(a, 'lift-k', 9)
  await row(a, 'parking').getByRole('button', { name: 'Remove' }).click()
  await expect
    .poll(async () => (await keptTexts(page)).join())
    .toMatch(/@update\(key:lift-k\)[^]*@remove\(key:parking\)/)

  // It is there after another reload, as what waits; and the other client knows nothing of it.
  await page.reload()
  await a
    .getByText(/kept, waiting \d+ s/)
    .first()
    .waitFor()
  expect((await a.locator('.writes li code').allTextContents()).sort()).toEqual([
    'lift-k → floor 9, occupied',
    'parking → remove',
  ])
  expect(await row(a, 'lift-k').getAttribute('class')).toBe('waiting')
  expect(await row(a, 'parking').count()).toBe(0)
  expect(await row(b, 'lift-k').count()).toBe(0)
  await page.getByText(/They differ in 2 entries/).waitFor()

  await comeBack()
  for (const each of [a, b]) await each.getByText('Synced').waitFor({ timeout: 40_000 })
  await away(page).waitFor({ state: 'hidden' })
  await expect.poll(() => a.locator('.writes li[data-state=taken]').count(), { timeout: 40_000 }).toBe(2)
  await row(b, 'lift-k').waitFor()
  await row(b, 'parking').waitFor({ state: 'detached' })
  expect(await row(a, 'lift-k').getAttribute('class')).toBe('')

  await using client = new SwimClient({ hostUri: uri })
  const elevators = client.downlinkMap().nodeUri('/hotel/lobby').laneUri('elevators').open()
  await elevators.whenSynced()
  expect(elevators.get('lift-k')).toMatchObject({ id: 104, floor: 9 })
  expect(elevators.has('parking')).toBe(false)
  // Live: what another writes shows.
  await elevators.put('lift-k', { id: 104, floor: 2, occupied: false })
  await expect.poll(() => row(a, 'lift-k').locator('td').first().textContent()).toBe('2')
  // And what has gone out is not sent again at the next visit.
  await page.reload()
  await a.getByText('Synced').waitFor()
  expect(await page.locator('.writes li').count()).toBe(0)
})

test(
  'the React page shows what the hotel page has kept; the load page, which keeps nothing, says that the host is away',
  { tags: 'slow' },
  async () => {
    const page = await visit()
    await leave()
    await page.goto(`${url}react.html`)
    await page.getByRole('heading', { name: 'garden-north' }).waitFor()
    await away(page).waitFor()
    expect(await page.locator('.card').count()).toBeGreaterThanOrEqual(14)
    await page.goto(`${url}load.html`)
    await away(page).waitFor()
    expect(await away(page).textContent()).toContain('Nothing of it is kept here')
    await comeBack()
    await expect
      .poll(() => page.locator('#plainly').textContent(), { timeout: 40_000 })
      .toMatch(/^[\d,]+ entries are here/)
  },
)

test('what is kept can be forgotten: entries, and writes that have not gone out', async () => {
  const page = await visit()
  await leave()
  await page.reload()
  await put(pane(page, 'A'), 'lift-f', 4)
  await expect.poll(async () => (await keptTexts(page)).join()).toContain('lift-f')
  await page.getByRole('button', { name: 'Forget them' }).click()
  await page.getByText(/^Forgotten/).waitFor()
  await expect.poll(() => row(pane(page, 'B'), 'guest').count()).toBe(0)
  expect(await keptTexts(page)).toEqual([])

  await page.reload()
  await away(page).waitFor()
  expect(await away(page).textContent()).toContain('Nothing of it is kept here')
  expect(await page.locator('.pane tbody tr').count()).toBe(0)
  await comeBack()
  await row(pane(page, 'A'), 'guest').waitFor({ timeout: 40_000 })
  await page.getByText(/Both hold the same 4 entries/).waitFor()
  // And from then on it is kept again.
  await isKept(page)
})

test('what another server says at the address of the demo is what shows', { tags: 'slow' }, async () => {
  const page = await visit()
  await leave()
  const other = await listen(Number(new URL(uri).port))
  await page.goto(url)
  expect(await page.title()).toBe('another')
  await new Promise(closed => {
    other.close(closed)
    other.closeAllConnections()
  })
  await page.goto(url)
  await row(pane(page, 'A'), 'guest').waitFor()
})

async function listen(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const isPage = request.url === '/'
    response.writeHead(isPage ? 200 : 204, { 'content-type': 'text/html' })
    response.end(isPage ? '<!doctype html><link rel="icon" href="data:,"><title>another</title>' : undefined)
  })
  await new Promise<void>(listening => server.listen(port, '127.0.0.1', listening))
  return server
}
