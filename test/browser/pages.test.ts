// Every way to load swimlink into a page that no bundler has touched.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, openPage } from './support/chromium.js'
import { LaneHost } from './support/lane-host.js'
import { pageOf, serve, type Site } from './support/site.js'

let browser: Browser
let host: LaneHost
let open: Site
let strict: Site

/** Syncs a lane, writes to it, and says what came of it in the page's title. */
const links = (from: string) => `
  import { SwimClient } from '${from}'
  const client = new SwimClient({ hostUri: '${host.uri}', nodeUri: '/n' })
  const lights = client.downlinkMap({ laneUri: 'rows' }).open()
  await lights.whenSynced()
  const outcome = await lights.put('cellar', 'on')
  const frames = await new Promise(done => lights.subscribe(done) && lights.set('attic', 'off'))
  const told = JSON.stringify([outcome, frames.length > 0, Object.fromEntries(lights)])
  if (typeof document === 'object') document.title = told
  else postMessage(told)`

const expected = ['taken', true, { attic: 'off', cellar: 'on', hall: 'on' }]

beforeAll(async () => {
  browser = await launch()
  host = await LaneHost.listen()
  const importMap = (imports: object) => `<script type="importmap">${JSON.stringify({ imports })}</script>`
  const pages = {
    '/links.js': links('/repo/dist/swimlink.min.js'),
    '/tag.html': pageOf('/links.js'),
    '/named.js': links('swimlink'),
    '/map-standalone.html': pageOf('/named.js', importMap({ swimlink: '/repo/dist/swimlink.min.js' })),
    '/map-split.html': pageOf(
      '/named.js',
      importMap({ swimlink: '/repo/dist/browser/index.js', mitt: '/repo/node_modules/mitt/dist/mitt.mjs' }),
    ),
    '/worker.js': `
      const worker = new Worker('/links.js', { type: 'module' })
      worker.onmessage = ({ data }) => (document.title = data)
      worker.onerror = event => (document.title = JSON.stringify(event.message))`,
    '/worker.html': pageOf('/worker.js'),
    '/shared.js': `
      const { port } = new SharedWorker('/shared-worker.js', { type: 'module' })
      port.onmessage = ({ data }) => (document.title = data)`,
    '/shared-worker.js': `
      const ports = []
      let told
      globalThis.postMessage = text => { told = text; for (const port of ports) port.postMessage(told) }
      globalThis.onconnect = ({ ports: [port] }) => { ports.push(port); if (told) port.postMessage(told) }
      import('/links.js')`,
    '/shared.html': pageOf('/shared.js'),
  }
  open = await serve(pages)
  strict = await serve(pages, {
    headers: {
      'content-security-policy': `default-src 'none'; script-src 'self'; worker-src 'self'; connect-src ${host.uri.replace('warp', 'ws')}`,
    },
  })
})

afterAll(async () => {
  await browser?.close()
  for (const each of [host, open, strict]) await each?.close()
})

async function outcome(url: string): Promise<unknown> {
  host.rows.clear()
  host.rows.set('hall', 'on')
  const { page, faults } = await openPage(browser, url)
  const title = await titled(page, faults)
  await page.context().close()
  expect(faults).toEqual([])
  return JSON.parse(title)
}

async function titled(page: Page, faults: string[]): Promise<string> {
  try {
    await page.waitForFunction(() => document.title !== 'test', undefined, { timeout: 15_000 })
  } catch {
    throw new Error(`the page said nothing; its faults: ${faults.join('; ')}`)
  }
  return page.title()
}

describe('a page without a bundler', () => {
  it('loads the one file by a script tag', async () => {
    expect(await outcome(`${open.origin}/tag.html`)).toEqual(expected)
  })

  it('loads the one file by an import map', async () => {
    expect(await outcome(`${open.origin}/map-standalone.html`)).toEqual(expected)
  })

  it('loads the module for bundlers and its dependency by an import map', async () => {
    expect(await outcome(`${open.origin}/map-split.html`)).toEqual(expected)
  })

  it('loads it under a Content-Security-Policy that allows its own scripts alone', async () => {
    expect(await outcome(`${strict.origin}/tag.html`)).toEqual(expected)
  })

  it('loads it in a worker, which has no document', async () => {
    expect(await outcome(`${open.origin}/worker.html`)).toEqual(expected)
    expect(await outcome(`${strict.origin}/worker.html`)).toEqual(expected)
  })

  it('loads it in a shared worker', async () => {
    expect(await outcome(`${open.origin}/shared.html`)).toEqual(expected)
  })
})
