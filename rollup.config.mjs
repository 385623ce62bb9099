// What users load: ES modules for Node, the same for bundlers of pages, one self-contained minified module, and flat types.
import { existsSync, readFileSync } from 'node:fs'
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

const everywhere = entries('index', 'recon/index', 'zod')
// Without anything of a platform's, so that one file does for pages and for servers that render them.
const bindings = entries('react', 'vue', 'svelte', 'solid')
const node = { ...everywhere, ...entries('host/index') }

// What stays an import: all packages, and Node's own modules.
const external = id => !/^(\.|\/|src\/|[a-z]:\\)/i.test(id)
// In a page isomorphic-ws is the platform's WebSocket, ten lines of it; taken in, no bundler and no runtime comes upon `ws`.
const externalInPages = id => id !== 'isomorphic-ws' && external(id)
const compile = () => esbuild({ target: 'es2022', tsconfig: 'tsconfig.json', legalComments: 'none' })
const files = { entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' }

// The licences of what is taken in ask to be handed on with it.
const licences = fileName => ({
  name: 'licences',
  generateBundle(_, bundle) {
    const ids = Object.values(bundle).flatMap(({ modules = {} }) => Object.keys(modules))
    const packages = new Set(ids.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(id) ?? []))
    const texts = [...packages].map(path => {
      const { name } = JSON.parse(readFileSync(`${path}package.json`, 'utf8'))
      return `${name}\n\n${readFileSync(`${path}LICENSE`, 'utf8')}`
    })
    this.emitFile({ type: 'asset', fileName, source: texts.sort().join('\n\n') })
  },
})

/** The names that a source exports as types alone. */
function typesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  const names = source.statements.filter(ts.isExportDeclaration).flatMap(({ isTypeOnly, exportClause }) =>
    exportClause.elements.filter(name => isTypeOnly || name.isTypeOnly).map(({ name }) => name.text),
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
      const rest = chunk.code.replace(/^export (type )?\{([^}]*)\}( from '[^']*')?;\n/gm, (_, type, names, from = '') => {
        const marked = names.trim().split(/,\s*/).map(name => {
          const isType = !type && types.has(name.split(' as ').at(-1))
          return isType ? `type ${name}` : name
        })
        lists.push(`export ${type ?? ''}{\n  ${marked.join(',\n  ')},\n}${from};\n`)
        return ''
      })
      const [reference = ''] = /^\/\/\/ .*\n/.exec(rest) ?? []
      const imports = rest.match(/^import .*\n/gm) ?? []
      const body = rest.slice(reference.length).replace(/^import .*\n/gm, '').trim()
      chunk.code = [reference, ...imports, ...lists, '\n', body, '\n'].join('')
    }
  },
})

export default [
  {
    input: node,
    external,
    plugins: [compile()],
    output: { dir: 'dist/node', format: 'es', sourcemap: true, ...files },
  },
  {
    input: { ...everywhere, ...bindings },
    external: externalInPages,
    plugins: [nodeResolve({ browser: true }), compile(), licences('LICENSES.txt')],
    output: { dir: 'dist/browser', format: 'es', sourcemap: true, ...files },
  },
  {
    input: everywhere.index,
    plugins: [
      nodeResolve({ browser: true }),
      compile(),
      terser({ module: true, ecma: 2022, compress: { passes: 3 } }),
      licences('swimlink.min.js.LICENSES.txt'),
    ],
    output: { file: 'dist/swimlink.min.js', format: 'es', sourcemap: true },
  },
  {
    input: { ...node, ...bindings },
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
