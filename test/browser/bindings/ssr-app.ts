// What the pages of test/browser/ssr.test.ts have in common: what their server sends, and how it is read.
import { dehydrate, hydrate } from '../../../src/cache/index.js'
import { SwimClient, type ReadableMap } from '../../../src/index.js'

export const address = { nodeUri: '/n', laneUri: 'rows' }
export type Rows = ReadableMap<string, string>

/** The rows as a server has them, by a real link. */
export async function readRows(hostUri: string): Promise<string> {
  await using client = new SwimClient({ hostUri })
  const map = client.downlinkMap(address).open()
  await map.whenSynced({ timeoutMs: 10_000 })
  return dehydrate(map)
}

/** A text in HTML, as JSON that no script runs. No `<` is in it, so nothing in it ends the element. */
export const embed = (id: string, text: string): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(text).replaceAll('<', '\\u003c')}</script>`

export const embedded = (id: string): string => JSON.parse(document.getElementById(id)!.textContent!) as string

/** All that a server sends. */
export const pageOf = (html: string, text: string, script: string): string =>
  `<!doctype html><meta charset="utf-8"><title>test</title><main>${html}</main>` +
  `${embed('rows', text)}<script type="module" src="${script}"></script>`

export const still = (text: string): Rows => hydrate(text)

let client: SwimClient | undefined

/** The map with a link, in the page alone. */
export function open(text: string) {
  const hostUri = new URLSearchParams(location.search).get('host')!
  client ??= new SwimClient({ hostUri, reconnectMinMs: 20, reconnectMaxMs: 50, onError: () => {} })
  return client.downlinkMap<string, string>({ ...address, initial: text }).open()
}

/** What a test asks of a page. */
export interface App {
  /** What the framework had to mend. */
  readonly mended: string[]
  /** What the page showed at each of its renders, the first of which hydrates. */
  readonly shown: string[]
  isHydrated: boolean
  /** Lets the part hydrate that waits. */
  release(): void
}

export const app: App = { mended: [], shown: [], isHydrated: false, release: () => {} }
Object.assign(globalThis, { app })
