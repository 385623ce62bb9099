// Pages that a server renders with rows, and that hydrate with them: React and Vue, real server, real host, real browser.
// @module-tag full
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WarpHost } from '../../src/host/index.js'
import type { App } from './bindings/ssr-app.js'
import { bundlePage, bundleServer } from './bindings/bundle.js'
import { launch } from './support/chromium.js'
import { serve, type Site } from './support/site.js'

declare const app: App

const root = fileURLToPath(new URL('../../', import.meta.url))
const load = (file: string): Promise<unknown> => import(/* @vite-ignore */ file)
const evil = `</script><script>broken = 1</script><!--<script>&amp;"'\u2028`

describe.each(['react', 'vue'])('a page of %s', framework => {
  let Host: typeof WarpHost
  let host: WarpHost
  let browser: Browser
  let folder: string
  let render: (hostUri: string, script: string) => Promise<string>
  const scripts: Record<string, string> = {}

  beforeAll(async () => {
    ;({ WarpHost: Host } = (await load(`${root}dist/node/host/index.js`)) as { WarpHost: typeof WarpHost })
    // Where its packages are found.
    folder = mkdtempSync(join(root, 'node_modules', '.ssr-'))
    const file = join(folder, 'server.mjs')
    writeFileSync(file, await bundleServer(`ssr-${framework}-server.ts`))
    ;({ render } = (await load(file)) as { render: typeof render })
    for (const mode of ['development', 'production'] as const)
      scripts[`/${mode}.js`] = await bundlePage(`ssr-${framework}-page.ts`, mode)
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    if (folder !== undefined && existsSync(folder)) rmSync(folder, { recursive: true })
  })

  let site: Site
  let page: Page
  let faults: string[]
  let sockets: number

  beforeEach(() => {
    faults = []
    sockets = 0
  })

  afterEach(async () => {
    await page?.context().close()
    await site?.close()
    await host.close()
  })

  const listen = async (port: number, entries: Record<string, string>) => {
    host = new Host({ port }).node('/n', node => {
      const lane = node.mapLane<string, string>('rows')
      for (const [key, value] of Object.entries(entries)) lane.set(key, value)
    })
    return host.listen()
  }
  const lane = () => host.nodeRef('/n').lane('rows', 'map')

  /** Opens the page that a server has rendered. */
  async function open(html: string, uri: string, javaScriptEnabled = true): Promise<void> {
    site = await serve({ '/': html, ...scripts })
    page = await (await browser.newContext({ javaScriptEnabled })).newPage()
    page.on('pageerror', error => faults.push(String(error)))
    // Warnings too. Of a socket that can't be had it is the browser that complains.
    page.on('console', message => {
      if (/^(error|warning)$/.test(message.type()) && !/WebSocket connection to/.test(message.text()))
        faults.push(message.text())
    })
    page.on('websocket', () => sockets++)
    await page.goto(`${site.origin}/?host=${encodeURIComponent(uri)}`)
  }

  const rows = () => page.evaluate(() => [...document.querySelectorAll('li')].map(row => [row.id, row.textContent]))
  const text = (id: string) => page.locator(`#${id}`).textContent()
  const shows = (id: string, what: string) =>
    page.waitForFunction(([id, what]) => document.getElementById(id!)?.textContent === what, [id, what])
  const hydrated = () => page.waitForFunction(() => app.isHydrated)

  it('has its rows in the HTML, which no value breaks out of', async () => {
    const { uri } = await listen(0, { a: evil, b: 'y' })
    const html = await render(uri, '/development.js')
    expect(html).not.toMatch(/<script>broken|<!--<script/)
    await open(html, uri, false)
    expect(await rows()).toEqual([
      ['a', evil],
      ['b', 'y'],
    ])
    expect([await text('status'), await text('long'), await text('window')]).toEqual(['stale', '1', 'a of 2'])
    expect(await text('late')).toBe('a,b')
    expect(sockets).toBe(0)
    // The server has let go of its link.
    await expect.poll(() => host.load).toMatchObject({ sockets: 0, links: 0 })
  })

  it.each(['development', 'production'])(
    'hydrates with them before any socket, and is live afterwards (%s)',
    async mode => {
      const { uri, port } = await listen(0, { a: evil, b: 'gone', c: 'yy' })
      const html = await render(uri, `/${mode}.js`)
      await host.close()
      await open(html, uri)
      await hydrated()
      const rendered = [
        ['a', evil],
        ['b', 'gone'],
        ['c', 'yy'],
      ]
      expect(await rows()).toEqual(rendered)
      expect(await text('status')).toBe('stale')
      // What was hydrated is what is there with the link: no render between showed less.
      expect(new Set(await page.evaluate(() => app.shown))).toEqual(new Set(['stale: a,b,c']))
      expect(await page.evaluate(() => 'broken' in globalThis)).toBe(false)

      await listen(port, { a: evil, c: 'changed', d: 'z' })
      await shows('status', 'synced')
      await shows('c', 'changed')
      expect(await rows()).toEqual([
        ['a', evil],
        ['c', 'changed'],
        ['d', 'z'],
      ])
      await shows('long', '2')
      await shows('window', 'a of 3')
      lane().set('e', 'new')
      await shows('e', 'new')
      lane().delete('a')
      await shows('window', 'c of 3')
      expect(sockets).toBeGreaterThan(0)

      // A part that hydrates when the lane has long changed.
      expect(await text('late')).toBe('a,b,c')
      await page.evaluate(() => app.release())
      await shows('late', 'c,d,e')
      expect(await page.evaluate(() => app.mended)).toEqual([])
      expect(faults).toEqual([])
    },
  )

  it('that shows something else than its server did is noticed: this test can fail', async () => {
    const { uri } = await listen(0, { a: 'x', b: 'y' })
    const html = await render(uri, '/development.js')
    await open(html.replace('>y</li>', '>other</li>'), uri)
    await hydrated()
    await expect.poll(async () => [...faults, ...(await page.evaluate(() => app.mended))].join()).toMatch(/[Hh]ydrat/)
  })
})
