// Each binding with its framework at the ends of the versions that work, in Chromium.
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { bundlePage, type Framework } from '../browser/bindings/bundle.js'
import { bindingTests } from '../browser/bindings/cases.js'
import { viewTests } from '../browser/bindings/view-cases.js'
import { installed } from './install.js'
import { frameworks } from './versions.js'

await builtPackage()

interface Svelte4 {
  compile(source: string, options: object): { readonly js: { readonly code: string } }
}

async function frameworkIn(name: string, folder: string): Promise<Framework> {
  if (!name.startsWith('svelte')) return { folder }
  const { resolve } = createRequire(join(folder, 'package.json'))
  const { compile } = (await import(pathToFileURL(resolve('svelte/compiler')).href)) as Svelte4
  const options = name === 'svelte 4' ? { generate: 'dom' } : { generate: 'client', runes: true }
  return { folder, compile: (source, filename) => compile(source, { filename, ...options }) }
}

const given = await Promise.all(
  Object.entries(frameworks).map(async ([name, packages]) => {
    const folder = await installed(name.replaceAll(' ', '-'), packages)
    return [name, await frameworkIn(name, folder)] as const
  }),
)

describe.each(given)('the binding for %s', (name, framework) => {
  const pages = name === 'svelte 4' ? 'svelte4' : name.split(' ')[0]
  const page = `${pages}-page.ts`
  test('is run with that version', async () => {
    // A bundle that is not minified names the files that it is made of.
    const text = await bundlePage(page, 'development', framework)
    expect(text.includes(`/${basename(framework.folder)}/node_modules/${name.split(' ')[0]}`)).toBe(true)
  })

  bindingTests(mode => bundlePage(page, mode, framework), false)
  describe('with views', () => viewTests(mode => bundlePage(`${pages}-views-page.ts`, mode, framework), false))
})
