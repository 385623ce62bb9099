// A host and tabs for each test of a file, in one browser: the host has two rows, and takes whatever credentials it is shown.
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { launch } from './chromium.js'
import { CountedHost } from './counted-host.js'
import { sharedPages, Tabs } from './shared-page.js'
import { serve, type Site } from './site.js'

/** What a test has. */
export interface WithTabs {
  readonly site: Site
  readonly host: CountedHost
  readonly context: BrowserContext
  readonly tabs: Tabs
}

/** @param begin called before each test with what it has */
export function withTabs(launching: Parameters<typeof launch>[0], begin: (given: WithTabs) => void): void {
  let browser: Browser
  let site: Site
  let given: WithTabs

  beforeAll(async () => {
    site = await serve(sharedPages())
    browser = await launch(launching)
  })

  beforeEach(async () => {
    const host = await CountedHost.listen({ authenticate: credentials => credentials })
    host.rows.set('a', 1)
    host.rows.set('b', { floor: 2 })
    const context = await browser.newContext()
    given = { site, host, context, tabs: new Tabs(context, site.origin, host) }
    begin(given)
  })

  afterEach(async () => {
    await given.context.close()
    await given.host.close()
  })

  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
}
