// Bundles a page of these, as an application would: the framework and the built swimlink, by esbuild.
import { fileURLToPath } from 'node:url'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { compile } from 'svelte/compiler'

const here = fileURLToPath(new URL('.', import.meta.url))
const dist = fileURLToPath(new URL('../../../dist/browser/', import.meta.url))

/** Pages name the sources, for their types; what runs is what users load. */
const built: Plugin = {
  name: 'built',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/\.\.\/\.\.\/src\/\w+\.js$/ }, ({ path }) => ({ path: dist + basename(path) }))
  },
}

const svelte = (generate: 'client' | 'server'): Plugin => ({
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, 'utf8'), { filename: path, generate, runes: true })
      return { contents: js.code, loader: 'js' }
    })
  },
})

/** @param mode whether the framework is the one for developing, with its checks, or the one for users */
export async function bundlePage(page: string, mode: 'development' | 'production'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here + page],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['browser', mode],
    define: {
      'process.env.NODE_ENV': JSON.stringify(mode),
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [built, svelte('client')],
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

/** A Svelte component as a server renders it: the text of a module, with all it needs. */
export async function bundleForServer(component: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { default } from './${component}'; export { render } from 'svelte/server'`,
      resolveDir: here,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    plugins: [built, svelte('server')],
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}
