// The ways that a case of the Recon bench is run: as released, minified, and in Chromium.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { asUsersDo } from '../../scripts/check-size.mjs'
import { DevTools } from './devtools.mjs'
import { here } from './run.mjs'

/** Recon as it is released, and as the test of sizes minifies that; gives the two files. */
export async function bundles(room) {
  const released = join(room, 'recon.mjs')
  const minified = join(room, 'recon.min.mjs')
  const bundle = await rollup({ input: here('../src/recon/index.ts'), plugins: [esbuild({ target: 'es2022' })] })
  await bundle.write({ file: released, format: 'es' })
  const { outputFiles } = await build({ ...asUsersDo, entryPoints: [released] })
  writeFileSync(minified, outputFiles[0].contents)
  return { released, minified }
}

/** Runs a case in a process of its own. */
export const inNode =
  (bundle, withRival = false) =>
  name => {
    const args = ['--expose-gc', here('recon-case.mjs'), bundle, name, ...(withRival ? ['rival'] : [])]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  }

/** Runs cases in Chromium, each in a browser of its own, with the released bundle. */
export async function chromiumWay(bundle) {
  const { outputFiles } = await build({
    entryPoints: [here('lib/recon-page.mjs')],
    bundle: true,
    format: 'esm',
    external: ['/recon.js'],
    write: false,
  })
  const scripts = { '/recon.js': readFileSync(bundle), '/page.js': outputFiles[0].contents }
  const html = `<!doctype html><title>recon</title><link rel="icon" href="data:," />
    <script type="module">import * as page from '/page.js'; globalThis.page = page</script>`
  const site = createServer((request, response) => {
    const script = scripts[request.url]
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    // A page that is isolated has a finer clock.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    response.end(script ?? html)
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  const url = `http://127.0.0.1:${site.address().port}/`
  const way = {
    version: undefined,
    async run(name) {
      const devtools = await DevTools.launch()
      way.version = devtools.version
      try {
        const tab = await devtools.open(url, 'page !== undefined')
        return await tab.evaluate(`page.run(${JSON.stringify(name)})`)
      } finally {
        await devtools.close()
      }
    },
    close: () => site.close(),
  }
  return way
}
