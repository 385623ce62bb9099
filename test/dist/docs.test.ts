// The documentation's code, as its readers copy it: all of it compiles, and what Node can run does what the page says.
// @module-tag full
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { WarpHost, type MapLane } from '../../src/host/index.js'
import { equals } from '../../src/recon/index.js'
import { run, type Surroundings } from './docs/run.js'
import { pages, root, sectionsOf } from './docs/sections.js'
import { typeFaults } from './docs/types.js'

const sections = pages.flatMap(sectionsOf).filter(({ language }) => !/^(sh)?$/.test(language))
const nameOf = ({ page, name }: { page: string; name: string }) => `${page}: ${name}`

test('the code in the documentation compiles', () => {
  expect(typeFaults(sections.filter(({ language }) => /^(tsx?|jsx?|vue)$/.test(language)))).toEqual([])
})

interface Run extends Surroundings {
  /** What the lobby's elevators are at first, where they are not those of the README. */
  readonly elevators?: Record<string, object>
  /** What is printed, line by line. */
  readonly prints?: readonly string[]
}

const elevators = { guest: { id: 1, floor: 4, occupied: true }, parking: { id: 2, floor: -1, occupied: false } }

/** A port that is free now. */
const port = await new Promise<number>(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(port))
  })
})
const folder = mkdtempSync(join(tmpdir(), 'swimlink-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [request, ...response] = /^GET (.*)\n([^]*?)```/m.exec(readFileSync(`${root}docs/HOST.md`, 'utf8'))!.slice(1)

const runs: Record<string, Run> = {
  'docs/GUIDE.md: Open a downlink': {},
  'docs/GUIDE.md: Maps': {
    prints: [
      'update guest { id: 1, floor: 4, occupied: true }',
      'remove parking { id: 2, floor: -1, occupied: false }',
      'taken',
    ],
    replace: { "await elevators.remove('parking')": "console.log(await elevators.remove('parking'))" },
  },
  'docs/LINKS.md: How a link lives': { prints: ['linking', 'syncing', 'synced', 'closed'] },
  'docs/EMPTY-MAP.md: Ask the map first': { prints: ['synced 2', 'open 2 2'] },
  'docs/COMING-FROM.md: @swim/client': { prints: ['guest 4', 'parking -1'] },
  'docs/COMING-FROM.md: Firebase Realtime Database': { prints: ['added n1 false', 'changed n1 true', 'removed n1'] },
  'docs/PRODUCTION.md: SwimOS Rust': { elevators: {} },
  'docs/PRODUCTION.md: Who asks': {},
  'docs/PRODUCTION.md: What to watch': { prints: ['[] 0 0'] },
  'docs/GUIDE.md: Values': {
    prints: [
      'undefined -> shut',
      'shut -> open',
      'open -> closed',
      'taken',
      'closed -> undefined',
      'undefined -> shut again',
      'rendered: shut again',
    ],
    replace: { "await info.put('closed')": "console.log(await info.put('closed'))" },
    after: `const heard = new Promise(done => info.subscribe(done)); info.set('shut again'); await heard`,
  },
  'docs/GUIDE.md: Writes': {
    prints: ['taken'],
    replace: {
      "await notes.put('a', 'bread', { unlessChanged: true })":
        "console.log(await notes.put('a', 'bread', { unlessChanged: true }))",
    },
  },
  'docs/GUIDE.md: Events and commands': {
    prints: ['{ open: 3 }', '{ open: 3 }', 'taken'],
    replace: {
      'await doors': `
        let events = 0
        const bothCame = new Promise(done => doors.on('onEvent', () => ++events === 2 && done()))
        await doors`,
      'client.command(': 'const end = client.command(',
    },
    after: `await bothCame; console.log(await end)`,
  },
  'docs/GUIDE.md: Schemas': {
    elevators: { service: { id: 7, floor: 2, maker: 'Otis' } },
    prints: ['{ id: 7, floor: 2 }', `Map(1) { 'service' => { id: 7, floor: 3 } }`],
    after: `
      console.log(lift)
      const plain = lobby.downlinkMap().laneUri('elevators').open()
      await elevators.put('service', elevators.get('service'))
      await plain.whenSynced()
      console.log(plain.getAll())`,
  },
  'docs/GUIDE.md: Authentication': {
    prints: ['WARP has taken them', 'true'],
    after: `
      await client.downlinkMap({ hostUri: 'WARP', nodeUri: '/hotel/lobby', laneUri: 'elevators' }).open().whenSynced()
      console.log(client.authenticated('WARP'))
      await client.close()`,
  },
  'docs/GUIDE.md: Closing': {
    prints: [`[ [ 'key', 'value' ] ]`],
    after: `
      const notes = lobby.downlinkMap().laneUri('notes').open()
      await notes.whenSynced()
      console.log([...notes])`,
  },
  'docs/index.md: A map': {
    prints: ['guest { id: 1, floor: 5, occupied: false }'],
  },
  'docs/HOST.md: The embedded host': {
    prints: ['1 apple 3', `warp://127.0.0.1:${port}`, response.join('').trimEnd(), '1 apple 4'],
    replace: {
      '9001': String(port),
      '// …': `
        console.log(uri)
        console.log((await (await fetch(uri.replace('warp', 'http') + '${request}')).text()).trimEnd())
        const cart = client.hostRef(uri).nodeRef('/unit/1').downlinkMap().laneUri('cart').open()
        await cart.whenSynced()
        const added = new Promise(done => cart.on('didUpdate', done))
        await client.command(uri, '/unit/1', 'addItem', 'apple')
        await added`,
    },
  },
  'docs/HOST.md: Kept on disk': {
    replace: { './data': folder },
    after: `await host.listen(); await host.close()`,
  },
  'docs/GUIDE.md: Lists': {
    prints: [
      '0 sweep undefined',
      '1 dust undefined',
      '0 wake up undefined',
      '1 get up wake up',
      `dust [ 'dust', 'get up' ]`,
    ],
  },
  'docs/CACHE.md: Kept between visits': {
    prints: ['synced 2'],
    // The store of a page; Node has none.
    replace: { 'import { indexedDbCache }': 'import { memoryCache as indexedDbCache }' },
    after: `await client.close()`,
  },
  'docs/CACHE.md: On a server': {
    prints: ['stale 2'],
    after: `await Promise.all([server.close(), page.close()])`,
  },
  'docs/RECON.md: Recon': {},
  'docs/RECON.md: Reading': {},
}

/** What is not run here, and why. */
const others: Record<string, string> = {
  ...Object.fromEntries(
    ['host.js', 'client.js'].map(name => [`README.md: ${name}`, 'is run in an empty folder: test/e2e/readme.test.ts']),
  ),
  ...Object.fromEntries(
    ['Node', 'A page', 'React', 'Vue', 'Svelte', 'Solid'].map(name => [
      `docs/START.md: ${name}`,
      'is copied and run with its commands: test/dist/start.test.ts',
    ]),
  ),
  'docs/PRODUCTION.md: main.rs': 'is for cargo; test/interop/rust has the like of it',
  'docs/PRODUCTION.md: SwimOS Java': 'is for a JDK; test/interop/java has the like of it',
  'docs/GUIDE.md: TLS': 'there are no such certificates; test/e2e/tls.test.ts has some',
  'docs/GUIDE.md: Views': 'has lanes of its own, as examples/map-view.mjs has, which test/e2e/examples.test.ts runs',
  'docs/GUIDE.md: What a host says of itself': 'asks of nodes that must be up: test/e2e/host-meta.test.ts has some',
  'docs/TESTING.md: Testing applications': 'is for a runner of tests: test/dist/testing-kit.test.ts has the like of it',
  'docs/TESTING.md: Recorded conversations': 'has a tape of its own; test/unit/testing/recorded-host.test.ts has some',
  'docs/CACHE.md: Rendered by Vue': 'is for a page and its server: test/browser/ssr.test.ts has the like of it',
  'docs/CACHE.md: Rendered by React': 'is for a page and its server: test/browser/ssr.test.ts has the like of it',
  'docs/CACHE.md: client.ts': 'is for a page and its server: test/browser/ssr.test.ts has the like of it',
  'docs/CACHE.md: Stores': 'is for a runner of tests, and a store that is not there: test/unit/cache has some',
  ...Object.fromEntries(
    ['swimlink-worker.js', 'app.js', 'page.js', 'index.html'].map(name => [
      `docs/TABS.md: ${name}`,
      'is for pages: test/dist/shared-bundlers.test.ts',
    ]),
  ),
  'docs/INSPECT.md: `<swimlink-inspector>`': 'is for a page: test/browser/inspector.test.ts',
  'docs/INSPECT.md: Seeing inside': 'shows what it gives, whose tests are test/unit/inspect',
  'docs/INSPECT.md: inspect()': 'is data',
  'docs/INSPECT.md: Tapes': 'has parts of programs and of tapes; test/unit/inspect/record.test.ts has whole ones',
  'docs/BINDINGS.md: TanStack DB': 'has a client of its page; test/e2e/tanstack-db.test.ts has the like of it',
  'docs/BINDINGS.md: Not saved yet': 'is for a page, which test/browser/bindings.test.ts has the like of',
  ...Object.fromEntries(
    [
      'client.ts',
      'React',
      'Vue',
      'Svelte',
      'Row.svelte',
      'Solid',
      'Views',
      'Above.svelte',
      'Long lists',
      'What the bundles are',
    ].map(name => [`docs/BINDINGS.md: ${name}`, 'is for a page: test/browser/docs.test.ts']),
  ),
}

describe('the code in the documentation does what it says', () => {
  test('all of it is tried here, or is known not to be', () => {
    expect([...Object.keys(runs), ...Object.keys(others)].sort()).toEqual(sections.map(nameOf).sort())
  })

  test.concurrent.each(Object.keys(runs))('%s', async name => {
    const { elevators: given = elevators, prints = [], replace = {}, after = '' } = runs[name]!
    const section = sections.find(section => nameOf(section) === name)!
    const host = new WarpHost({ authenticate: given => equals(given, { token: 'open sesame' }) }).node(
      '/hotel/:id',
      node => {
        const lane: MapLane<string, object> = node.mapLane('elevators')
        for (const [key, value] of Object.entries(given)) lane.set(key, value)
        node.valueLane('info', { initial: 'shut' })
        node.commandLane('doors')
        node.mapLane('notes')
        node.listLane('todos')
      },
    )
    const { uri } = await host.listen()
    try {
      const addresses = Object.fromEntries(
        ['warp', 'warps']
          .map(scheme => [`${scheme}://example.com`, uri])
          .filter(([from]) => section.text.includes(from!)),
      )
      const surroundings = { replace: { ...addresses, ...replace }, after: after.replaceAll('WARP', uri) }
      const { code, stdout, stderr } = await run(section, uri, surroundings)
      expect(stderr).toBe('')
      expect(stdout).toBe(prints.map(line => `${line.replace('WARP', uri)}\n`).join(''))
      expect(code).toBe(0)
    } finally {
      await host.close()
    }
  })
})
