// What users load: ES modules for Node, the same for bundlers of pages, one self-contained minified module, and flat types.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import commonjs from '@rollup/plugin-commonjs'
import nodeResolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { dts } from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'
import ts from 'typescript'

// An entry is listed once it is there: the name in dist, and the file in src.
const entries = (...names) =>
  Object.fromEntries(
    names.map(name => [name, `src/${name}.ts`]).filter(([, file]) => existsSync(new URL(file, import.meta.url))),
  )

const everywhere = entries(
  'index',
  'recon/index',
  'view/index',
  'cache/index',
  'inspect/index',
  'list',
  'meta',
  'testing/index',
  'shared/index',
  'shared/worker',
  'zod',
  'tanstack-db',
)
// Without anything of a platform's, so that one file does for pages and for servers that render them.
const bindings = entries('react', 'vue', 'svelte', 'solid', 'inspector/index')
const node = {
  ...everywhere,
  ...entries('host/index'),
  index: 'src/index.node.ts',
  'testing/index': 'src/testing/index.node.ts',
  'cache/index': 'src/cache/index.node.ts',
}

// What stays an import: all packages, and Node's own modules.
const external = id => !/^(\.|\/|src\/|[a-z]:\\)/i.test(id)
// In a page isomorphic-ws is the platform's WebSocket, ten lines of it; taken in, no bundler and no runtime comes upon `ws`.
const externalInPages = id => id !== 'isomorphic-ws' && external(id)
const compile = () => esbuild({ target: 'es2022', tsconfig: 'tsconfig.json', legalComments: 'none' })
/** In pages the client is one chunk, and Recon another: cut by what else shares each module, both grew by 100 bytes. */
const chunkOf = id =>
  /\/src\/(recon\/|base\/(swim-error|excerpt)\.)/.test(id)
    ? 'recon'
    : /\/src\/(downlink\/list\/|warp\/list-op|store\/keyed-list)/.test(id)
      ? undefined
      : /\/src\/(client|connection|downlink|link|write|warp|schema|store|transport|base)\//.test(id)
        ? 'core'
        : undefined
/** In Node each file that is loaded takes about a millisecond: an entry loads few. A host does not load the client. */
const chunkInNode = id =>
  /\/src\/(recon\/|base\/(swim-error|excerpt)\.)/.test(id)
    ? 'recon'
    : /\/src\/(base|warp|schema|store)\//.test(id)
      ? 'base'
      : /\/src\/(client|connection|downlink|inspect|link|write|transport)\//.test(id)
        ? 'client'
        : undefined
const files = {
  hoistTransitiveImports: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name]-[hash].js',
  sourcemap: true,
}

/**
 * Source maps without the sources, which the package has once, in `src`: with a copy in each, they were most of it.
 * @param isByLine of code that is not minified a place for each line will do
 */
const leanMaps = isByLine => ({
  name: 'lean-source-maps',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle).filter(({ fileName }) => fileName.endsWith('.map'))) {
      const map = JSON.parse(file.source)
      const mappings = isByLine ? encode(decode(map.mappings).map(line => line.slice(0, 1))) : map.mappings
      file.source = JSON.stringify({ ...map, mappings, names: isByLine ? [] : map.names, sourcesContent: [] })
    }
  },
})

const licenceIn = path => readFileSync(path + readdirSync(path).find(name => /^licen[sc]e/i.test(name)), 'utf8')

// The licences of what is taken in ask to be handed on with it.
const licences = fileName => ({
  name: 'licences',
  generateBundle(_, bundle) {
    const ids = Object.values(bundle).flatMap(({ modules = {} }) => Object.keys(modules))
    const packages = new Set(ids.flatMap(id => /[^\0]*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(id) ?? []))
    const texts = [...packages].map(path => {
      const { name } = JSON.parse(readFileSync(`${path}package.json`, 'utf8'))
      return `${name}\n\n${licenceIn(path)}`
    })
    this.emitFile({ type: 'asset', fileName, source: texts.sort().join('\n\n') })
  },
})

/** The names that a source exports as types alone. */
function typesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  const names = source.statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ isTypeOnly, exportClause, moduleSpecifier }) =>
      exportClause === undefined
        ? [...typesOf(join(dirname(file), moduleSpecifier.text.replace(/\.js$/, '.ts')))]
        : exportClause.elements.filter(name => isTypeOnly || name.isTypeOnly).map(({ name }) => name.text),
    )
  return new Set(names)
}

/** Declarations begin with their public names; what a door exports as a type alone is declared as one. */
const publicNames = () => ({
  name: 'public-names',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      const types = chunk.isEntry ? typesOf(chunk.facadeModuleId) : new Set()
      const lists = []
      const rest = chunk.code.replace(
        /^export (type )?\{([^}]*)\}( from '[^']*')?;\n/gm,
        (_, type, names, from = '') => {
          const marked = names
            .trim()
            .split(/,\s*/)
            .map(name => {
              const isType = !type && types.has(name.split(' as ').at(-1))
              return isType ? `type ${name}` : name
            })
          lists.push(`export ${type ?? ''}{\n  ${marked.join(',\n  ')},\n}${from};\n`)
          return ''
        },
      )
      const [reference = ''] = /^\/\/\/ .*\n/.exec(rest) ?? []
      const imports = rest.match(/^import .*\n/gm) ?? []
      const body = rest
        .slice(reference.length)
        .replace(/^import .*\n/gm, '')
        .trim()
      chunk.code = [reference, ...imports, ...lists, '\n', body, '\n'].join('')
    }
  },
})

/** Of a socket, a browser shows less than Node: neither why it did not open nor its bytes. So it has other files. */
const forPages = {
  name: 'for-pages',
  resolveId(id) {
    const [, name] = /^\.\/(advice|ws)\.js$/.exec(id) ?? []
    return name === undefined ? null : new URL(`src/transport/${name}-in-pages.ts`, import.meta.url).pathname
  },
}

/** What Node loads has these by package.json's `imports`: the packages, and for bundlers that target Node what is made of `ws` below. */
const inNode = { ws: '#ws', 'isomorphic-ws': '#isomorphic-ws' }

/** Without the compiled helpers that `ws` looks for: no bundler has to find them. */
const withoutHelpers = {
  name: 'without-helpers',
  transform: code => code.replace(/process\.env\.WS_NO_\w+/g, 'true'),
}

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
/** Of the command: the package's own entries by their public names, its `ws`, and Node's modules. All else is taken in, so that nobody installs it. */
const externalInCommand = id => /^(swimlink(\/.*)?|ws)$/.test(id) || builtinModules.includes(id.replace(/^node:/, ''))

export default [
  {
    input: { main: 'src/cli/main.ts' },
    external: externalInCommand,
    plugins: [
      nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }),
      commonjs(),
      esbuild({
        target: 'node20',
        tsconfig: 'tsconfig.json',
        legalComments: 'none',
        minify: true,
        define: { VERSION: JSON.stringify(version) },
      }),
      licences('LICENSES.txt'),
    ],
    output: {
      dir: 'dist/cli',
      format: 'es',
      paths: inNode,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    },
  },
  {
    // As an ES module: what a bundler makes of CommonJS with Node's own modules in it, Node does not load as an ES module.
    input: { ws: 'ws' },
    external: builtinModules,
    plugins: [withoutHelpers, nodeResolve({ preferBuiltins: true }), commonjs(), licences('LICENSES.txt')],
    output: { dir: 'dist/node/vendor', format: 'es', entryFileNames: '[name].mjs' },
  },
  {
    input: node,
    external,
    plugins: [compile(), leanMaps(true)],
    output: { dir: 'dist/node', format: 'es', paths: inNode, manualChunks: chunkInNode, ...files },
  },
  {
    input: { ...everywhere, ...bindings },
    external: externalInPages,
    plugins: [forPages, nodeResolve({ browser: true }), compile(), licences('LICENSES.txt'), leanMaps(true)],
    output: { dir: 'dist/browser', format: 'es', manualChunks: chunkOf, ...files },
  },
  {
    input: everywhere.index,
    plugins: [
      forPages,
      nodeResolve({ browser: true }),
      compile(),
      terser({ module: true, ecma: 2022, compress: { passes: 3 } }),
      licences('swimlink.min.js.LICENSES.txt'),
      leanMaps(false),
    ],
    output: { file: 'dist/swimlink.min.js', format: 'es', sourcemap: true },
  },
  {
    // For pages without a bundler: the worker as one file, a classic script and a module alike.
    input: everywhere['shared/worker'],
    plugins: [
      forPages,
      nodeResolve({ browser: true }),
      compile(),
      terser({ ecma: 2022, compress: { passes: 3 } }),
      licences('swimlink-worker.min.js.LICENSES.txt'),
      leanMaps(false),
    ],
    output: { file: 'dist/swimlink-worker.min.js', format: 'iife', sourcemap: true },
  },
  {
    input: { ...node, ...everywhere, ...bindings, 'cache/index': node['cache/index'] },
    external,
    // What is marked as internal is left out, and with it all that only it leads to.
    plugins: [dts({ tsconfig: 'tsconfig.json', compilerOptions: { stripInternal: true } }), publicNames()],
    output: {
      dir: 'dist/types',
      // Without it, `Disposable` is unknown to who compiles with an older `lib`.
      banner: '/// <reference lib="esnext.disposable" />',
      format: 'es',
      minifyInternalExports: false,
      entryFileNames: '[name].d.ts',
      chunkFileNames: 'shared/[name].d.ts',
    },
  },
]
