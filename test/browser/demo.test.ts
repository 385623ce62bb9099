// The demo's pages in Chromium: what is shown is what the host has, what is written lands, and what is cut off says so.
// @module-tag full
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { SwimClient } from '../../src/index.js'
import { endCommands, startDemo, type Command } from '../support/demo.js'
import { isOwnComplaint } from './support/own-complaint.js'

let browser: Browser
let command: Command
let uri: string
let url: string
const faults: string[] = []

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  ;({ command, uri, url } = await startDemo())
})
afterAll(async () => {
  await browser?.close()
  endCommands()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  // Among them are breaches of the Content-Security-Policy.
  expect(faults.splice(0)).toEqual([])
})

async function open(path = ''): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && !isOwnComplaint(message.text())) faults.push(message.text())
  })
  await page.goto(url + path)
  return page
}

const pane = (page: Page, letter: string): Locator => page.getByRole('article', { name: `Client ${letter}` })
const row = (pane: Locator, key: string): Locator => pane.getByRole('row').filter({ hasText: key })
const put = async (pane: Locator, key: string, floor: number) => {
  await pane.getByLabel('Key', { exact: true }).fill(key)
  await pane.getByLabel('Floor', { exact: true }).fill(String(floor))
  await pane.getByRole('button', { name: 'Put' }).click()
}

interface Elevator {
  readonly id: number
  readonly floor: number
  readonly occupied: boolean
}

/** In one step: a locator finds the rows first, and reads them when they may have moved. */
const districtCounts = (page: Page): Promise<number[]> =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('#districts span'), ({ textContent }) =>
      Number(textContent.replaceAll(',', '')),
    ),
  )

test('elevators move in both panes, and both hold the same', async () => {
  const page = await open()
  const a = pane(page, 'A')
  await a.getByText('Synced').waitFor()
  await row(a, 'guest').waitFor()
  await page.getByText(/Both hold the same \d+ entries/).waitFor()
  const floors = () => a.locator('td.number:not(.id)').allTextContents()
  const before = await floors()
  await expect.poll(floors, { timeout: 15_000 }).not.toEqual(before)
  // The overview is drawn from the join map lane: five hotels, with the elevators of each.
  await expect.poll(() => page.locator('#skyline .elevator').count()).toBeGreaterThanOrEqual(14)
  await page
    .getByText(/@update\(key:/)
    .first()
    .waitFor()
})

test('the overview is made by views: it lists what a client that computes it from the whole map finds', async () => {
  await using client = new SwimClient({ hostUri: uri })
  const city = client.downlinkMap<string, Elevator>().nodeUri('/city').laneUri('elevators').open()
  await city.whenSynced()
  const hotelOf = (key: string) => /^(garden|harbour|summit|station)-/.exec(key)?.[1] ?? 'lobby'
  const titles: Record<string, string> = {
    garden: 'Garden House',
    lobby: 'Grand Lobby',
    harbour: 'Harbour View',
    summit: 'The Summit',
    station: 'Station Inn',
  }
  const highest = () =>
    [...city]
      .sort(([, a], [, b]) => b.floor - a.floor)
      .slice(0, 5)
      .map(([key, { floor, occupied }]) =>
        [floor, key, titles[hotelOf(key)], occupied ? 'somebody in it' : 'empty'].join(),
      )
  const busiest = () =>
    Object.keys(titles)
      .sort()
      .map(hotel => {
        const theirs = [...city].filter(([key]) => hotelOf(key) === hotel).map(([, { occupied }]) => occupied)
        return { title: titles[hotel], inUse: theirs.filter(Boolean).length, all: theirs.length }
      })
      .sort((a, b) => b.inUse / b.all - a.inUse / a.all)
      .map(({ title, inUse, all }) => `${title},${inUse} of ${all} in use`)

  const page = await open()
  const rows = (id: string, parts: string) =>
    page
      .locator(`#${id} li`)
      .evaluateAll(
        (rows, parts) => rows.map(row => [...row.querySelectorAll(parts)].map(part => part.textContent).join()),
        parts,
      )
  const agree = async () => {
    expect(await rows('highest', '.sign, b, small, .words')).toEqual(highest())
    expect(await rows('busiest', 'b, .words')).toEqual(busiest())
    expect(
      (await page.locator('#skyline figcaption').allInnerTexts()).map(text => text.replace(/\n+/, ',')).sort(),
    ).toEqual(busiest().sort())
  }
  // An elevator may move between two looks: nothing of it is left at a later one.
  await expect.poll(() => agree().then(() => '', String), { timeout: 15_000 }).toBe('')

  const summit = client.downlinkMap<string, Elevator>().nodeUri('/hotel/summit').laneUri('elevators').open()
  await summit.put('summit-0', { id: 399, floor: 18, occupied: true })
  await page.locator('#highest').getByText('summit-0').waitFor()
  await expect.poll(() => agree().then(() => '', String), { timeout: 15_000 }).toBe('')
  await summit.remove('summit-0')
  await page.locator('#highest').getByText('summit-0').waitFor({ state: 'detached' })
  await expect.poll(() => agree().then(() => '', String), { timeout: 15_000 }).toBe('')
})

test('an entry put in one pane shows in the other, and is gone from both when removed', async () => {
  const page = await open()
  await put(pane(page, 'A'), 'express', 5)
  await row(pane(page, 'B'), 'express').waitFor()
  await pane(page, 'A')
    .getByText(/taken after/)
    .waitFor()
  await row(pane(page, 'B'), 'express').getByRole('button', { name: 'Remove express' }).click()
  await row(pane(page, 'A'), 'express').waitFor({ state: 'detached' })
})

test('a floor that the hotel has not is made another by the lane, and the page says so', async () => {
  const page = await open()
  await put(pane(page, 'A'), 'sky', 99)
  await pane(page, 'A').getByText('the lane went on to another value').waitFor()
  await expect.poll(() => row(pane(page, 'B'), 'sky').locator('td').first().textContent()).toBe('12')
  await row(pane(page, 'A'), 'sky').getByRole('button', { name: 'Remove sky' }).click()
})

test('writes made while the network is cut are seen to wait, and land once it is healed', async () => {
  const page = await open()
  const [a, b] = [pane(page, 'A'), pane(page, 'B')]
  await a.getByText('Synced').waitFor()
  await a.getByRole('switch', { name: 'Network' }).click()
  await a.getByText('Stale').waitFor()
  await b.getByText('Synced').waitFor()

  await put(a, 'lift-7', 9)
  await a.getByText(/waiting \d+ s/).waitFor()
  expect(await row(a, 'lift-7').getAttribute('class')).toBe('waiting')
  await page.getByText(/They differ in/).waitFor()
  expect(await row(b, 'lift-7').count()).toBe(0)

  await a.getByRole('switch').click()
  await a.getByText('Synced').waitFor()
  await a.getByText(/taken after/).waitFor()
  await row(b, 'lift-7').waitFor()
  await page.getByText(/Both hold the same/).waitFor()
  await row(b, 'lift-7').getByRole('button', { name: 'Remove' }).click()
})

test('the load view draws what the host makes, in this page, in a worker, or by a socket that tabs share', async () => {
  const page = await open('load.html')
  // The sliders are a value lane: what one page asks for, another sees.
  const other = await open('load.html')
  await page.getByRole('slider', { name: /Vehicles/ }).fill('2')
  await expect.poll(() => other.locator('#count-text').textContent()).toBe('5,000')
  await other.close()
  for (const where of ['a worker', 'this page', 'a socket that tabs share']) {
    await page.getByLabel(where).check()
    await page.getByText('Synced').waitFor()
    await expect
      .poll(() => page.locator('#plainly').textContent(), { timeout: 30_000 })
      .toMatch(/^5,000 entries are here/)
    const updates = () => page.locator('#updates').textContent()
    await expect
      .poll(async () => Number((await updates())?.replaceAll(',', '')), { timeout: 30_000 })
      .toBeGreaterThan(0)
    // Each vehicle is counted in one district, and the fullest is first.
    await expect.poll(async () => (await districtCounts(page)).reduce((sum, count) => sum + count, 0)).toBe(5_000)
    const counts = await districtCounts(page)
    expect(counts).toHaveLength(7)
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
    // Those who cross a border are counted on its other side.
    await expect.poll(() => districtCounts(page), { timeout: 15_000 }).not.toEqual(counts)
  }
})

test('the React page renders the cards of elevators that have moved', async () => {
  const page = await open('react.html')
  await page.getByRole('heading', { name: 'garden-north' }).waitFor()
  const counts = () => page.locator('.card .count').allTextContents()
  const before = await counts()
  await expect.poll(counts, { timeout: 15_000 }).not.toEqual(before)
})

test.each(['', 'load.html', 'react.html'])(
  'nothing on /%s is wider than the page, on a phone, a tablet and a desk',
  async path => {
    const page = await open(path)
    await page.getByText('Synced').first().waitFor()
    for (const width of [360, 768, 1920]) {
      await page.setViewportSize({ width, height: 800 })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([width, over]).toEqual([width, 0])
    }
  },
)

test('the colours follow the system until the button is pressed, and then the choice is kept', async () => {
  const page = await open()
  const button = page.getByRole('button', { name: /^Colours/ })
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await ground()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await ground()
  expect(dark).not.toBe(light)
  await button.press('Enter')
  expect(await ground()).toBe(light)
  await page.reload()
  expect(await ground()).toBe(light)
  await button.press('Enter')
  expect(await ground()).toBe(dark)
})

test('a host that goes away is said, what is shown is said to be stale, and all is well again when it is back', async () => {
  const page = await open()
  await pane(page, 'A').getByText('Synced').waitFor()
  await command.interrupt()
  await page.getByText(/The host is away since/).waitFor()
  await pane(page, 'A').getByText('Stale').waitFor()
  expect(await row(pane(page, 'A'), 'guest').count()).toBe(1)
  await put(pane(page, 'A'), 'while-away', 3)
  ;({ command } = await startDemo('--port', new URL(uri).port))
  await page.getByText(/The host is away since/).waitFor({ state: 'hidden', timeout: 40_000 })
  await row(pane(page, 'B'), 'while-away').waitFor({ timeout: 40_000 })

  await using client = new SwimClient({ hostUri: uri })
  const elevators = client.downlinkMap().nodeUri('/hotel/lobby').laneUri('elevators').open()
  await elevators.whenSynced()
  expect(elevators.get('while-away')).toMatchObject({ floor: 3 })
})
