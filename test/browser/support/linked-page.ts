// A page with one client and one map, which a test asks by name: `map`, `log` and `changes` are its globals.
import { pageOf } from './site.js'

/** Paths of a site with such a page at `/`, and another to go to at `/elsewhere.html`. */
export const linkedPage: Record<string, string> = {
  '/': pageOf('/page.js'),
  '/elsewhere.html': '<!doctype html><title>elsewhere</title>',
  '/page.js': `
    import { SwimClient } from '/repo/dist/swimlink.min.js'
    const given = new URLSearchParams(location.search)
    const client = new SwimClient({
      hostUri: given.get('host'),
      nodeUri: '/n',
      onError: () => {},
      ...JSON.parse(given.get('options') ?? '{}'),
    })
    globalThis.client = client
    globalThis.log = []
    globalThis.changes = []
    globalThis.map = client.downlinkMap({ laneUri: 'rows' })
      .didChangeStatus(({ state, because }) => log.push(because ?? state))
      .didUpdate((key, value) => changes.push([key, value]))
      .didRemove(key => changes.push([key]))
      .open()
    globalThis.entries = () => Object.fromEntries(map)
    globalThis.batches = 0
    map.subscribe(() => batches++)
  `,
}

export const linkedUrl = (origin: string, host: string, options: object = {}): string =>
  `${origin}/?host=${encodeURIComponent(host)}&options=${encodeURIComponent(JSON.stringify(options))}`
