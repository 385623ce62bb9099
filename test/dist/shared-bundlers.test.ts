// The recipes of docs/TABS.md, as they stand there: each is followed with the package as it is published, and opened in two tabs.
// @module-tag full
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { build as vite, createServer as viteServer } from 'vite'
import webpack from 'webpack'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { root, sectionsOf } from './docs/sections.js'
import type { MapDownlink, SwimClient } from '../../src/index.js'
import type {} from '../../src/inspect/index.js'
import { launch } from '../browser/support/chromium.js'
import { LaneHost } from '../browser/support/lane-host.js'
import { serve } from '../browser/support/site.js'
import { unpackPackage } from '../support/consumer.js'

const page = sectionsOf('docs/TABS.md')
const project = mkdtempSync(join(tmpdir(), 'swimlink-shared-'))

/** What a test has of a page. */
interface Tab {
  readonly client: SwimClient
  readonly rows: MapDownlink<string, string>
}

/** After a module of the page's has made the client. */
const shown = `
  import 'swimlink/inspect'
  Object.assign(window, { client, rows: client.downlinkMap({ nodeUri: '/n', laneUri: 'rows' }).open() })`

/** A module of the page's, with this host in place of its own. */
function moduleOf(name: string): string {
  const { text } = page.find(section => section.name === name)!
  return text.replace('warp://example.com', host.uri)
}

/** The command of the page's that begins so, without a shell: `npx` is the bundler that is installed here. */
function run(start: string): void {
  const command = commands.find(line => line.startsWith(start))
  if (command === undefined) throw new Error(`docs/TABS.md has no line that begins with ${start}`)
  const [program, ...args] = command.split(' ')
  const options = { cwd: project, stdio: 'pipe' } as const
  if (program === 'npx') execFileSync(join(root, 'node_modules/.bin', args[0]!), args.slice(1), options)
  else execFileSync(program!, args, options)
}
const commands = page.filter(({ language }) => language === '').flatMap(({ text }) => text.split('\n'))

const html = (script: string) =>
  `<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,"><body><script type="module" src="${script}"></script>`

/** Each recipe leaves a site in `out`. */
const bundlers: Record<string, (out: string) => Promise<void> | void> = {
  esbuild() {
    run('npx esbuild')
  },
  rollup() {
    run('npx rollup')
  },
  async webpack(out) {
    await new Promise<void>((resolve, reject) =>
      webpack(
        { entry: './app.js', mode: 'production', output: { path: out, filename: 'app.js' }, context: project },
        (error, stats) => {
          const errors = stats?.toJson().errors ?? []
          if (error !== null || errors.length > 0)
            reject(error ?? new Error(errors.map(each => each.message).join('\n')))
          else resolve()
        },
      ),
    )
  },
  async vite(out) {
    await vite({ root: project, logLevel: 'silent', build: { outDir: out, emptyOutDir: true } })
  },
}

let browser: Browser
let host: LaneHost

beforeAll(async () => {
  browser = await launch()
  host = await LaneHost.listen()
  await unpackPackage(root, project)
  writeFileSync(join(project, 'swimlink-worker.js'), moduleOf('swimlink-worker.js'))
  writeFileSync(join(project, 'app.js'), moduleOf('app.js') + shown)
  writeFileSync(join(project, 'index.html'), html('./app.js'))
})

// Of what the test before has left nothing counts for the next.
afterEach(() => expect.poll(() => host.load.sockets, { timeout: 15_000 }).toBe(0))

afterAll(async () => {
  await browser?.close()
  await host?.close()
  rmSync(project, { recursive: true, force: true })
})

const viaOf = (page: Page) =>
  page.evaluate(() => (window as unknown as Tab).client.inspect().hosts.map(({ via, state }) => [via, state]))

/** Opens two tabs of one site: they have one socket, a value crosses from one to the other, and neither complains. */
async function tryTabs(url: string): Promise<void> {
  host.rows.clear()
  host.rows.set('hall', 'on')
  await using context = await browser.newContext()
  const faults: string[] = []
  context.on('weberror', error => faults.push(String(error.error())))
  context.on('console', message => message.type() === 'error' && faults.push(message.text()))
  const open = async () => {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => (window as Partial<Tab> & Window).rows?.get('hall') === 'on')
    return page
  }
  const tabs = [await open(), await open()]
  for (const tab of tabs) expect(await viaOf(tab)).toEqual([['shared-worker', 'open']])
  expect(host.load).toMatchObject({ sockets: 1, links: 1 })
  expect(await tabs[0]!.evaluate(() => (window as unknown as Tab).rows.put('attic', 'off'))).toBe('taken')
  await tabs[1]!.waitForFunction(() => (window as unknown as Tab).rows.get('attic') === 'off')
  expect(faults).toEqual([])
}

describe('one socket for all tabs', () => {
  it.each(Object.keys(bundlers))('is what the recipe for %s makes', async name => {
    const out = join(project, 'out')
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out)
    await bundlers[name]!(out)
    if (name !== 'vite') writeFileSync(join(out, 'index.html'), html('./app.js'))
    const site = await serve({}, { folder: out })
    await tryTabs(`${site.origin}/`)
    await site.close()
  })

  it('is there in the development server of Vite', async () => {
    const server = await viteServer({ root: project, logLevel: 'silent', server: { port: 0, host: '127.0.0.1' } })
    await server.listen()
    await tryTabs(server.resolvedUrls!.local[0]!)
    await server.close()
  })

  it('is there without a bundler, where a Content-Security-Policy allows the site’s own scripts alone', async () => {
    mkdirSync(join(project, 'page'))
    for (const line of commands.filter(line => line.startsWith('cp '))) run(line)
    const text = page.find(({ name }) => name === 'index.html')!.text.trimStart()
    writeFileSync(join(project, 'page/index.html'), text)
    writeFileSync(join(project, 'page/page.js'), moduleOf('page.js') + shown)
    const [, importMap] = /<script type="importmap">([^]*?)<\/script>/.exec(text)!
    const hash = createHash('sha256').update(importMap!).digest('base64')
    const policy = `default-src 'self'; script-src 'self' 'sha256-${hash}'; connect-src ${host.uri.replace('warp', 'ws')}`
    const site = await serve({}, { folder: join(project, 'page'), headers: { 'content-security-policy': policy } })
    await tryTabs(`${site.origin}/`)
    await site.close()
  })
})
