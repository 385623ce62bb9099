// What the pages of all bindings have in common: the same lanes, and how a test looks into them.
import { SwimClient } from '../../../src/index.js'

// A server that renders these pages has no location, and links to nothing.
const hostUri = new URLSearchParams(globalThis.location?.search).get('host')
export const client = new SwimClient({
  hostUri: hostUri ?? 'warp://nowhere',
  nodeUri: '/n',
  reconnectMinMs: 20,
  idleTimeoutMs: 50,
  unlinkDelayMs: 50,
})

/** Whether all entries are added up too: a page of 10,000 rows had better not, at each change. */
export const sums = new URLSearchParams(globalThis.location?.search).has('sums')
/** Whether rows show how far their own writes have come, and the page how many have not ended. */
export const states = new URLSearchParams(globalThis.location?.search).has('states')
export const shown = (value: unknown, state: string | undefined): string => String(value) + (state ? ` ${state}` : '')
export const unsaved = (count: number, pending: ReadonlyMap<string, unknown>, light: string | undefined): string =>
  `${count}: ${[...pending.keys()].sort().join(' ')} ${light ?? ''}`
export const total = (entries: ReadonlyMap<string, number>): string =>
  `${entries.size}: ${[...entries.values()].reduce((sum, value) => sum + value, 0)}`

export const openRows = () => client.downlinkMap<string, number>({ laneUri: 'rows' }).open()
export const openLight = () => client.downlinkValue<string>({ laneUri: 'light' }).open()

/** What a test asks of a page. */
export interface App {
  /** How often each row was rendered, and the list of them. */
  readonly renders: Record<string, number>
  setRow: (key: string, value: number) => void
  deleteRow: (key: string) => void
  setLight: (light: string) => void
  unmount: () => void
}

const missing = () => {
  throw new Error('not there yet')
}

export const app: App = { renders: {}, setRow: missing, deleteRow: missing, setLight: missing, unmount: missing }
Object.assign(globalThis, { app })

/** Counts one rendering, and gives back what it shows. */
export function counted<T>(id: string, shown: T): T {
  app.renders[id] = (app.renders[id] ?? 0) + 1
  return shown
}
