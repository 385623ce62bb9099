// A host and pages that are linked to it for each test of a file, in one browser.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { launch, openPage, type OpenPage } from './chromium.js'
import { LaneHost } from './lane-host.js'
import { linkedPage, linkedUrl } from './linked-page.js'
import { serve, type Site } from './site.js'

/** What a test has. */
export interface WithLinked {
  readonly browser: Browser
  readonly site: Site
  readonly host: LaneHost
  /** Opens a page with these options, linked to the host or to another one. It is closed when the test ends. */
  open(options?: object, uri?: string): Promise<OpenPage>
}

/** @param begin called before each test with what it has */
export function withLinked(launching: Parameters<typeof launch>[0], begin: (given: WithLinked) => void): void {
  let browser: Browser
  let site: Site
  let host: LaneHost

  beforeAll(async () => {
    browser = await launch(launching)
    site = await serve(linkedPage)
  })

  beforeEach(async () => {
    host = await LaneHost.listen()
    const { uri: own } = host
    const open = (options: object = {}, uri = own) => openPage(browser, linkedUrl(site.origin, uri, options))
    begin({ browser, site, host, open })
  })

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await host.close()
  })

  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
}
