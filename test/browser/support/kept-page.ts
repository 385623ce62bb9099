// A page whose map is kept between visits, and the host it links to: `client`, `map`, `store` and what they tell are its globals.
import { fileURLToPath } from 'node:url'
import type { MapLane, WarpHost, WarpHostOptions } from '../../../src/host/index.js'
import { pageOf } from './site.js'

const imports = {
  swimlink: '/repo/dist/browser/index.js',
  'swimlink/cache': '/repo/dist/browser/cache/index.js',
  mitt: '/repo/node_modules/mitt/dist/mitt.mjs',
}
const importMap = `<script type="importmap">${JSON.stringify({ imports })}</script>`

/** What a page may be told, in its query. */
export interface Visit {
  readonly scope?: string
  readonly maxBytes?: number
  /** Options of the client. */
  readonly options?: object
}

/** Paths of a site with such a page at `/`, and another to go to at `/elsewhere.html`. */
export const keptPage: Record<string, string> = {
  '/': pageOf('/page.js', importMap),
  '/elsewhere.html': '<!doctype html><title>elsewhere</title>',
  '/page.js': `
    import { SwimClient } from 'swimlink'
    import { indexedDbCache } from 'swimlink/cache'
    const { host, scope, maxBytes, options } = JSON.parse(new URLSearchParams(location.search).get('visit'))
    const store = indexedDbCache({ scope, maxBytes })
    // What it writes is counted: how many times, and the most rows and entries at a time; and how often it rests meanwhile.
    const writes = { count: 0, rows: 0, entries: 0, rests: 0, restless: 0 }
    const cache = {
      ...store,
      write(changes) {
        const put = changes.put ?? []
        const entries = put.reduce((sum, [, text]) => sum + text.split('\\n').length - 1, 0)
        writes.count++
        writes.rows = Math.max(writes.rows, put.length)
        writes.entries = Math.max(writes.entries, entries)
        if (writes.rests === 0 && put.some(([key]) => key.includes('\\npage '))) writes.restless++
        writes.rests = 0
        return store.write(changes)
      },
    }
    const idle = requestIdleCallback
    globalThis.requestIdleCallback = (run, given) => idle(due => (writes.rests++, run(due)), given)
    const errors = [], statuses = [], updates = []
    const client = new SwimClient({
      hostUri: host,
      nodeUri: '/n',
      reconnectMinMs: 50,
      reconnectMaxMs: 200,
      cache,
      onError: ({ name, message }) => errors.push([name, message]),
      ...options,
    })
    const map = client
      .downlinkMap({ laneUri: 'rows', cache: true })
      .didChangeStatus(({ state, because }) => statuses.push(because ?? state))
      .didUpdate(key => updates.push(key))
      .didRemove(key => updates.push(key))
      .open()
    Object.assign(globalThis, { SwimClient, indexedDbCache, store, client, map, writes, errors, statuses, updates })
    globalThis.entries = () => Object.fromEntries(map)
    globalThis.cacheErrors = () => errors.filter(([name]) => name === 'CacheError').map(([, message]) => message)`,
}

export const keptUrl = (origin: string, host: string, visit: Visit = {}): string =>
  `${origin}/?visit=${encodeURIComponent(JSON.stringify({ host, scope: 'user', ...visit }))}`

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A host that may go, and come back at its port with what it had; it notes what clients have it do. */
export class KeptHost {
  readonly commands: string[] = []
  readonly #options: WarpHostOptions
  #rows = new Map<string, unknown>()
  #host: WarpHost | undefined
  #isOwn = false
  uri = ''

  private constructor(options: WarpHostOptions) {
    this.#options = options
  }

  static async listen(entries: object = {}, options: WarpHostOptions = {}): Promise<KeptHost> {
    const host = new KeptHost(options)
    host.#rows = new Map(Object.entries(entries))
    await host.start()
    return host
  }

  async start(): Promise<void> {
    const { WarpHost: Host } = (await import(`${root}dist/node/host/index.js`)) as { WarpHost: typeof WarpHost }
    const note = (command: string) => void (this.#isOwn || this.commands.push(command))
    const port = this.uri ? Number(new URL(this.uri.replace('warp', 'http')).port) : 0
    this.#host = new Host({ ...this.#options, port }).node('/n', node => {
      node.mapLane<string, unknown>('rows', {
        didUpdate: (key, value) => note(`${key}=${JSON.stringify(value)}`),
        didRemove: key => note(`-${key}`),
        didClear: () => note('clear'),
      })
    })
    const rows = [...this.#rows]
    for (const [key, value] of rows) this.set(key, value)
    this.uri = (await this.#host.listen()).uri
  }

  /** Keeps what its lane has. Nobody listens at its port from then on. */
  async stop(): Promise<void> {
    if (this.#host === undefined) return
    const lane = this.#lane()
    await this.#host.close()
    this.#rows = new Map(lane)
    this.#host = undefined
  }

  set(key: string, value: unknown): void {
    this.#own(() => this.#lane().set(key, value))
  }

  delete(key: string): void {
    this.#own(() => this.#lane().delete(key))
  }

  entries(): Record<string, unknown> {
    return Object.fromEntries(this.#host === undefined ? this.#rows : this.#lane())
  }

  /** Whether commands are of its own code. */
  #own(run: () => void): void {
    this.#isOwn = true
    run()
    this.#isOwn = false
  }

  #lane(): MapLane<string, unknown> {
    return this.#host!.nodeRef('/n').lane('rows', 'map') as MapLane<string, unknown>
  }
}
