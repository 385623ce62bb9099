// The page of a binding in Chromium, as development and as production bundles have it.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launch } from '../support/chromium.js'
import { pageOf, serve, type Site } from '../support/site.js'

export type Mode = 'development' | 'production'

/** The key of a row, so that rows sort by their numbers. */
export const key = (n: number) => `row${String(n).padStart(5, '0')}`

/** What is there from the first test to the last: the pages `/development.html` and `/production.html`, and a browser. */
export function served(bundle: (mode: Mode) => Promise<string>): { readonly browser: Browser; readonly site: Site } {
  const at = {} as { browser: Browser; site: Site }
  beforeAll(async () => {
    const pages: Record<string, string> = {}
    for (const mode of ['development', 'production'] as const) {
      pages[`/${mode}.html`] = pageOf(`/${mode}.js`)
      pages[`/${mode}.js`] = await bundle(mode)
    }
    at.browser = await launch()
    at.site = await serve(pages)
  })
  afterAll(async () => {
    await at.browser?.close()
    await at.site?.close()
  })
  return at
}
