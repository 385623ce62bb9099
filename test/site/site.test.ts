// The documentation's site as `npm run docs` builds it, in Chromium: every page is there and fits a phone, and search, colours, the
// reference and the examples work. A link that leads nowhere fails the build, and so all of this.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from '../browser/support/chromium.js'
import { serve, type Site } from '../browser/support/site.js'

declare const axe: { run(options: RunOptions): Promise<AxeResults> }

const root = fileURLToPath(new URL('../../', import.meta.url))
const checker = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pages = readdirSync(`${root}docs`)
  .filter(name => name.endsWith('.md'))
  .map(name => `/${name.slice(0, -'.md'.length).toLowerCase()}.html`)
const reference = ['/api/index.html', '/api/swimlink/index.html', '/api/swimlink/interfaces/MapDownlink.html']

let browser: Browser
let site: Site

beforeAll(async () => {
  execFileSync('npm', ['run', 'docs:site'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  browser = await launch()
  site = await serve({}, { folder: `${root}docs/.vitepress/dist` })
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

/** Opens a page; `done` closes it, and fails where it complained of anything. */
async function open(path: string, width: number, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => message.type() === 'error' && faults.push(message.text()))
  page.on('response', response => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`))
  await page.goto(site.origin + path)
  // Vue has taken the page over.
  await page.waitForFunction(() => '__vue_app__' in document.querySelector('#app')!)
  const done = async () => {
    expect(faults).toEqual([])
    await context.close()
  }
  return { page, done }
}

/** By how many pixels a page is wider than its window. */
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

test.each([...pages, ...reference])('%s fits a page of 360 pixels', async path => {
  const { page, done } = await open(path, 360)
  expect(await page.locator('h1').count()).toBe(1)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await done()
})

describe.each(['light', 'dark'] as const)('axe-core, %s', scheme => {
  test.each([
    '/index.html',
    '/start.html',
    '/words.html',
    '/guide.html',
    '/options.html',
    '/api/swimlink/interfaces/MapDownlink.html',
  ])('finds nothing serious on %s', async path => {
    const { page, done } = await open(path, 1440, scheme)
    await page.evaluate(checker)
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('.example')).every(e => e.querySelector('li')),
    )
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 800 })
      const { violations, passes } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
      expect(passes.length).toBeGreaterThan(10)
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(
        serious.map(({ id, nodes }) => `${width} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([])
    }
    await done()
  })
})

test('search finds a method in the guide and in the reference', async () => {
  const { page, done } = await open('/index.html', 1440)
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('searchbox').fill('whenSynced')
  const results = page.getByRole('listbox').getByRole('option')
  await results.first().waitFor()
  const found = await results
    .locator('a')
    .evaluateAll(links => links.map(link => new URL((link as HTMLAnchorElement).href).pathname))
  expect(found.some(path => path.startsWith('/api/'))).toBe(true)
  expect(found.some(path => !path.startsWith('/api/'))).toBe(true)
  await done()
})

test('the button for colours turns light into dark', async () => {
  const { page, done } = await open('/guide.html', 1440)
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  await page.getByRole('switch').first().click()
  await expect.poll(background).not.toBe(light)
  await done()
})

test.each([360, 1440])('two clients of one host run in the home page, at %i pixels', async width => {
  const { page, done } = await open('/index.html', width)
  const pane = (name: string) => page.getByRole('region', { name, exact: true })
  const reads = (name: string, text: RegExp) =>
    expect.poll(() => pane(name).innerText(), { timeout: 10_000 }).toMatch(text)
  await reads('Client A', /^Client A\s+synced\s+guest\s+4/)
  await reads('Client B', /^Client B\s+synced\s+guest\s+4/)

  await pane('Client B').getByRole('button', { name: 'Cut' }).click()
  await reads('Client B', /stale, disconnected/)
  await pane('Client B').getByRole('button', { name: 'Set 3: service' }).click()
  await pane('Client A').getByRole('button', { name: 'Set 5: guest' }).click()
  await reads('The lane', /guest\s+5[^]*service\s+2/)
  await reads('Client B', /guest\s+4[^]*service\s+3\s+waiting/)
  expect(await overflow(page)).toBeLessThanOrEqual(0)

  await pane('Client B').getByRole('button', { name: 'Heal' }).click()
  for (const name of ['Client A', 'Client B', 'The lane']) await reads(name, /guest\s+5[^]*service\s+3/)
  await reads('Client B', /^Client B\s+synced(?![^]*(waiting|sent))/)
  await done()
})

test.each([360, 1440])('views follow their map in the guide, at %i pixels', async width => {
  const { page, done } = await open('/guide.html', width)
  const example = page.getByRole('group', { name: 'A map and two views of it' })
  const pane = (name: string) => example.getByRole('region', { name, exact: true })
  const press = (name: string) => pane('vehicles').getByRole('button', { name, exact: true }).click()
  /** What a pane shows, without the words of its buttons. */
  const reads = (name: string, changes: string, rows: readonly string[]) =>
    expect
      .poll(async () => [
        await pane(name).locator('header .note').innerText(),
        ...(await pane(name)
          .locator('li')
          .evaluateAll(items =>
            items.map(item => Array.from(item.querySelectorAll('span'), s => s.innerText).join(' ')),
          )),
      ])
      .toEqual([changes, ...rows])
  await reads('vehicles', '0 changes', ['v1 r1 90', 'v2 r2 60', 'v3 r1 120', 'v4 r2 100', 'v5 r1 30'])
  await reads('fastest', '0 changes', ['v3 r1 120', 'v4 r2 100', 'v1 r1 90'])
  await reads('routes', '0 changes', ['r1 3 80.0', 'r2 2 80.0'])

  // A slow vehicle is none of the fastest, before and after.
  await press('+10: v5')
  await reads('vehicles', '1 change', ['v1 r1 90', 'v2 r2 60', 'v3 r1 120', 'v4 r2 100', 'v5 r1 40'])
  await reads('routes', '1 change', ['r1 3 83.3', 'r2 2 80.0'])
  await reads('fastest', '0 changes', ['v3 r1 120', 'v4 r2 100', 'v1 r1 90'])

  await press('−10: v1')
  await reads('fastest', '1 change', ['v3 r1 120', 'v4 r2 100'])
  await reads('routes', '2 changes', ['r1 3 80.0', 'r2 2 80.0'])
  await press('Add')
  await reads('fastest', '2 changes', ['v3 r1 120', 'v4 r2 100', 'v6 r2 85'])
  await reads('routes', '3 changes', ['r1 3 80.0', 'r2 3 81.7'])
  await press('Remove v3')
  expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Remove v4')
  await reads('fastest', '3 changes', ['v4 r2 100', 'v6 r2 85'])
  await reads('routes', '4 changes', ['r1 2 60.0', 'r2 3 81.7'])
  await reads('vehicles', '4 changes', ['v1 r1 80', 'v2 r2 60', 'v4 r2 100', 'v5 r1 40', 'v6 r2 85'])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await done()
})

// Else a link to a later section would lead to another place: the example comes once the page has scrolled there.
test.each([360, 1440])('the example in the guide takes no more room once it runs, at %i pixels', async width => {
  const { page, done } = await open('/guide.html', width)
  const example = page.locator('.live-view')
  await example.locator('li').last().waitFor()
  const height = () => example.evaluate(node => node.getBoundingClientRect().height)
  const running = await height()
  await example.evaluate(node => node.querySelectorAll('section').forEach(section => section.remove()))
  expect(await height()).toBe(running)
  await done()
})

test('a link to a file outside of docs/ leads to the repository', async () => {
  const { page, done } = await open('/guide.html', 1440)
  const link = page.getByRole('link', { name: 'example', exact: true })
  expect(await link.getAttribute('href')).toMatch(/^https:\/\/github\.com\/\w+\/swimlink\/tree\/main\/examples$/)
  await done()
})

test('llms.txt is there, and so are the pages that it leads to, as text', async () => {
  const read = async (path: string) => {
    const response = await fetch(new URL(path, site.origin))
    expect(response.status, path).toBe(200)
    return response.text()
  }
  const links = Array.from((await read('/llms.txt')).matchAll(/\]\((.*?)\)/g), ([, link]) => link!)
  expect(links.length).toBeGreaterThan(15)
  for (const link of links) expect(await read(link)).toMatch(/^(---\n[^]*?\n---\n\n)?# \S/)
})
