// What React asks of its hooks beyond what the pages of all bindings show.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { bundlePage } from './bindings/bundle.js'
import { launch, openPage } from './support/chromium.js'
import { pageOf, serve, type Site } from './support/site.js'

declare const app: { setLane: (lane: string) => void; painted: string[]; setShown: (isShown: boolean) => void }

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launch()
  site = await serve({
    '/': pageOf('/page.js'),
    '/page.js': await bundlePage('react-switch-page.ts', 'development'),
    '/hidden.html': pageOf('/hidden.js'),
    '/hidden.js': await bundlePage('react-hidden-page.ts', 'development'),
  })
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

it('follows its dependencies, shows nothing of the lane before, and shares one link between components', async () => {
  const host = new WarpHost().node('/n', node => {
    for (const lane of ['one', 'two']) node.mapLane(lane).set('name', `lane ${lane}`)
  })
  const { uri } = await host.listen()
  const { page, faults, sent } = await openPage(browser, `${site.origin}/?host=${encodeURIComponent(uri)}`)
  const bothShow = (text: string) =>
    page.waitForFunction(
      text => [...document.querySelectorAll('.entry')].filter(entry => entry.textContent === text).length === 2,
      text,
    )
  await bothShow('synced lane one')
  expect(host.load).toMatchObject({ sockets: 1, links: 1 })

  await page.evaluate(() => app.setLane('two'))
  await bothShow('synced lane two')
  await expect.poll(() => host.load).toMatchObject({ sockets: 1, links: 1 })
  const asked = () => sent.map(frame => frame.replace(/^@(\w+)\(node:"\/n",lane:(\w+).*$/s, '$1 $2'))
  await expect.poll(asked).toEqual(['sync one', 'sync two', 'unlink one'])
  expect(await page.evaluate(() => app.painted)).not.toContain('two lane one')
  expect(faults).toEqual([])
  await page.context().close()
  await host.close()
})

it('closes what is hidden, and opens it again when it is shown, a view of a map beside that map too', async () => {
  const host = new WarpHost().node('/n', node => {
    node.mapLane('rows').set('a', 1)
  })
  const { uri } = await host.listen()
  const { page, faults } = await openPage(browser, `${site.origin}/hidden.html?host=${encodeURIComponent(uri)}`)
  const shows = (count: string) =>
    page.waitForFunction(count => document.querySelector('#positive')?.textContent === count, count)
  await shows('1')
  await page.evaluate(() => app.setShown(false))
  await expect.poll(() => host.load).toMatchObject({ sockets: 0, links: 0 })
  host.nodeRef('/n').lane('rows', 'map').set('b', 1)
  await page.evaluate(() => app.setShown(true))
  await shows('2')
  expect(faults).toEqual([])
  await page.context().close()
  await host.close()
})
