// One socket for all tabs, in Chromium: by a worker that they share, by a worker of the page, or by the page itself.
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SwimClient } from '../../src/index.js'
import type { CountedHost } from './support/counted-host.js'
import { faultsOf, put, shown, type Tabs, viaOf, type SharedVisit } from './support/shared-page.js'
import type { Site } from './support/site.js'
import { withTabs } from './support/with-tabs.js'

/** Globals of the page. */
declare const client: SwimClient
declare const changes: [key: string, value?: unknown][]
declare const lost: number

let site: Site
let host: CountedHost
let tabs: Tabs

withTabs({}, given => ({ site, host, tabs } = given))

/** Syncs, hears and writes, without a complaint. */
async function works(page: Page): Promise<void> {
  host.rows.set('heard', 'text')
  await tabs.agree(page)
  expect(await put(page, 'written', [1, 2])).toBe('taken')
  expect(host.rows.get('written')).toEqual([1, 2])
  expect(await shown(page)).toEqual({ a: 1, b: { floor: 2 }, heard: 'text', written: [1, 2] })
  expect(await faultsOf(page)).toEqual([])
}

describe('ten tabs', () => {
  it('have one socket and one link, and what one writes the others are told once', async () => {
    const pages = await tabs.openAll(10)
    await tabs.agree(...pages)
    expect(host.load).toEqual({ sockets: 1, links: 1 })
    expect(host.opened).toBe(1)
    // A @link may stand beside it: a sign of life, or what goes ahead of a @sync where warp0 was taken.
    expect(host.asked().filter(text => text.startsWith('@sync'))).toHaveLength(1)
    for (const page of pages) expect(await viaOf(page)).toBe('shared-worker')

    // A late one is told what the worker holds: the host hears nothing of it.
    const heard = host.heard.length
    const late = await tabs.open()
    await tabs.agree(late)
    expect(host.heard.slice(heard)).toEqual([])
    expect(host.load).toEqual({ sockets: 1, links: 1 })

    const all = [...pages, late]
    for (const page of all) await page.evaluate(() => changes.splice(0))
    expect(await Promise.all(all.map((page, n) => put(page, `of ${n}`, n)))).toEqual(all.map(() => 'taken'))
    await tabs.agree(...all)
    const told = all.map((_, n) => [`of ${n}`, n])
    for (const page of all) {
      const changed = await page.evaluate(() => changes)
      expect(changed).toHaveLength(told.length)
      expect(changed).toEqual(expect.arrayContaining(told))
      expect(await faultsOf(page)).toEqual([])
    }
    expect(host.opened).toBe(1)
  })

  it('that are all reloaded at once have one socket again, and leave none behind', async () => {
    const pages = await tabs.openAll(10)
    await tabs.agree(...pages)
    for (let n = 0; n < 3; n++) {
      host.rows.set('round', n)
      await Promise.all(pages.map(page => page.reload()))
      await tabs.agree(...pages)
      await tabs.hostHas(1)
    }
    for (const page of pages) expect(await viaOf(page)).toBe('shared-worker')
    expect(await Promise.all(pages.map((page, n) => put(page, `of ${n}`, n)))).toEqual(pages.map(() => 'taken'))
    await tabs.agree(...pages)
    for (const page of pages) await page.goto(`${site.origin}/elsewhere.html`)
    await tabs.hostHas(0)
  })
})

/** What a browser may be without. */
const SharedWorker = 'SharedWorker'

describe('a page', () => {
  it('whose worker is loaded as a module shares it as well', async () => {
    const page = await tabs.open({ type: 'module' })
    expect(await viaOf(page)).toBe('shared-worker')
    await works(page)
  })

  it('without SharedWorker has a worker of its own, and shares its socket with nobody', async () => {
    const [page, other] = await tabs.openAll(2, { without: [SharedWorker] })
    expect(page!.workers()).toHaveLength(1)
    expect(await page!.evaluate(() => 'SharedWorker' in globalThis)).toBe(false)
    await tabs.hostHas(2)
    expect(await viaOf(page!)).toBe('worker')
    await works(page!)
    await tabs.agree(other!)
    await other!.close()
    await tabs.hostHas(1)
    await page!.evaluate(() => client.close())
    await tabs.hostHas(0)
    await expect.poll(() => page!.workers()).toEqual([])
  })

  const cases: [what: string, visit: SharedVisit, path?: string][] = [
    ['whose policy allows no worker', {}, '/policy.html'],
    ['whose policy allows no worker, without SharedWorker', { without: [SharedWorker] }, '/policy.html'],
    ['whose script of the worker is not there', { worker: '/none.js' }],
    ['whose worker is another site’s', { worker: 'http://localhost:1/worker.js' }],
    ['whose worker throws', { worker: '/broken.js' }],
    ['whose worker is of another version', { worker: '/other-version.js' }],
    ['of a browser without workers', { without: [SharedWorker, 'Worker'] }],
  ]
  const more: typeof cases = [
    ['whose script of the worker is not there, without SharedWorker', { worker: '/none.js', without: [SharedWorker] }],
    ['whose worker throws, without SharedWorker', { worker: '/broken.js', without: [SharedWorker] }],
    [
      'whose worker is of another version, without SharedWorker',
      { worker: '/other-version.js', without: [SharedWorker] },
    ],
    // A silent worker is given up after seconds.
    ['whose worker is no relay', { worker: '/no-relay.js' }],
    ['whose worker is no relay, without SharedWorker', { worker: '/no-relay.js', without: [SharedWorker] }],
  ]
  const byItself = async (_: string, visit: SharedVisit, path?: string) => {
    const page = await tabs.open(visit, path)
    expect(await viaOf(page)).toBe('page')
    await tabs.hostHas(1)
    await works(page)
    // It tries no worker again.
    await host.restart(() => host.rows.set('a', 2))
    await tabs.agree(page)
    expect(await viaOf(page)).toBe('page')
    await page.close()
    await tabs.hostHas(0)
  }
  it.each(cases)('%s has a socket of its own, and goes on by it', byItself)
  it.each(more)('%s has a socket of its own, and goes on by it', { tags: 'slow' }, byItself)
})

describe('credentials', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(token => ({ token }))
  const authenticate = (page: Page, credentials: object) =>
    page.evaluate(([uri, credentials]) => client.authenticate(uri as string, credentials as { token: string }), [
      host.uri,
      credentials,
    ] as const)
  const shownToHost = () => host.heard.filter(text => text.startsWith('@auth'))

  it('that are the same share a socket; others have one of their own, to which a tab moves that shows them', async () => {
    const first = await tabs.open({ credentials: a })
    const second = await tabs.open({ credentials: a })
    await tabs.hostHas(1)
    expect(shownToHost()).toHaveLength(1)
    const third = await tabs.open({ credentials: b })
    await tabs.hostHas(2)
    for (const page of [first, second, third])
      expect(await page.evaluate(uri => client.authenticated(uri), host.uri)).toBe(true)

    // To that of the third; the first does not notice.
    await authenticate(second, b!)
    await second.waitForFunction(() => lost === 1)
    host.rows.set('moved', true)
    await tabs.agree(second)
    await tabs.hostHas(2)
    expect(await put(second, 'mine', 1)).toBe('taken')
    // To none that is there yet.
    await authenticate(third, c!)
    await third.waitForFunction(() => lost === 1)
    await expect.poll(() => host.load.sockets).toBe(3)
    host.rows.set('moved', 'again')
    await tabs.agree(first, second, third)
    await tabs.hostHas(3)
    expect(await first.evaluate(() => lost)).toBe(0)
    expect(shownToHost()).toEqual([a, b, c].map(each => `@auth{token:${each!.token}}`))
    // Alone on its socket, a tab shows them there: its link stays.
    await authenticate(third, { token: 'd' })
    await expect.poll(shownToHost).toHaveLength(4)
    expect(await put(third, 'mine', 2)).toBe('taken')
    expect(await third.evaluate(() => lost)).toBe(1)
    for (const page of [first, second, third]) expect(await faultsOf(page)).toEqual([])
  })

  it('that are others at each call share by their scope alone', async () => {
    const own = [await tabs.open({ tokens: true }), await tabs.open({ tokens: true })]
    await tabs.hostHas(2)
    const shared = [await tabs.open({ tokens: true, scope: 'me' }), await tabs.open({ tokens: true, scope: 'me' })]
    await tabs.hostHas(3)
    const another = await tabs.open({ tokens: true, scope: 'you' })
    await tabs.hostHas(4)
    for (const page of [...own, ...shared, another]) expect(await viaOf(page)).toBe('shared-worker')
    await tabs.agree(...own, ...shared, another)
  })
})
