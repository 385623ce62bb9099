// The package as it is published, in each bundler without a word of configuration, and the outcome in Chromium.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import nodeResolve from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import type { Browser } from 'playwright-core'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import webpack from 'webpack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, openPage } from '../browser/support/chromium.js'
import { LaneHost } from '../browser/support/lane-host.js'
import { serve } from '../browser/support/site.js'
import { unpackPackage } from '../support/consumer.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'swimlink-bundlers-'))

const main = `
  import { SwimClient } from 'swimlink'
  import { stringify } from 'swimlink/recon'

  const client = new SwimClient({ hostUri: new URLSearchParams(location.search).get('host'), nodeUri: '/n' })
  const lights = client.downlinkMap({ laneUri: 'rows' }).open()
  const shown = document.body.appendChild(document.createElement('p'))
  lights.subscribe(() => (shown.textContent = stringify(Object.fromEntries(lights))))
`

const html = (script: string) =>
  `<!doctype html><meta charset="utf-8"><title>test</title><body><script type="module" src="${script}"></script>`

/** Each bundler's shortest call; all leave an index.html in \`out\`. */
const bundlers: Record<string, (entry: string, out: string) => Promise<void>> = {
  async esbuild(entry, out) {
    await esbuild({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      outfile: join(out, 'main.js'),
      logLevel: 'silent',
    })
  },
  async rollup(entry, out) {
    // Rollup finds no package by itself: its own plugin for that is told that it is for a page.
    const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })], logLevel: 'silent' })
    await bundle.write({ file: join(out, 'main.js'), format: 'es' })
  },
  async webpack(entry, out) {
    await new Promise<void>((resolve, reject) =>
      webpack({ entry, mode: 'production', output: { path: out }, context: project }, (error, stats) => {
        const errors = stats?.toJson().errors ?? []
        if (error !== null || errors.length > 0) reject(error ?? new Error(errors.map(each => each.message).join('\n')))
        else resolve()
      }),
    )
  },
  async vite(_, out) {
    await vite({ root: project, logLevel: 'silent', build: { outDir: out } })
  },
}

let browser: Browser
let host: LaneHost

beforeAll(async () => {
  browser = await launch()
  host = await LaneHost.listen()
  host.rows.set('hall', 'on')
  await unpackPackage(root, project)
  writeFileSync(join(project, 'main.js'), main)
  writeFileSync(join(project, 'index.html'), html('./main.js'))
})

afterAll(async () => {
  await browser?.close()
  await host?.close()
  rmSync(project, { recursive: true, force: true })
})

describe('the published package, without configuration', () => {
  for (const name of Object.keys(bundlers)) {
    const tags = name === 'webpack' ? ['slow'] : []
    it(`is bundled by ${name}, and the page shows what the lane holds`, { tags }, async () => {
      const out = join(project, `out-${name}`)
      mkdirSync(out)
      await bundlers[name]!(join(project, 'main.js'), out)
      if (name !== 'vite') writeFileSync(join(out, 'index.html'), html('./main.js'))
      const scripts = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'))
      const text = scripts.map(file => readFileSync(join(out, file), 'utf8')).join('\n')
      expect(text).not.toMatch(/perMessageDeflate.*threshold|WebSocketServer|ws does not work in the browser/)

      const site = await serve({}, { folder: out })
      const { page, faults } = await openPage(browser, `${site.origin}/?host=${encodeURIComponent(host.uri)}`)
      await page.waitForFunction(() => document.querySelector('p')?.textContent === '{hall:on}')
      host.rows.set('hall', 'off')
      await page.waitForFunction(() => document.querySelector('p')?.textContent === '{hall:off}')
      host.rows.set('hall', 'on')
      expect(faults).toEqual([])
      await page.context().close()
      await site.close()
    })
  }
})
