// What each binding must do with views and windows on its page, in Chromium: opened, shared and closed with their components, and rendered for what has changed alone.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ViewsApp } from './views-app.js'
import { openPage } from '../support/chromium.js'
import { LaneHost } from '../support/lane-host.js'
import { key, served, type Mode } from './served.js'

declare const app: ViewsApp

const soon = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/**
 * The cases of a framework, as tests.
 * @param bundle the script of its page of views
 * @param isWhole whether to count what thousands of rows render as well, which takes seconds
 */
export function viewTests(bundle: (mode: Mode) => Promise<string>, isWhole: boolean): void {
  const at = served(bundle)
  let host: LaneHost
  let page: Page
  let faults: string[]

  beforeEach(async () => {
    host = await LaneHost.listen()
  })
  afterEach(async () => {
    await page?.context().close()
    await host.close()
  })

  async function open(mode: 'development' | 'production', rows: number, query = ''): Promise<void> {
    for (let n = 0; n < rows; n++) host.rows.set(key(n), n % 2)
    ;({ page, faults } = await openPage(
      at.browser,
      `${at.site.origin}/${mode}.html?host=${encodeURIComponent(host.uri)}${query}`,
    ))
    await shows('status', 'synced')
    await shows('positive', String(Math.floor(rows / 2)))
  }

  const shows = (id: string, text: string) =>
    page.waitForFunction(([id, text]) => document.getElementById(id!)?.textContent === text, [id, text])
  const rowCount = (count: number) =>
    page.waitForFunction(count => document.querySelectorAll('ul li').length === count, count)
  const renders = () => page.evaluate(() => ({ ...app.renders }))
  const openViews = () => page.evaluate(() => app.made.filter(({ status }) => status.state !== 'closed').length)
  const windowOf = (name: string) => page.locator(`.${name}`).allTextContents()
  const windowShows = (name: string, texts: string[]) =>
    page.waitForFunction(
      ([name, texts]) => [...document.getElementsByClassName(name)].map(row => row.textContent).join() === texts,
      [name, texts.join()] as const,
    )
  /** What was rendered since, and how often. */
  async function more(before: Record<string, number>): Promise<Record<string, number>> {
    const after = Object.entries(await renders())
    return Object.fromEntries(
      after.flatMap(([id, n]) => (n === (before[id] ?? 0) ? [] : [[id, n - (before[id] ?? 0)]])),
    )
  }

  it('opens a view with its component, starts it once, and closes it when its question changes or it goes', async () => {
    await open('development', 6, '&later')
    expect(await openViews()).toBe(1)

    await page.evaluate(() => app.setShown(true))
    await rowCount(6)
    await windowShows(
      'ofView',
      [0, 1, 2, 3, 4].map(n => `${key(n)} ${n % 2}`),
    )
    expect(await openViews()).toBe(2)
    // StrictMode mounts twice, three components read the view, and windows come and go: it is computed once.
    expect((await renders())['filter']).toBe(6)

    await page.evaluate(() => app.setMinimum(1))
    await rowCount(3)
    await shows('ofView', '3')
    expect(await windowOf('ofView')).toEqual([1, 3, 5].map(n => `${key(n)} 1`))
    expect(await openViews()).toBe(2)
    expect((await renders())['filter']).toBe(12)

    host.rows.set(key(0), 7)
    await shows(key(0), '7')
    await shows('positive', '4')
    expect((await renders())['filter']).toBe(13)

    await page.evaluate(() => app.setShown(false))
    await rowCount(0)
    expect(await openViews()).toBe(1)
    expect(host.load).toMatchObject({ sockets: 1, links: 1 })
    // What is closed is asked nothing.
    host.rows.set(key(1), 0)
    await shows('positive', '3')
    expect((await renders())['filter']).toBe(13)

    await page.evaluate(() => app.unmount())
    await expect.poll(() => host.load).toMatchObject({ sockets: 0, links: 0 })
    expect(await openViews()).toBe(0)
    expect(faults).toEqual([])
  })

  it('shows through a window what is at its positions, and follows the map, the start and the total', async () => {
    await open('production', 20)
    const at = (...rows: [number, number][]) => rows.map(([n, value]) => `${key(n)} ${value}`)
    for (const name of ['ofMap', 'ofView']) {
      await windowShows(name, at([0, 0], [1, 1], [2, 0], [3, 1], [4, 0]))
      await shows(name, '20')
    }
    await page.evaluate(() => app.setStart(17))
    for (const name of ['ofMap', 'ofView']) await windowShows(name, at([17, 1], [18, 0], [19, 1]))
    host.rows.delete(key(18))
    for (const name of ['ofMap', 'ofView']) await windowShows(name, at([17, 1], [19, 1]))
    await page.evaluate(() => app.setStart(40))
    for (const name of ['ofMap', 'ofView']) await windowShows(name, [])
    await page.evaluate(() => app.setStart(-3))
    for (const name of ['ofMap', 'ofView']) await windowShows(name, at([0, 0], [1, 1]))
    host.rows.clear()
    for (const name of ['ofMap', 'ofView']) await shows(name, '0')
    expect(faults).toEqual([])
  })

  const changesAlone = (rows: number) => async () => {
    await open('production', rows)
    await rowCount(rows)
    await page.evaluate(() => app.setStart(1))
    for (const name of ['ofMap', 'ofView'])
      await windowShows(
        name,
        [1, 2, 3, 4, 5].map(n => `${key(n)} ${n % 2}`),
      )
    const before = await renders()

    // Every tenth row, twice over, a thousand changes a second; what does not change lies between, the windows' rows too.
    const changed = Array.from({ length: rows / 10 }, (_, n) => key(n * 10))
    const values = [2, 3]
    for (const value of values) {
      for (let n = 0; n < changed.length; n += 20) {
        for (const id of changed.slice(n, n + 20)) host.rows.set(id, value)
        await soon(20)
      }
    }
    await page.waitForFunction(
      ([ids, last]) => (ids as string[]).every(id => document.getElementById(id)?.textContent === last),
      [changed, String(values.at(-1))] as const,
    )
    const { filter, ...rendered } = await more(before)
    expect(Object.keys(rendered).sort()).toEqual(changed)
    expect(Math.max(...Object.values(rendered))).toBeLessThanOrEqual(values.length)
    // Once for each entry that changed in a frame, and never for the others.
    expect(filter).toBeGreaterThanOrEqual(changed.length)
    expect(filter).toBeLessThanOrEqual(changed.length * values.length)

    // A row of the windows: they and it are rendered once. One before them is gone: they go on by one.
    const then = await renders()
    host.rows.set(key(4), 9)
    for (const name of ['ofMap', 'ofView'])
      await windowShows(
        name,
        [1, 2, 3, 4, 5].map(n => `${key(n)} ${n === 4 ? 9 : n % 2}`),
      )
    const { filter: one, ...few } = await more(then)
    expect(one).toBe(1)
    expect(few).toEqual({ ofMap: 1, ofView: 1, [key(4)]: 1, [`ofMap ${key(4)}`]: 1, [`ofView ${key(4)}`]: 1 })
    const last = await renders()
    host.rows.delete(key(0))
    for (const name of ['ofMap', 'ofView'])
      await windowShows(
        name,
        [2, 3, 4, 5, 6].map(n => `${key(n)} ${n === 4 ? 9 : n % 2}`),
      )
    expect(await more(last)).toEqual({ list: 1, ofMap: 1, ofView: 1, [`ofMap ${key(6)}`]: 1, [`ofView ${key(6)}`]: 1 })
    expect(faults).toEqual([])
  }
  it.runIf(isWhole)(
    'renders the changed rows alone, of 2,000 of a view with 1,000 changes a second',
    changesAlone(2_000),
  )
  it.runIf(isWhole)('renders the changed rows alone, of 10,000 of a view', { tags: 'slow' }, changesAlone(10_000))
}
