// What axe-core, a checker of accessibility, finds on the demo's pages: nothing, by day and by night, on a phone and on a desk.
// @module-tag full
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endCommands, startDemo, type Command } from '../support/demo.js'
import { launch } from './support/chromium.js'
import { isKept } from './support/kept.js'

declare const axe: { run(options: RunOptions): Promise<AxeResults> }

const checker = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
let command: Command
let url: string

beforeAll(async () => {
  browser = await launch()
  ;({ command, url } = await startDemo())
})
afterAll(async () => {
  await browser?.close()
  endCommands()
})

const schemes = ['light', 'dark'] as const
const widths = [360, 1440]

/** What is wrong at each width: the rule, and where it is broken. */
async function findings(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 })
    const { violations, passes } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
    expect(passes.length).toBeGreaterThan(10)
    for (const { id, nodes } of violations)
      found.push(`${width} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }
  return found
}

/** A page of its own for each scheme: what glows while colours change would glow in those of before. */
async function open(path: string, colorScheme: (typeof schemes)[number]): Promise<Page> {
  const page = await browser.newPage({ colorScheme })
  await page.goto(url + path)
  await page.getByText('Synced').first().waitFor()
  // A log of hundreds of frames takes seconds to check, and is a list of the same.
  if (path === '') await page.getByRole('button', { name: 'Pause' }).click()
  await page.evaluate(checker)
  return page
}

describe.each(schemes)('axe-core, %s', scheme => {
  test.each(['', 'load.html', 'react.html'])('finds nothing on /%s', async path => {
    const page = await open(path, scheme)
    expect(await findings(page)).toEqual([])
    await page.close()
  })

  test('finds nothing on a page whose network is cut, with a write that waits', async () => {
    const page = await open('', scheme)
    const pane = page.getByRole('article', { name: 'Client A' })
    await pane.getByRole('switch').click()
    await pane.getByText('Stale').waitFor()
    await pane.getByRole('button', { name: 'Put' }).click()
    await pane.getByText(/waiting \d+ s/).waitFor()
    expect(await findings(page)).toEqual([])
    await page.close()
  })
})

describe('axe-core, the host and the server away', () => {
  test.each(schemes)('finds nothing on pages of an earlier visit, %s', { tags: 'slow' }, async scheme => {
    const page = await open('', scheme)
    await isKept(page)
    await command.interrupt()
    try {
      await page.reload()
      await page
        .getByRole('alert')
        .getByText(/^As of/)
        .waitFor()
      const pane = page.getByRole('article', { name: 'Client A' })
      await pane.getByRole('button', { name: 'Put' }).click()
      await pane.getByText(/waiting \d+ s/).waitFor()
      await page.evaluate(checker)
      const found = await findings(page)
      for (const path of ['react.html', 'load.html']) {
        await page.goto(url + path)
        await page
          .getByRole('alert')
          .getByText(/host is away/)
          .waitFor()
        await page.evaluate(checker)
        found.push(...(await findings(page)).map(finding => `${path} ${finding}`))
      }
      expect(found).toEqual([])
      await page.close()
    } finally {
      ;({ command } = await startDemo('--port', new URL(url).port))
    }
  })
})

test('axe-core finds what is wrong', async () => {
  const page = await open('react.html', 'light')
  await page.evaluate(() => document.querySelector('.mark span')!.remove())
  expect(await findings(page)).toEqual(widths.map(width => `${width} link-name: .mark`))
  await page.close()
})
