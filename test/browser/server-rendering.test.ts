// Bindings where a server renders: nothing is opened, and what comes out is a page without entries.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createElement } from 'react'
import { renderToString as renderReact } from 'react-dom/server'
import { renderToString as renderSolid } from 'solid-js/web'
import { createSSRApp } from 'vue'
import { renderToString as renderVue } from 'vue/server-renderer'
import { describe, expect, it } from 'vitest'
import type { MapDownlink } from '../../src/index.js'
import { createDownlinkStatus, createMapDownlink, createMapEntry, createMapKeys } from '../../src/solid.js'
import { bundleForServer, bundlePage } from './bindings/bundle.js'
import { List as ReactList } from './bindings/react-list.js'
import { List as VueList } from './bindings/vue-list.js'
import { launch, openPage } from './support/chromium.js'
import { LaneHost } from './support/lane-host.js'
import { pageOf, serve } from './support/site.js'

const sockets = () => process.getActiveResourcesInfo().filter(type => /TCP|GetAddrInfo/.test(type))

describe('on a server', () => {
  it('React renders a page that is connecting, and the browser takes it over without a word', async () => {
    const html = renderReact(createElement(ReactList))
    expect(html).toMatch(/<p id="status">connecting<\/p>/)
    expect(html).not.toMatch(/<li/)

    const host = await LaneHost.listen()
    host.rows.set('a', 1)
    const browser = await launch()
    const site = await serve({
      '/': pageOf('/page.js').replace('<body>', `<body><main>${html}</main>`),
      '/page.js': await bundlePage('react-page.ts', 'development'),
    })
    const { page, faults } = await openPage(browser, `${site.origin}/?host=${encodeURIComponent(host.uri)}`)
    await page.waitForFunction(() => document.querySelector('li')?.textContent === '1')
    expect(await page.locator('main').count()).toBe(1)
    expect(faults).toEqual([])
    await browser.close()
    await site.close()
    await host.close()
  })

  it('Vue renders a page that is connecting', async () => {
    const html = await renderVue(createSSRApp(VueList))
    expect(html).toMatch(/<p id="status">connecting<\/p>/)
    expect(html).not.toMatch(/<li/)
  })

  it('Svelte renders a page that is connecting', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swimlink-svelte-'))
    const file = join(folder, 'list.mjs')
    writeFileSync(file, await bundleForServer('List.svelte'))
    const { default: List, render } = (await import(/* @vite-ignore */ file)) as {
      default: unknown
      render(component: unknown): { body: string }
    }
    const { body } = render(List)
    expect(body).toMatch(/<p id="status">connecting<\/p>/)
    expect(body).not.toMatch(/<li/)
    rmSync(folder, { recursive: true })
  })

  it('Solid renders a page that is connecting', () => {
    const html = renderSolid(() => {
      const map = createMapDownlink((): MapDownlink<string, number> => {
        throw new Error('opened')
      })
      const entry = createMapEntry(map, 'a')
      return `${createDownlinkStatus(map)().state} ${createMapKeys(map)().length} ${entry()}` as never
    })
    expect(html).toBe('connecting 0 undefined')
  })

  it('leaves no socket behind', () => {
    expect(sockets()).toEqual([])
  })
})
