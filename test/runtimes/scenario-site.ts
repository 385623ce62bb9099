// A web site with the packed package, and pages that go through the scenario.
import { expect, inject } from 'vitest'
import { pageOf, serve, type Site } from '../browser/support/site.js'
import { expected } from './expected.js'
import { openWorld } from './world.js'

/** Names of pages, how each loads the package, and what of the scenario it lacks. */
export const scenarioPages = [
  { name: 'tag', how: 'one file, by a script tag', without: ['moment', 'moments', 'misfit'] },
  { name: 'split', how: 'modules and zod, by an import map', without: [] },
  { name: 'worker', how: 'one file, in a module worker', without: ['moment', 'moments', 'misfit'] },
] as const

export function serveScenario(): Promise<Site> {
  const from = '/node_modules/swimlink/dist/browser'
  const imports = {
    swimlink: `${from}/index.js`,
    'swimlink/recon': `${from}/recon/index.js`,
    'swimlink/zod': `${from}/zod.js`,
    mitt: '/node_modules/mitt/dist/mitt.mjs',
    zod: '/node_modules/zod/index.js',
    'zod/v4/core': '/node_modules/zod/v4/core/index.js',
  }
  const pages = {
    '/tag.html': pageOf('/page.js'),
    '/split.html': pageOf('/split-page.js', `<script type="importmap">${JSON.stringify({ imports })}</script>`),
    '/worker.html': pageOf('/start-worker.js'),
    '/start-worker.js': `
      const worker = new Worker('/page.js' + location.hash, { type: 'module' })
      worker.onmessage = ({ data }) => (globalThis.told = data)
      worker.onerror = event => (globalThis.told = event.message)`,
  }
  return serve(pages, { folder: inject('consumer') })
}

/** Opens a page of the site, and compares what it tells; `evaluate` gives the value of an expression in the page that `open` opened. */
export async function goesThrough(
  { name, without }: (typeof scenarioPages)[number],
  origin: string,
  open: (url: string) => Promise<(expression: string) => Promise<unknown>>,
): Promise<void> {
  const world = await openWorld()
  try {
    const hash = encodeURIComponent(JSON.stringify({ world: world.addresses }))
    const evaluate = await open(`${origin}/${name}.html#${hash}`)
    const told = async () => String(await evaluate('globalThis.told ?? ""'))
    await expect.poll(told, { timeout: 80_000, interval: 100 }).toMatch(/^./)
    expect(await told()).toMatch(/^{/)
    expect(JSON.parse(await told())).toEqual(expected(world.addresses.vectors, without))
  } finally {
    await world.close()
  }
}
