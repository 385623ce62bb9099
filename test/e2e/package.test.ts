// The package as a user has it: packed, installed elsewhere, its README example type-checked, run in Node, and bundled and run
// in a page.
// @module-tag full
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, transform } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { neighbours } from '../matrix/versions.js'
import { builtPackage } from '../support/built.js'
import { installedPackage } from '../support/consumer.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const example = readFileSync(new URL('consumer/example.ts', import.meta.url), 'utf8')

let folder: string
let host: WarpHost
let uri: string

beforeAll(async () => {
  folder = await installedPackage(await builtPackage())
  writeFileSync(join(folder, 'example.ts'), example)
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function startHost(): Promise<void> {
  host = new WarpHost()
  host.node('/hotel/lobby', node => {
    const elevators = node.mapLane('elevators')
    elevators.set('guest', { id: 1, floor: 4, occupied: true })
    elevators.set('parking', { id: 2, floor: -1, occupied: false })
  })
  ;({ uri } = await host.listen())
}

const expected = [
  ['update', 'GUEST', 4, null],
  ['update', 'PARKING', -1, null],
  ['guest', 4],
  ['update', 'SERVICE', 1, null],
  ['remove', 'PARKING', -1],
  ['update', 'SERVICE', 2, 1],
  ['put', 'taken'],
  ['entry', 'GUEST', 4],
  ['entry', 'SERVICE', 2],
  ['end'],
]

test('its types are inferred from the schemas', async () => {
  const config = {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      lib: ['ES2022', 'DOM'],
      types: [],
      strict: true,
      noEmit: true,
    },
    files: ['example.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
}, 60_000)

test('it runs in Node, and the process ends by itself', async () => {
  await startHost()
  try {
    const { code } = await transform(example, { loader: 'ts' })
    const banner = 'const HOST = process.argv[2]\nconst report = line => console.log(JSON.stringify(line))\n'
    writeFileSync(join(folder, 'example.mjs'), banner + code)
    const { stdout } = await run(process.execPath, ['example.mjs', uri], { cwd: folder })
    const lines = stdout.trim().split('\n')
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(expected)
  } finally {
    await host.close()
  }
})

const linking = `
  const host = new WarpHost()
  host.node('/n', node => node.mapLane('l').set('a', 1))
  const { uri } = await host.listen()
  const client = new SwimClient({ hostUri: uri })
  const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'l' }).open()
  await map.whenSynced()
  console.log(map.get('a'))
  await client.close()
  await host.close()
`

test('it runs in Node bundled as an ES module, where no package is near', async () => {
  const imports = `import { SwimClient } from 'swimlink'\nimport { WarpHost } from 'swimlink/host'\n`
  const { outputFiles } = await build({
    absWorkingDir: folder,
    stdin: { contents: imports + linking, resolveDir: folder },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  const alone = await mkdtemp(join(tmpdir(), 'swimlink-alone-'))
  try {
    writeFileSync(join(alone, 'main.mjs'), outputFiles[0]!.text)
    const { stdout } = await run(process.execPath, ['main.mjs'], { cwd: alone })
    expect(stdout.trim()).toBe('1')
  } finally {
    rmSync(alone, { recursive: true })
  }
})

test('it is required by CommonJS', async () => {
  const requires = `const { SwimClient } = require('swimlink')\nconst { WarpHost } = require('swimlink/host')\n`
  writeFileSync(join(folder, 'main.cjs'), `${requires};(async () => {${linking}})()`)
  const { stdout } = await run(process.execPath, ['main.cjs'], { cwd: folder })
  expect(stdout.trim()).toBe('1')
})

test('npm finds no conflict beside React 18, zod 3, Svelte 4 and Vue 2', async () => {
  const other = await mkdtemp(join(tmpdir(), 'swimlink-beside-'))
  try {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object }
    const [tarball] = Object.values(dependencies) as string[]
    const beside = neighbours['React 18, zod 3, Svelte 4, Vue 2']
    const all = { ...beside, swimlink: `file:${join(folder, tarball!.replace('file:', ''))}` }
    writeFileSync(join(other, 'package.json'), JSON.stringify({ private: true, dependencies: all }))
    await run('npm', ['install', '--package-lock-only', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: other })
  } finally {
    rmSync(other, { recursive: true })
  }
}, 60_000)

test('it runs in a page, bundled', async () => {
  await startHost()
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['example.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    define: { HOST: JSON.stringify(uri) },
    banner: { js: 'const report = line => console.log(JSON.stringify(line))' },
  })
  const server = createServer((request, response) => {
    const isScript = request.url === '/example.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? outputFiles[0]!.text : '<!doctype html><script type="module" src="/example.js"></script>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage()
    const lines: unknown[] = []
    const over = new Promise<void>(resolve => {
      page.on('console', message => {
        if (message.text().startsWith('[')) lines.push(JSON.parse(message.text()))
        if (message.text() === '["end"]') resolve()
      })
    })
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await over
    expect(lines).toEqual(expected)
  } finally {
    await browser.close()
    server.close()
    await host.close()
  }
}, 60_000)
