// A page with a store of a cache in IndexedDB, and the suite for such stores: `store`, `indexedDbCache` and `outcomes` are its globals.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { pageOf } from './site.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const program = `
  import { cacheSuite } from './src/cache/cache-suite.ts'
  import { indexedDbCache } from './src/cache/indexed-db-store.ts'

  const checks = cacheSuite(scope => indexedDbCache({ scope }))

  /** What each check says, in a page or its worker: empty where it holds. */
  async function outcomes(where) {
    if (where === 'worker') {
      const worker = new Worker('/program.js', { type: 'module' })
      const { data } = await new Promise((done, fail) => ((worker.onmessage = done), (worker.onerror = fail)))
      worker.terminate()
      return data
    }
    const said = {}
    for (const { name, run } of checks) said[name] = await run().then(() => '', String)
    return said
  }

  Object.assign(globalThis, { indexedDbCache, outcomes, store: indexedDbCache({ scope: 'page' }) })
  if (typeof document === 'object') document.title = 'loaded'
  else outcomes().then(said => postMessage(said))`

/** Paths of a site with such a page at `/`. */
export async function cachePage(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  return {
    '/': pageOf('/program.js'),
    '/program.js': outputFiles[0]!.text,
    '/classic.html': '<!doctype html><script src="/program.js"></script>',
  }
}

/** What the suite says where all holds. */
export const allHold = (said: Record<string, string>) => Object.fromEntries(Object.keys(said).map(name => [name, '']))
