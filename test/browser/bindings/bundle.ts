// Bundles a page of these, as an application would: the framework and the built swimlink, by esbuild.
import { fileURLToPath } from 'node:url'
import { readFile } from 'node:fs/promises'
import { build, type Plugin } from 'esbuild'
import { compile } from 'svelte/compiler'

const here = fileURLToPath(new URL('.', import.meta.url))
const dist = fileURLToPath(new URL('../../../dist/browser/', import.meta.url))

const sources = /^\.\.\/\.\.\/\.\.\/src\/[\w/]+\.js$/
const srcAt = '../../../src/'.length

/** Pages name the sources, for their types; what runs is what users load. */
const built: Plugin = {
  name: 'built',
  setup({ onResolve }) {
    onResolve({ filter: sources }, ({ path }) => ({ path: dist + path.slice(srcAt) }))
  },
}

type Compile = (source: string, filename: string) => { readonly js: { readonly code: string } }

const svelte = (compile: Compile): Plugin => ({
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, 'utf8'), path)
      return { contents: js.code, loader: 'js' }
    })
  },
})

const compileFor =
  (generate: 'client' | 'server'): Compile =>
  (source, filename) =>
    compile(source, { filename, generate, runes: true })

/** Packages from another folder than the project's. */
const from = (folder: string): Plugin => ({
  name: 'from',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(react|vue|svelte|solid-js)(-dom)?(\/|$)/ }, ({ path, kind, pluginData }) =>
      pluginData === folder ? undefined : resolve(path, { resolveDir: folder, kind, pluginData: folder }),
    )
  },
})

/** A framework that is not the project's: the folder of its `node_modules`, and the compiler of its components. */
export interface Framework {
  readonly folder: string
  readonly compile?: Compile
}

/** @param mode whether the framework is the one for developing, with its checks, or the one for users */
export async function bundlePage(
  page: string,
  mode: 'development' | 'production',
  framework?: Framework,
): Promise<string> {
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
    plugins: [
      built,
      ...(framework === undefined ? [] : [from(framework.folder)]),
      svelte(framework?.compile ?? compileFor('client')),
    ],
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

/** A module with its components as a server runs it, which finds packages, and the built swimlink, beside this repository. */
export async function bundleServer(module: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here + module],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    plugins: [
      {
        name: 'built',
        setup({ onResolve }) {
          // Bindings are the same for all platforms.
          onResolve({ filter: sources }, ({ path }) => ({
            path: (/\/(react|vue)\.js$/.test(path) ? dist : dist.replace(/browser\/$/, 'node/')) + path.slice(srcAt),
            external: true,
          }))
        },
      },
    ],
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
    plugins: [built, svelte(compileFor('server'))],
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}
