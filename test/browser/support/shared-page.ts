// Pages of tabs that share a socket: `client`, `map` and what they tell are their globals. The worker's script is one of several.
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { MapDownlink } from '../../../src/index.js'
import type { Via } from '../../../src/shared/index.js'
import type { CountedHost } from './counted-host.js'
import { pageOf } from './site.js'

/** What a page may be told, in its query. */
export interface SharedVisit {
  /** The worker's script. @default that which is built */
  readonly worker?: string
  /** How it is loaded. @default 'classic' */
  readonly type?: WorkerType
  /** Globals that its browser has not, such as `SharedWorker`. */
  readonly without?: readonly string[]
  readonly scope?: string
  /** Credentials, for its host. */
  readonly credentials?: object
  /** It has a function that gives another token at each call instead. */
  readonly tokens?: boolean
  /** Options of the client. */
  readonly options?: object
}

/** Globals of the page. */
declare const map: MapDownlink<string, unknown>
declare const log: string[]
declare const entries: () => Record<string, unknown>
declare const via: () => Via

const imports = {
  swimlink: '/repo/dist/browser/index.js',
  'swimlink/inspect': '/repo/dist/browser/inspect/index.js',
  'swimlink/shared': '/repo/dist/browser/shared/index.js',
  mitt: '/repo/node_modules/mitt/dist/mitt.mjs',
}
const importMap = `<script type="importmap">${JSON.stringify({ imports })}</script>`
const policy = `<meta http-equiv="Content-Security-Policy" content="worker-src 'none'">`

/** Paths of a site with such a page at `/`, one that may have no worker at `/policy.html`, and another to go to. */
export function sharedPages(): Record<string, string> {
  const worker = readFileSync(new URL('../../../dist/swimlink-worker.min.js', import.meta.url), 'utf8')
  const other = worker.replace(/hello:\w+/, 'hello:999')
  if (other === worker) throw new Error('the worker says no hello that could be another')
  return {
    '/': pageOf('/page.js', importMap),
    '/policy.html': pageOf('/page.js', policy + importMap),
    '/elsewhere.html': '<!doctype html><title>elsewhere</title>',
    '/other-version.js': other,
    '/no-relay.js': 'onconnect = onmessage = () => {}',
    '/broken.js': 'throw new Error("broken on purpose")',
    '/page.js': `
      import { SwimClient } from 'swimlink'
      import 'swimlink/inspect'
      import { sharedSocket } from 'swimlink/shared'
      const { host, worker, type, without, scope, credentials, tokens, options } = JSON.parse(new URLSearchParams(location.search).get('visit'))
      for (const name of without ?? []) delete globalThis[name]
      const log = [], changes = [], given = [], news = []
      const give = () => {
        const token = Math.random().toString(36).slice(2)
        given.push(token)
        return { token }
      }
      const client = new SwimClient({
        hostUri: host,
        nodeUri: '/n',
        reconnectMinMs: 50,
        reconnectMaxMs: 200,
        webSocket: sharedSocket(() => new SharedWorker(worker, { type }), scope === undefined ? {} : { scope }),
        ...(tokens || credentials ? { credentials: { [host]: tokens ? give : credentials } } : {}),
        onError: ({ name, message }) => log.push(name + ': ' + message),
        ...options,
      })
      globalThis.lost = 0
      client.on('disconnect', () => lost++)
      const map = client
        .downlinkMap({ laneUri: 'rows' })
        .didUpdate((key, value) => changes.push([key, value]))
        .didRemove(key => changes.push([key]))
        .open()
      const listen = () => client.downlinkEvent({ laneUri: 'news' }).onEvent(body => news.push(body)).open()
      const via = () => client.inspect().hosts[0].via
      const framesIn = () => client.inspect().hosts[0].counters.frames.in
      Object.assign(globalThis, { client, map, listen, log, changes, given, news, via, framesIn })
      globalThis.entries = () => Object.fromEntries(map)
    `,
  }
}

export function sharedUrl(origin: string, host: string, visit: SharedVisit = {}, path = '/'): string {
  const query = JSON.stringify({ host, worker: '/repo/dist/swimlink-worker.min.js', ...visit })
  return `${origin}${path}?visit=${encodeURIComponent(query)}`
}

/** Tabs of one browser profile, on one host. */
export class Tabs {
  constructor(
    readonly context: BrowserContext,
    readonly origin: string,
    readonly host: CountedHost,
  ) {}

  /** Opens a page, and waits until its map is synced. */
  async open(visit: SharedVisit = {}, path = '/'): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(sharedUrl(this.origin, this.host.uri, visit, path))
    await isSynced(page)
    return page
  }

  /** Opens so many at a time. */
  openAll(count: number, visit: SharedVisit = {}): Promise<Page[]> {
    return Promise.all(Array.from({ length: count }, () => this.open(visit)))
  }

  /** Waits until pages show what the lane has. */
  async agree(...pages: readonly Page[]): Promise<void> {
    for (const page of pages)
      await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual(Object.fromEntries(this.host.rows))
  }

  /** Waits until the host has so many sockets and links. */
  async hostHas(sockets: number, links = sockets): Promise<void> {
    await expect.poll(() => this.host.load, { timeout: 20_000 }).toEqual({ sockets, links })
  }
}

export const isSynced = (page: Page) => page.waitForFunction(() => 'entries' in globalThis && map.synced)
export const shown = (page: Page) => page.evaluate(() => entries())
export const viaOf = (page: Page) => page.evaluate(() => via())
export const faultsOf = (page: Page) => page.evaluate(() => log)
export const put = (page: Page, key: string, value: unknown) =>
  page.evaluate(([key, value]) => map.put(key as string, value), [key, value])
