// The documentation's components, as their readers copy them: each bundled with its framework, in Chromium, linked to a host.
// @module-tag full
import { readFileSync } from 'node:fs'
import { transformAsync } from '@babel/core'
import { build, transform, type Plugin } from 'esbuild'
import type { Browser } from 'playwright-core'
import { compile } from 'svelte/compiler'
import { compileScript, parse } from 'vue/compiler-sfc'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WarpHost, type MapLane } from '../../src/host/index.js'
import { root, sectionsOf } from '../dist/docs/sections.js'
import { launch, openPage, type OpenPage } from './support/chromium.js'
import { pageOf, serve, type Site } from './support/site.js'

const sections = sectionsOf('docs/BINDINGS.md')

/** By framework: how an application puts the component of its section on a page. */
const mains: Record<string, string> = {
  React: `
    import { createElement } from 'react'
    import { createRoot } from 'react-dom/client'
    import { Hotel } from './React'
    createRoot(document.body.appendChild(document.createElement('main'))).render(createElement(Hotel, { node }))`,
  Vue: `
    import { createApp } from 'vue'
    import Hotel from './Vue'
    createApp(Hotel, { node }).mount(document.body.appendChild(document.createElement('main')))`,
  Svelte: `
    import { mount } from 'svelte'
    import Hotel from './Svelte'
    mount(Hotel, { target: document.body })`,
  Solid: `
    import { createComponent, render } from 'solid-js/web'
    import { Hotel } from './Solid'
    render(() => createComponent(Hotel, { node }), document.body)`,
}

const openMap = `
    import { client } from './client.js'
    const map = client.downlinkMap({ nodeUri: node, laneUri: 'elevators' }).open()`

/** The same for the components that show views, by section. */
const viewMains: Record<string, string> = {
  Views: `
    import { createElement } from 'react'
    import { createRoot } from 'react-dom/client'
    import { Above } from './Views'
    createRoot(document.body.appendChild(document.createElement('main'))).render(createElement(Above, { floor: 0 }))`,
  'Above.svelte': `${openMap}
    import { mount } from 'svelte'
    import Above from './Above.svelte'
    mount(Above, { target: document.body, props: { elevators: map, floor: 0 } })`,
}

const listMain = `${openMap}
    import { createElement } from 'react'
    import { createRoot } from 'react-dom/client'
    import { List } from './Long lists'
    createRoot(document.body.appendChild(document.createElement('main'))).render(createElement(List, { map }))`

/** Each with its framework's own compiler, which leaves the rest to the bundler. */
async function scriptOf(name: string, text: string): Promise<string> {
  if (name === 'Vue') return compileScript(parse(text).descriptor, { id: name, inlineTemplate: true }).content
  if (/svelte/i.test(name)) return compile(text, { filename: name, runes: true }).js.code
  if (name !== 'Solid') return text
  const { code } = await transform(text, { loader: 'tsx', jsx: 'preserve' })
  return (await transformAsync(code, { presets: ['babel-preset-solid'], cwd: root, configFile: false }))!.code!
}

/** The page's modules, where the address of the host is that of one that is there. */
const documented = (hostUri: string): Plugin => ({
  name: 'documented',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/\w/ }, ({ path, importer }) => {
      const name = path.slice(2).replace(/^client\.js$/, 'client.ts')
      const isTheirs = importer === '<stdin>' || sections.some(section => section.name === importer)
      return isTheirs ? { path: name, namespace: 'docs' } : undefined
    })
    onLoad({ filter: /./, namespace: 'docs' }, async ({ path }) => {
      const { text } = sections.find(({ name, language }) => name === path && language !== '')!
      const contents = await scriptOf(path, text.replace('warp://example.com', hostUri))
      return { contents, loader: 'tsx', resolveDir: root }
    })
  },
})

let browser: Browser
let host: WarpHost
let hostUri: string

const lobby = () => host.nodeRef('/hotel/lobby').lane('elevators', 'map') as MapLane<string, object>

beforeAll(async () => {
  browser = await launch()
  host = new WarpHost().node('/hotel/:id', node => {
    node.mapLane('elevators')
    node.valueLane('info')
  })
  hostUri = (await host.listen()).uri
})

afterAll(async () => {
  await browser?.close()
  await host?.close()
})

async function openMain(main: string): Promise<OpenPage & { site: Site }> {
  const { outputFiles } = await build({
    stdin: { contents: `const node = '/hotel/lobby'; ${main}`, resolveDir: root },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['browser', 'production'],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [documented(hostUri)],
    write: false,
    logLevel: 'error',
  })
  const site = await serve({ '/': pageOf('/page.js'), '/page.js': outputFiles[0]!.text })
  const opened = await openPage(browser, site.origin)
  opened.page.setDefaultTimeout(10_000)
  return { ...opened, site }
}

test.each(Object.keys(mains))('the component for %s shows the lane, and writes to it', async framework => {
  lobby().clear()
  lobby().set('guest', { id: 1, floor: 4, occupied: true }).set('parking', { id: 2, floor: -1, occupied: false })
  const { page, faults, site } = await openMain(mains[framework]!)
  const shows = (text: string) => page.waitForFunction(text => document.body.innerText.trim() === text, text)
  try {
    if (framework === 'Vue') {
      await shows('Of 2 elevators, service is on floor')
      lobby().set('service', { id: 7, floor: 2, occupied: false })
      await shows('Of 3 elevators, service is on floor 2')
    } else {
      const parking = page.getByText('parking is on floor -1')
      await parking.waitFor()
      await page.getByText('guest is on floor 4').waitFor()
      lobby().set('guest', { id: 1, floor: 5, occupied: true })
      await page.getByText('guest is on floor 5').waitFor()
      await parking.click()
      await parking.waitFor({ state: 'detached' })
      await expect.poll(() => lobby().has('parking')).toBe(false)
      expect(await page.locator('button').count()).toBe(1)
    }
    if (framework !== 'Solid') expect(await page.locator('[aria-busy=false]').count()).toBe(1)
  } finally {
    await page.context().close()
    await site.close()
    // What the page complained of says more than that nothing came.
    expect(faults).toEqual([])
  }
})

test.each(Object.keys(viewMains))('the component of %s shows its view', async section => {
  lobby().clear()
  lobby().set('guest', { id: 1, floor: 4, occupied: true }).set('parking', { id: 2, floor: -1, occupied: false })
  const { page, faults, site } = await openMain(viewMains[section]!)
  await page.getByText('1 are above').waitFor()
  lobby().set('parking', { id: 2, floor: 3, occupied: false })
  await page.getByText('2 are above').waitFor()
  await page.context().close()
  await site.close()
  expect(faults).toEqual([])
})

test('the long list has the rows on the page that are scrolled to, and no others', async () => {
  lobby().clear()
  for (let n = 1000; n < 2000; n++) lobby().set(`e${n}`, { id: n, floor: n, occupied: false })
  const { page, faults, site } = await openMain(listMain)
  const first = page.locator('li').first()
  await page.getByText('e1000 is on floor 1000').waitFor()
  expect(await page.locator('li').count()).toBe(21)
  const list = page.getByRole('group', { name: 'Elevators' })
  expect(await list.evaluate(({ scrollHeight }) => scrollHeight)).toBe(1000 * 24)
  await list.evaluate(list => (list.scrollTop = 500 * 24))
  await page.getByText('e1500 is on floor 1500').waitFor()
  expect(await first.textContent()).toBe('e1500 is on floor 1500')
  lobby().set('e1501', { id: 1501, floor: 7, occupied: false })
  await page.getByText('e1501 is on floor 7').waitFor()
  await page.context().close()
  await site.close()
  expect(faults).toEqual([])
})

test('the page without a bundler shows the lane', async () => {
  const { text } = sections.find(({ language }) => language === 'html')!
  host.nodeRef('/hotel/lobby').lane('info', 'value').set('open')
  const site = await serve({
    '/': `<!doctype html><title>test</title>${text.replace('warp://example.com', hostUri)}`,
    '/swimlink.min.js': readFileSync(`${root}dist/swimlink.min.js`, 'utf8'),
  })
  const { page, faults } = await openPage(browser, site.origin)
  await page.waitForFunction(() => document.title === 'open')
  expect(faults).toEqual([])
  await page.context().close()
  await site.close()
})
