// What networks, hosts and browsers do to a page, in Chromium, with its own WebSocket.
// @module-tag full
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MapDownlink } from '../../src/index.js'
import type { OpenPage } from './support/chromium.js'
import { DevTools, type Tab } from './support/devtools.js'
import { linkedUrl } from './support/linked-page.js'
import { withLinked, type WithLinked } from './support/with-linked.js'

declare const map: MapDownlink<string, unknown>
declare const log: string[]
declare const changes: [string, unknown?][]
declare const entries: () => Record<string, unknown>

/** So long between tries that only an event of the page can have brought about another. */
const patient = { reconnectMinMs: 3_600_000, reconnectMaxMs: 3_600_000, reconnectJitter: 0 }

let site: WithLinked['site']
let host: WithLinked['host']
let openLinked: WithLinked['open']
let opened: OpenPage | undefined

withLinked({ ignoreDefaultArgs: ['--disable-back-forward-cache'] }, given => {
  ;({ site, host, open: openLinked } = given)
  host.rows.set('a', 1)
  host.rows.set('b', { floor: 2 })
})

async function open(options: object = {}, uri = host.uri): Promise<Page> {
  opened = await openLinked(options, uri)
  await isSynced(opened.page)
  return opened.page
}

const isSynced = (page: Page) => page.waitForFunction(() => map.synced)
const isLost = (page: Page) => page.waitForFunction(() => map.status.state === 'stale')
const shown = (page: Page) => page.evaluate(() => entries())
const held = () => Object.fromEntries(host.rows)
const agree = (page: Page) => expect.poll(async () => JSON.stringify(await shown(page))).toBe(JSON.stringify(held()))

describe('a page with its own WebSocket', () => {
  it('syncs, hears and writes', async () => {
    const page = await open()
    expect(await shown(page)).toEqual({ a: 1, b: { floor: 2 } })
    host.rows.set('c', 'text')
    host.rows.delete('a')
    await agree(page)
    expect(await page.evaluate(() => map.put('mine', [1, 2]))).toBe('taken')
    expect(host.rows.get('mine')).toEqual([1, 2])
    expect(await page.evaluate(() => map.remove('b'))).toBe('taken')
    expect(held()).toEqual({ c: 'text', mine: [1, 2] })
    await agree(page)
    expect(opened!.sent.some(frame => frame.startsWith('@sync'))).toBe(true)
    expect(opened!.faults).toEqual([])
  })

  it('is what the lane is after its host was killed and another has come, own writes included', async () => {
    const first = await killable(0, { gone: 1, stays: 2 })
    const page = await open({ reconnectMinMs: 100, reconnectMaxMs: 200 }, first.uri)
    await page.evaluate(() => changes.splice(0))
    first.process.kill('SIGKILL')
    await isLost(page)
    await page.evaluate(() => map.set('mine', 3))
    expect(await shown(page)).toEqual({ gone: 1, mine: 3, stays: 2 })

    const second = await killable(Number(new URL(first.uri.replace('warp', 'http')).port), { stays: 2, came: 4 })
    await isSynced(page)
    await expect.poll(second.rows).toEqual({ came: 4, mine: 3, stays: 2 })
    expect(await shown(page)).toEqual({ came: 4, mine: 3, stays: 2 })
    // What stayed was not touched, and what is gone was told once.
    const told = await page.evaluate(() => changes)
    expect(told).toHaveLength(3)
    expect(told).toEqual(expect.arrayContaining([['mine', 3], ['came', 4], ['gone']]))
    second.process.kill()
  })

  it('comes back at once when the browser is online again', async () => {
    const page = await open(patient)
    await page.context().setOffline(true)
    await host.restart(() => host.rows.set('z', 26))
    await isLost(page)
    await page.evaluate(() => map.set('mine', 1))
    await page.context().setOffline(false)
    await isSynced(page)
    await expect.poll(held).toEqual({ mine: 1, z: 26 })
    await agree(page)
  })

  it('finds out at once, when the browser says that it is offline, whether its host is still there', async () => {
    const page = await open({ ...patient, heartbeatTimeoutMs: 500 })
    const sent = opened!.sent.length
    await page.context().setOffline(true)
    await expect.poll(() => opened!.sent.length).toBeGreaterThan(sent)
    await page.context().setOffline(false)
    host.rows.set('c', 3)
    await agree(page)
  })

  it('lets go of its socket when it is left, is kept by the browser, and is up to date soon after it is come back to', async () => {
    const page = await open(patient)
    await page.evaluate(() => {
      addEventListener('pageshow', event => log.push(`kept: ${event.persisted}`))
    })
    await page.goto(`${site.origin}/elsewhere.html`)
    await expect.poll(() => host.load.sockets).toBe(0)
    host.rows.set('while away', true)
    host.rows.delete('a')
    await page.goBack({ waitUntil: 'commit' })
    await isSynced(page)
    expect(await page.evaluate(() => log)).toContain('kept: true')
    await agree(page)
    expect(host.load).toMatchObject({ sockets: 1, links: 1 })
  })
})

describe('a page in a hidden tab', () => {
  let chromium: DevTools
  let tab: Tab
  let other: Tab

  beforeEach(async () => {
    chromium = await DevTools.launch()
    tab = await chromium.open(linkedUrl(site.origin, host.uri, patient))
    await until('map.synced')
    other = await chromium.open(`${site.origin}/elsewhere.html`)
  })

  afterEach(() => chromium.close())

  const until = (expression: string) =>
    expect.poll(async () => tab.evaluate(expression).catch(String), { timeout: 10_000 }).toBe(true)

  it('goes on being told of changes, without frames to tell them in', async () => {
    await other.show()
    await until('document.hidden')
    const before = await tab.evaluate('batches')
    host.rows.set('c', 3)
    await until(`map.get('c') === 3 && batches > ${String(before)}`)
    await tab.show()
    await until('!document.hidden && map.synced')
  })

  it('is told of many changes in few batches', async () => {
    await other.show()
    await until('document.hidden')
    await tab.evaluate('batches = 0')
    const from = performance.now()
    for (let n = 1; n <= 100; n++) {
      host.rows.set('c', n)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    await until(`map.get('c') === 100`)
    const told = await tab.evaluate('batches')
    // Four a second, and one that was begun before.
    expect(told).toBeLessThanOrEqual((performance.now() - from) / 250 + 1)
  })

  it('comes back at once when it is shown, after its host was lost while it was hidden', async () => {
    await other.show()
    await until('document.hidden')
    await host.restart(() => host.rows.set('z', 26))
    await until(`map.status.state === 'stale'`)
    await tab.show()
    await until(`map.synced && JSON.stringify(entries()) === '{"z":26}'`)
  })

  it('tells what changed in a frame that was asked for and never drawn, as the tab was hidden meanwhile', async () => {
    await tab.show()
    await until('!document.hidden')
    const before = await tab.evaluate('batches')
    await Promise.all([tab.evaluate(`map.set('mine', 1)`), other.show()])
    await until(`batches > ${String(before)}`)
  })
})

interface Killable {
  readonly process: ChildProcess
  readonly uri: string
  readonly rows: () => Promise<unknown>
}

async function killable(port: number, rows: object): Promise<Killable> {
  const script = fileURLToPath(new URL('support/killable-host.mjs', import.meta.url))
  const process = fork(script, [String(port), JSON.stringify(rows)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const uri = await new Promise<string>(resolve => process.stdout!.once('data', data => resolve(String(data).trim())))
  return {
    process,
    uri,
    rows: () =>
      new Promise(resolve => {
        process.once('message', resolve)
        process.send('rows')
      }),
  }
}
