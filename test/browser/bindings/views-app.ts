// What the pages of views have in common: the same questions about one lane, and how often each function and row was run.
import type { MapDownlink, ReadableMap } from '../../../src/index.js'
import { view, type View } from '../../../src/view/index.js'
import { app as page, counted } from './app.js'

export type Rows = ReadableMap<string, number>

/** What a test asks of a page of views. */
export interface ViewsApp {
  readonly renders: Record<string, number>
  /** All views that components have made. */
  readonly made: View<string, number>[]
  /** Puts the part of the page that has views there, or takes it away; the map stays. */
  setShown: (isShown: boolean) => void
  setMinimum: (minimum: number) => void
  setStart: (start: number) => void
  unmount: () => void
}

const missing = () => {
  throw new Error('not there yet')
}

export const app: ViewsApp = Object.assign(page as unknown as ViewsApp, {
  made: [],
  setShown: missing,
  setMinimum: missing,
  setStart: missing,
})

export const windowSize = 5
export const isShownAtFirst = !new URLSearchParams(globalThis.location?.search).has('later')

const kept = (made: View<string, number>): View<string, number> => {
  app.made.push(made)
  return made
}

/** A view whose function is counted. */
export const atLeast =
  (minimum: number) =>
  (rows: Rows): View<string, number> =>
    kept(view(rows).filter(value => counted('filter', value >= minimum)))

/** One that is opened beside its map, in one component. */
export const above = (rows: MapDownlink<string, number>): View<string, number> =>
  kept(view(rows).filter(value => value > 0))
