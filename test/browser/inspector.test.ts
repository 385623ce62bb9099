// <swimlink-inspector> in Chromium: under a strict Content-Security-Policy, by the keyboard, by names, in a flood, light and dark.
// @module-tag full
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readTape } from '../../src/inspect/index.js'
import { launch, openPage } from './support/chromium.js'
import { LaneHost } from './support/lane-host.js'
import { pageOf, serve, type Site } from './support/site.js'

declare const axe: { run(options: RunOptions): Promise<AxeResults> }
declare const inspector: HTMLElement & { client: unknown }

const checker = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'connect-src ws:',
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const program = `
    import { SwimClient } from './dist/browser/index.js'
    import './dist/browser/inspector/index.js'
    const given = new URLSearchParams(location.search)
    document.documentElement.lang = 'en'
    const client = new SwimClient({ hostUri: given.get('host'), nodeUri: '/n', reconnectMinMs: 600000, reconnectMaxMs: 600000, onError() {} })
    const map = client.downlinkMap({ laneUri: 'rows' }).open()
    const value = client.downlinkValue({ laneUri: 'light' }).open()
    const main = document.createElement('main')
    const heading = document.createElement('h1')
    heading.textContent = 'A page'
    const inspector = document.createElement('swimlink-inspector')
    if (given.has('docked')) inspector.toggleAttribute('docked')
    inspector.client = client
    main.append(heading, inspector)
    document.body.append(main)
    Object.assign(globalThis, { client, map, value, inspector })
  `

/** As an application's bundler makes it. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('../../', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['browser'],
  })
  return outputFiles[0]!.text
}

let browser: Browser
let site: Site
let host: LaneHost
const pages: Page[] = []

beforeAll(async () => {
  browser = await launch()
  site = await serve(
    {
      '/': pageOf('/page.js', '<link rel="stylesheet" href="/page.css">'),
      '/page.css':
        'body { margin: 0 } h1 { position: absolute; clip-path: inset(50%) } main { height: 100vh } swimlink-inspector { height: 100% }',
      '/page.js': await bundle(),
    },
    { headers: { 'content-security-policy': policy } },
  )
  host = await LaneHost.listen()
  host.rows.set('guest', 'floor 3')
})
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await host?.close()
})

interface Opened {
  readonly page: Page
  readonly faults: string[]
}

async function open(query = '', width = 1440): Promise<Opened> {
  const opened = await openPage(browser, `${site.origin}/?host=${encodeURIComponent(host.uri)}${query}`)
  pages.push(opened.page)
  opened.page.setDefaultTimeout(10_000)
  await opened.page.setViewportSize({ width, height: 900 })
  await opened.page.getByText('synced').first().waitFor()
  return opened
}

test('hosts, links and frames are shown under a strict policy, in a shadow root of its own', async () => {
  const { page, faults } = await open()
  const whole = page.getByRole('region', { name: 'swimlink inspector' })
  await whole.getByRole('heading', { name: host.uri }).waitFor()
  await page.getByRole('button', { name: /^rows \/n synced 1 entry/ }).waitFor()
  await page.getByRole('button', { name: /^light \/n synced/ }).waitFor()
  const frames = page.getByRole('list', { name: 'Frames, newest first' })
  await frames.getByText('@sync(node:"/n",lane:rows)').waitFor()
  await frames.getByText('@synced(node:"/n",lane:rows)').waitFor()
  expect(await page.locator('style').count()).toBe(0)
  expect(await page.evaluate(() => inspector.shadowRoot!.querySelectorAll('[style]').length)).toBe(0)
  expect(faults).toEqual([])
})

test('what others write is text, whatever is in it', async () => {
  const { page, faults } = await open()
  host.rows.set('<img src=x onerror=alert(1)>', '<script>alert(2)</script><b>bold</b>')
  await page.getByRole('button', { name: /^rows/ }).click()
  await page.getByRole('cell', { name: '<script>alert(2)</script><b>bold</b>' }).waitFor()
  await page.getByRole('rowheader', { name: '<img src=x onerror=alert(1)>' }).waitFor()
  await page
    .getByText(/<b>bold<\/b>/)
    .first()
    .waitFor()
  expect(await page.locator('img, b >> text=bold').count()).toBe(0)
  host.rows.delete('<img src=x onerror=alert(1)>')
  expect(faults).toEqual([])
})

test('all of it works by the keyboard, and what is focused stays so while figures change', async () => {
  const { page, faults } = await open()
  const focused = () =>
    page.evaluate(() => {
      const element = inspector.shadowRoot!.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent ?? ''
    })
  const walked: string[] = []
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab')
    const name = await focused()
    if (name === '') break
    walked.push(name)
    if (name.startsWith('rows')) await page.keyboard.press('Space')
    if (name === 'Filter frames') await page.keyboard.type('lane:light')
    if (name === 'Pause') await page.keyboard.press('Enter')
  }
  expect(walked.map(name => name.split(' ')[0])).toEqual(
    'Record Fold rows light Entries, Filter Direction Pause Clear Frames,'.split(' '),
  )
  await page.getByRole('rowheader', { name: 'guest' }).waitFor()
  expect(await page.getByText('lane:rows').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Pause' }).getAttribute('aria-pressed')).toBe('true')
  const button = page.getByRole('button', { name: /^rows/ })
  await button.focus()
  for (let n = 0; n < 3; n++) {
    host.rows.set('guest', `floor ${n}`)
    await page.getByRole('cell', { name: `floor ${n}` }).waitFor()
  }
  expect(await focused()).toMatch(/^rows/)
  expect(faults).toEqual([])
})

test('filter, direction, pause and clear do what they say', async () => {
  const { page } = await open()
  const rows = page.getByRole('list', { name: 'Frames, newest first' }).getByRole('listitem')
  const before = await rows.count()
  expect(before).toBeGreaterThan(5)
  await page.getByLabel('Direction').selectOption('out')
  const sent = await rows.count()
  expect(sent).toBeLessThan(before)
  await page.getByLabel('Direction').selectOption('')
  await page.getByLabel('Filter frames').fill('LANE:ROWS')
  await page.getByText('@synced(node:"/n",lane:rows)').waitFor()
  await page.getByLabel('Filter frames').fill('nothing like it')
  await page.getByText('No frame fits the filter.').waitFor()
  await page.getByLabel('Filter frames').fill('')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused: new frames are not kept.').waitFor()
  host.rows.set('paused', 'x')
  await page.getByRole('button', { name: /^rows \/n synced 2 entries/ }).waitFor()
  expect(await page.getByText('key:paused').count()).toBe(0)
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByText('None yet.').waitFor()
  host.rows.set('after', 'x')
  await page.getByText('key:after').waitFor()
  host.rows.delete('after')
  host.rows.delete('paused')
})

test('a flood is sampled, says so, holds no more than it may, and leaves the page alive', async () => {
  const { page, faults } = await open()
  for (let n = 0; n < 20_000; n++) host.rows.set(`flood ${n}`, 'x')
  await page.getByText('Too many frames to show all: this is a sample.').waitFor()
  await page
    .getByText(/[\d,]+ frames? not shown/)
    .first()
    .waitFor()
  const rows = page.getByRole('list', { name: 'Frames, newest first' }).getByRole('listitem')
  expect(await rows.count()).toBeLessThanOrEqual(200)
  await page.getByRole('img', { name: /^In, frames a second in the last minute: now/ }).waitFor()
  host.rows.clear()
  host.rows.set('guest', 'floor 3')
  expect(faults).toEqual([])
})

test('a lost host is said to wait, and is tried again at once by the button', async () => {
  const { page } = await open()
  const retry = page.getByRole('button', { name: 'Retry now' })
  expect(await retry.isDisabled()).toBe(true)
  await host.restart(() => host.rows.set('guest', 'back'))
  await page.getByText(/next attempt in \d+ (s|min)/).waitFor()
  await page.getByText('stale', { exact: true }).first().waitFor()
  await retry.click()
  await page.getByRole('button', { name: /^rows \/n synced/ }).waitFor()
  expect(await retry.isDisabled()).toBe(true)
})

test('a tape is recorded and saved', async () => {
  const { page } = await open()
  await page.getByRole('button', { name: 'Record' }).click()
  host.rows.set('taped', 'x')
  await page.getByText('key:taped').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save tape' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('client.tape.jsonl')
  const { lines } = readTape(await readFile(await download.path(), 'utf8'))
  expect(lines[0]).toMatchObject({ at: 0, event: 'open', host: host.uri })
  expect(lines.some(line => 'text' in line && line.text.includes('key:taped'))).toBe(true)
  await page.getByRole('button', { name: 'Record' }).waitFor()
  host.rows.delete('taped')
})

test('taken out it listens to nothing; put back it does again; it takes several clients, and refuses what is none', async () => {
  const { page, faults } = await open()
  const looks = () =>
    page.evaluate(() => {
      const core = (globalThis as unknown as { client: { [key: symbol]: { options: { spy: unknown } } } }).client
      return core[Symbol.for('swimlink.inside')]!.options.spy !== undefined
    })
  expect(await looks()).toBe(true)
  await page.evaluate(() => inspector.remove())
  expect(await looks()).toBe(false)
  await page.evaluate(() => document.querySelector('main')!.append(inspector))
  expect(await looks()).toBe(true)
  await page.evaluate(() => {
    const { client } = globalThis as unknown as { client: object }
    inspector.client = { First: client, Second: client }
  })
  await page.getByRole('heading', { name: `Second at ${host.uri}` }).waitFor()
  const refused = await page.evaluate(() => {
    try {
      inspector.client = { a: 7 }
      return 'taken'
    } catch (error) {
      return String((error as Error).message)
    }
  })
  expect(refused).toMatch(/client: must be a SwimClient/)
  expect(faults).toEqual([])
})

test.each(['light', 'dark'] as const)(
  'axe-core finds nothing, %s, docked and whole, on a phone and on a desk',
  async scheme => {
    for (const [query, widths] of [
      ['', [360, 1440]],
      ['&docked', [360, 1440]],
    ] as const) {
      const { page } = await open(query)
      await page.emulateMedia({ colorScheme: scheme })
      await page.getByRole('button', { name: /^rows/ }).click()
      // The policy of the page forbids what the checker would be put in by.
      await page
        .context()
        .newCDPSession(page)
        .then(session => session.send('Page.setBypassCSP', { enabled: true }))
      await page.evaluate(checker)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        const { violations, passes } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
        expect(passes.length).toBeGreaterThan(10)
        expect(
          violations.map(({ id, nodes }) => `${width} ${id}: ${nodes.map(({ html }) => html).join(', ')}`),
        ).toEqual([])
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
        expect(isWide).toBe(false)
      }
      if (query === '&docked') {
        expect(await page.evaluate(() => inspector.getBoundingClientRect().width)).toBe(320)
        await page.getByRole('button', { name: 'Fold' }).click()
        expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0)
        await page.getByRole('button', { name: 'Unfold' }).click()
        await page.getByRole('button', { name: 'Pause' }).waitFor()
      }
      if (process.env['SHOTS']) {
        await page.setViewportSize({ width: 1440, height: 900 })
        await page.screenshot({ path: `${process.env['SHOTS']}/${scheme}${query}.png` })
        if (query === '') {
          await page.setViewportSize({ width: 360, height: 900 })
          await page.screenshot({ path: `${process.env['SHOTS']}/${scheme}-360.png` })
        }
      }
    }
  },
)
