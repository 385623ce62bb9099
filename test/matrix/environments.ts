// Who loads the package: runners of tests and bundlers, what each needs to be told, and how it is tried. A program links to a
// host, reads an entry and closes; where the environment has no sockets, it reads Recon and opens what it can't link.
import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reconnect } from '../support/kit-program.js'

const run = promisify(execFile)

export interface Environment {
  readonly name: string
  /** What npm installs beside the package. */
  readonly packages: Readonly<Record<string, string>>
  /** What a user has to say, in Markdown; '' for nothing. */
  readonly needs: string
  readonly files: Readonly<Record<string, string>>
  /** The command, and a text that it prints at the end of a good run. */
  readonly command: readonly [program: string, ...args: string[]]
  readonly prints: RegExp
  readonly env?: Readonly<Record<string, string>>
}

const linking = `
  import { SwimClient } from 'swimlink'
  import { WarpHost } from 'swimlink/host'
  const host = new WarpHost()
  host.node('/n', node => node.mapLane('l').set('a', 1))
  const { uri } = await host.listen()
  const client = new SwimClient({ hostUri: uri })
  const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'l' }).open()
  await map.whenSynced()
  console.log('read', map.get('a'))
  await client.close()
  await host.close()
`

/** The testing kit beside fake timers, where the runner gives them without an import. */
const inMemory = `
  test('has a host in memory, beside fake timers', async () => {
    globalThis.TIMERS?.useFakeTimers()${reconnect}    expect(written).toBe(2)
    globalThis.TIMERS?.useRealTimers()
  })
`

const testing = `${inMemory.replaceAll('globalThis.TIMERS?.', "if (typeof jest !== 'undefined') jest.")}
  test('loads, reads and links', async () => {
    expect(parse('{a:1,é:2}')).toEqual({ a: 1, é: 2 })
    const client = new SwimClient({ onError: () => {} })
    const map = client.downlinkMap({ hostUri: 'warp://127.0.0.1:1', nodeUri: '/n', laneUri: 'l' }).open()
    map.set('a', 1)
    expect(map.get('a')).toBe(1)
    await client.close()
  })
`
const required = `const { SwimClient } = require('swimlink')\nconst { parse } = require('swimlink/recon')\nconst { testHost } = require('swimlink/testing')\n${testing}`
const imported = `import { SwimClient } from 'swimlink'\nimport { parse } from 'swimlink/recon'\nimport { testHost } from 'swimlink/testing'\n${testing}`

const babel = {
  transform: { '\\.js$': ['babel-jest', { presets: [['@babel/preset-env', { targets: 'current node' }]] }] },
}
const jest = (config: object) => `module.exports = ${JSON.stringify(config)}`
const jestPackages = { jest: '30.5.2' }
const babelPackages = { 'babel-jest': '30.5.2', '@babel/core': '7.29.13', '@babel/preset-env': '7.29.14' }
/** What jest runs as CommonJS: the package has to be transformed. */
const commonJs = (config: object = {}) => ({
  'jest.config.cjs': jest({ ...config, ...babel, transformIgnorePatterns: ['/node_modules/(?!swimlink/)'] }),
  'it.test.js': required,
})
const jsdom = { 'jest-environment-jsdom': '30.5.2' }
const transforms = "`transformIgnorePatterns: ['/node_modules/(?!swimlink/)']`, as it runs no ES modules by itself"
const vmModules = { NODE_OPTIONS: '--experimental-vm-modules' }

const webpackRun = (output: object, more: object = {}) => `
  import webpack from 'webpack'
  const options = {
    entry: './main.js', mode: 'production', target: 'node', context: process.cwd(),
    output: { path: process.cwd() + '/out', ...${JSON.stringify(output)} }, ...${JSON.stringify(more)},
  }
  webpack(options, (error, stats) => {
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
    const told = [...errors, ...warnings].map(each => each.message).filter(text => !/classic-level/.test(text))
    if (error ?? told[0]) throw error ?? new Error(told.join())
    // Where no package is near.
    import(process.cwd() + '/out/${(output as { filename: string }).filename}')
  })
`

/** The same program for what has no `await` at the top of a module. */
const wrapped = linking.replace(/^ *(?!import)\S[^]*/m, body => `(async () => {\n${body}})()\n`)
/** The same as a test. */
const linkingTest = `import { expect, test, vi } from 'vitest'\nimport { testHost } from 'swimlink/testing'\n${inMemory.replaceAll('globalThis.TIMERS?.', 'vi.')}\n${linking
  .replace(/^ *(?!import)\S[^]*/m, body => `test('links', async () => {\n${body}})\n`)
  .replace("console.log('read', map.get('a'))", "expect(map.get('a')).toBe(1)")}`
const vitest = {
  packages: { vitest: '4.1.12', vite: '7.3.8' },
  files: { 'it.test.js': linkingTest },
  env: { NO_COLOR: '1' },
  prints: /Tests +2 passed \(2\)/,
}
const typescript = { typescript: '5.9.3' }

const nextFiles = {
  'app/layout.js': `export default ({ children }) => <html><body>{children}</body></html>`,
  'app/page.js': `
    import { parse } from 'swimlink/recon'
    import { Hotel } from './hotel'
    export default function Page() { return <main>{JSON.stringify(parse('{a:1}'))}<Hotel /></main> }`,
  'app/hotel.js': `'use client'
    import { SwimClient } from 'swimlink'
    import { useDownlinkStatus, useMapDownlink, useMapKeys } from 'swimlink/react'
    const client = new SwimClient({ hostUri: 'warp://127.0.0.1:9', onError: () => {} })
    export function Hotel() {
      const map = useMapDownlink(() => client.downlinkMap({ nodeUri: '/n', laneUri: 'l' }).open())
      const { state } = useDownlinkStatus(map)
      return <p>{state} {useMapKeys(map).length}</p>
    }`,
  'app/api/read/route.js': `
    import { SwimClient } from 'swimlink'
    import { WarpHost } from 'swimlink/host'
    export const dynamic = 'force-dynamic'
    export async function GET() {${linking.replace(/^ *import .*$/gm, '').replace("console.log('read', map.get('a'))", "const read = map.get('a')")}
      return new Response('read ' + read)
    }`,
  'run.mjs': `
    import { spawn } from 'node:child_process'
    const next = process.cwd() + '/node_modules/next/dist/bin/next'
    const ran = (...args) => spawn(process.execPath, [next, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve, reject) => ran('build').on('close', code => (code ? reject(new Error('build')) : resolve())).stdout.resume())
    const server = ran('start', '-p', '0')
    const origin = await new Promise(resolve => server.stdout.on('data', text => {
      const found = /http:\\/\\/localhost:\\d+/.exec(text)
      if (found) resolve(found[0])
    }))
    const page = await (await fetch(origin)).text()
    if (!/<main>.*a.*:1.*connecting/.test(page)) throw new Error(page)
    console.log(await (await fetch(origin + '/api/read')).text())
    server.kill()`,
}

const metroFiles = {
  'main.js': `
    import { SwimClient } from 'swimlink'
    const client = new SwimClient({ hostUri: globalThis.HOST })
    const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'l' }).open()
    map.whenSynced().then(() => { globalThis.DONE(map.get('a')); return client.close() })`,
  'babel.config.cjs': `module.exports = { presets: ['module:@react-native/babel-preset'] }`,
  'run.mjs': `
    import { readFileSync } from 'node:fs'
    import { createRequire } from 'node:module'
    import vm from 'node:vm'
    import Metro from 'metro'
    import { WarpHost } from 'swimlink/host'
    const require = createRequire(import.meta.url)
    const config = await Metro.loadConfig({ cwd: process.cwd() }, {
      projectRoot: process.cwd(), watchFolders: [process.cwd()], resetCache: true, reporter: { update() {} },
      transformer: { babelTransformerPath: require.resolve('@react-native/metro-babel-transformer') },
      resolver: { useWatchman: false },
    })
    await Metro.runBuild(config, { entry: 'main.js', platform: 'ios', dev: false, minify: false, out: process.cwd() + '/out.js' })
    const host = new WarpHost()
    host.node('/n', node => node.mapLane('l').set('a', 1))
    const { uri: HOST } = await host.listen()
    const read = await new Promise(DONE => {
      // What React Native has: no document, and no TextEncoder in older ones.
      const has = { console, setTimeout, clearTimeout, queueMicrotask, performance, URL, WebSocket: require('ws'), HOST, DONE }
      has.globalThis = has.window = has.self = has
      vm.runInNewContext(readFileSync('out.js', 'utf8'), has)
    })
    console.log('read', read)
    process.exit()`,
}

const parcelFiles = (manifest: object, entry: string) => ({
  'package.json': JSON.stringify({
    private: true,
    targets: { page: { context: 'browser', outputFormat: 'global', distDir: 'out', sourceMap: false } },
    ...manifest,
  }),
  'main.js': entry,
  'run.mjs': `
    import { execFileSync } from 'node:child_process'
    import { readFileSync } from 'node:fs'
    import { createRequire } from 'node:module'
    import vm from 'node:vm'
    import { WarpHost } from 'swimlink/host'
    const parcel = process.cwd() + '/node_modules/parcel/lib/bin.js'
    execFileSync(process.execPath, [parcel, 'build', 'main.js', '--no-cache'], { stdio: ['ignore', 'ignore', 'inherit'] })
    const WebSocket = createRequire(import.meta.url)('ws')
    const host = new WarpHost()
    host.node('/n', node => node.mapLane('l').set('a', 1))
    const { uri: HOST } = await host.listen()
    const read = await new Promise(DONE => {
      const has = { console, setTimeout, clearTimeout, queueMicrotask, performance, URL, WebSocket, HOST, DONE }
      has.globalThis = has.window = has.self = has
      vm.runInNewContext(readFileSync('out/main.js', 'utf8'), has)
    })
    console.log('read', read)
    process.exit()`,
})

export const environments: readonly Environment[] = [
  {
    name: 'jest 30, jsdom, CommonJS',
    packages: { ...jestPackages, ...babelPackages, ...jsdom },
    needs: transforms,
    files: commonJs({ testEnvironment: 'jsdom' }),
    command: ['node_modules/.bin/jest'],
    prints: /2 passed, 2 total/,
  },
  {
    name: 'jest 29, jsdom, CommonJS',
    packages: { jest: '29.7.0', 'jest-environment-jsdom': '29.7.0', ...babelPackages, 'babel-jest': '29.7.0' },
    needs: transforms,
    files: commonJs({ testEnvironment: 'jsdom' }),
    command: ['node_modules/.bin/jest'],
    prints: /2 passed, 2 total/,
  },
  {
    name: 'jest 30, node, CommonJS',
    packages: { ...jestPackages, ...babelPackages },
    needs: transforms,
    files: commonJs(),
    command: ['node_modules/.bin/jest'],
    prints: /2 passed, 2 total/,
  },
  {
    name: 'jest 30, node, its ES modules',
    packages: jestPackages,
    needs: '`NODE_OPTIONS=--experimental-vm-modules`, as jest says',
    files: { 'jest.config.cjs': jest({ transform: {}, testMatch: ['**/*.test.mjs'] }), 'it.test.mjs': imported },
    command: ['node_modules/.bin/jest'],
    env: vmModules,
    prints: /2 passed, 2 total/,
  },
  {
    name: 'jest 30, jsdom, its ES modules',
    packages: { ...jestPackages, ...jsdom },
    needs: '`NODE_OPTIONS=--experimental-vm-modules`, as jest says',
    files: {
      'jest.config.cjs': jest({ testEnvironment: 'jsdom', transform: {}, testMatch: ['**/*.test.mjs'] }),
      'it.test.mjs': imported,
    },
    command: ['node_modules/.bin/jest'],
    env: vmModules,
    prints: /2 passed, 2 total/,
  },
  {
    name: 'esbuild 0.28, `--platform=node --format=esm`',
    packages: { esbuild: '0.28.2' },
    needs: '',
    files: {
      'main.js': linking,
      'run.mjs': `
        import { buildSync } from 'esbuild'
        buildSync({ entryPoints: ['main.js'], bundle: true, platform: 'node', format: 'esm', outfile: 'out/main.mjs' })
        await import(process.cwd() + '/out/main.mjs')`,
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'esbuild 0.28, `--platform=node`, CommonJS',
    packages: { esbuild: '0.28.2' },
    needs: '',
    files: {
      'main.js': wrapped,
      'run.mjs': `
        import { buildSync } from 'esbuild'
        buildSync({ entryPoints: ['main.js'], bundle: true, platform: 'node', outfile: 'out/main.cjs' })
        await import(process.cwd() + '/out/main.cjs')`,
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'rollup 4 for Node, with its node-resolve plugin',
    packages: { rollup: '4.67.4', '@rollup/plugin-node-resolve': '16.0.3' },
    needs: "`nodeResolve({ exportConditions: ['node'] })`",
    files: {
      'main.js': linking,
      'run.mjs': `
        import nodeResolve from '@rollup/plugin-node-resolve'
        import { rollup } from 'rollup'
        const bundle = await rollup({
          input: 'main.js',
          plugins: [nodeResolve({ exportConditions: ['node'] })],
          onLog(level, { message }) { if (level === 'warn' && !/classic-level/.test(message)) throw new Error(message) },
        })
        await bundle.write({ file: 'out/main.mjs', inlineDynamicImports: true })
        await import(process.cwd() + '/out/main.mjs')`,
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'Vite 7, `--ssr` with `ssr.noExternal`',
    packages: { vite: '7.3.8' },
    needs: '',
    files: {
      'main.js': linking,
      'run.mjs': `
        import { build } from 'vite'
        await build({
          logLevel: 'error', ssr: { noExternal: true },
          build: { ssr: 'main.js', outDir: 'out' },
        })
        await import(process.cwd() + '/out/main.js')`,
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'rspack 2, `target: node`, CommonJS',
    packages: { '@rspack/core': '2.3.3' },
    needs: '',
    files: {
      'main.js': wrapped,
      'run.mjs': webpackRun({ filename: 'main.cjs' }).replace(
        `import webpack from 'webpack'`,
        `import { rspack as webpack } from '@rspack/core'`,
      ),
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'tsx 4, in an ES module and in CommonJS',
    packages: { tsx: '4.23.15' },
    needs:
      'no `.cts` file in a package of `type: module` on Node 20, where its `require` finds no ES module of several files',
    files: {
      'main.ts': linking,
      'cjs/package.json': '{ "type": "commonjs" }',
      'cjs/main.ts': wrapped,
      'run.mjs': `
        import { execFileSync } from 'node:child_process'
        for (const file of ['main.ts', 'cjs/main.ts'])
          execFileSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', file], { stdio: 'inherit' })`,
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1\nread 1$/m,
  },
  {
    name: 'vitest 4, jsdom',
    ...vitest,
    packages: { ...vitest.packages, jsdom: '26.1.0' },
    needs: '',
    command: ['node_modules/.bin/vitest', 'run', '--environment', 'jsdom'],
  },
  {
    name: 'vitest 4, happy-dom',
    ...vitest,
    packages: { ...vitest.packages, 'happy-dom': '20.0.11' },
    needs: '',
    command: ['node_modules/.bin/vitest', 'run', '--environment', 'happy-dom'],
  },
  {
    name: 'jest 30 with ts-jest, CommonJS',
    packages: { ...jestPackages, ...typescript, 'ts-jest': '29.4.15', '@types/jest': '30.0.0' },
    needs: `${transforms}; \`allowJs\` and \`esModuleInterop\` in the options of the compiler`,
    files: {
      'jest.config.cjs': jest({
        transform: {
          '\\.[jt]s$': [
            'ts-jest',
            {
              tsconfig: {
                allowJs: true,
                esModuleInterop: true,
                module: 'commonjs',
                moduleResolution: 'node',
                target: 'es2022',
                strict: true,
              },
            },
          ],
        },
        transformIgnorePatterns: ['/node_modules/(?!swimlink/)'],
      }),
      'it.test.ts': imported,
    },
    command: ['node_modules/.bin/jest'],
    prints: /2 passed, 2 total/,
  },
  {
    name: 'jest 30 with @swc/jest, CommonJS',
    packages: { ...jestPackages, '@swc/jest': '0.2.39', '@swc/core': '1.13.5' },
    needs: transforms,
    files: {
      'jest.config.cjs': jest({
        transform: { '\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }] },
        transformIgnorePatterns: ['/node_modules/(?!swimlink/)'],
      }),
      'it.test.js': imported,
    },
    command: ['node_modules/.bin/jest'],
    prints: /2 passed, 2 total/,
  },
  {
    name: 'webpack 5, `target: node`, CommonJS',
    packages: { webpack: '5.112.2' },
    needs: '',
    files: { 'main.js': linking, 'run.mjs': webpackRun({ filename: 'main.cjs' }) },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'webpack 5, `target: node`, ES module',
    packages: { webpack: '5.112.2' },
    needs: '',
    files: {
      'main.js': linking,
      'run.mjs': webpackRun({ filename: 'main.mjs', module: true }, { experiments: { outputModule: true } }),
    },
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'Parcel 2 for pages',
    packages: { parcel: '2.16.4' },
    needs:
      'for entries such as `swimlink/recon`: `"@parcel/resolver-default": { "packageExports": true }` in package.json, as Parcel says',
    files: parcelFiles(
      { '@parcel/resolver-default': { packageExports: true } },
      `import { parse } from 'swimlink/recon'\nparse('1')\n${metroFiles['main.js']}`,
    ),
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'Parcel 2 for pages, `swimlink` alone',
    packages: { parcel: '2.16.4' },
    needs: '',
    files: parcelFiles({}, metroFiles['main.js']),
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
  {
    name: 'Next 16, app router: server and client components, route handler',
    packages: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' },
    needs: "the hooks in files that begin with `'use client'`",
    files: nextFiles,
    command: ['node', 'run.mjs'],
    env: { NEXT_TELEMETRY_DISABLED: '1' },
    prints: /^read 1$/m,
  },
  {
    name: 'Metro 0.87 with the preset of React Native, as Expo has it',
    packages: {
      metro: '0.87.1',
      'metro-config': '0.87.1',
      '@react-native/babel-preset': '0.88.1',
      '@react-native/metro-babel-transformer': '0.88.1',
      '@babel/core': '7.29.13',
      '@babel/runtime': '7.29.15',
    },
    needs:
      'on React Native itself a whole `URL`, such as that of `react-native-url-polyfill`; its bundle was run in Node',
    files: metroFiles,
    command: ['node', 'run.mjs'],
    prints: /^read 1$/m,
  },
]

/** Runs one in a folder, with copies of what is installed and of the package; what it prints. */
export async function tryOut(
  environment: Environment,
  modules: string,
  folder: string,
  packageFolder: string,
): Promise<string> {
  const { files, command, env, name } = environment
  await cp(modules, join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  await cp(packageFolder, join(folder, 'node_modules/swimlink'), { recursive: true })
  const type = name.startsWith('jest') ? 'commonjs' : 'module'
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const [program, ...args] = command
  const { stdout, stderr } = await run(program, args, {
    cwd: folder,
    env: { ...process.env, ...env, CI: '1', NODE_ENV: undefined },
    maxBuffer: 2 ** 26,
  })
  return stdout + stderr
}
