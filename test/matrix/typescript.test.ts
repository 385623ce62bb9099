// The types of the packed package in projects of every kind: compiler × resolution × module system × lib × skipLibCheck. What
// can't work is named here with its reason, and in docs/ENVIRONMENTS.md.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { packed } from '../support/consumer.js'
import { installed } from './install.js'
import { compilers, typed } from './versions.js'

const run = promisify(execFile)

const core = `
  import { Record, SchemaError, SwimClient, type MapDownlink, type SwimError } from 'swimlink'
  import { parse, stringify, type Value } from 'swimlink/recon'
  const client = new SwimClient({ hostUri: 'warp://host', onError: error => void error.code })
  const map: MapDownlink<string, number> = client
    .downlinkMap<string, number>({ nodeUri: '/n', laneUri: 'l' })
    .didUpdate((key, value, old) => [key.length, value.toFixed(), old?.toFixed()])
    .open()
  const asMap: Map<string, number> = map
  const read: ReadonlyMap<string, number> = map
  for (const [key, value] of map) [key.length, value.toFixed()]
  for (const key of map.keys()) key.length
  const first: string | undefined = map.keys().next().value
  map.forEach((value, key, all) => [value.toFixed(), key.length, all.size])
  const one = new Record([1, 2]).items.length
  const value: Value = parse(stringify({ a: 1 }))
  const failed = (error: SwimError) => (error instanceof SchemaError ? error.issues.length : error.message)
  async function closes() {
    await map.put('a', 1, { timeoutMs: 5 })
    await client.close()
  }
  // @ts-expect-error no such option
  new SwimClient({ hostUri: 'warp://host', relink: false })
  // @ts-expect-error a number
  map.set('a', 'b')
  export { asMap, closes, failed, first, one, read, value }
`

/** Entries that have need of other packages' types. */
const rest = `
  import type { MapDownlink } from 'swimlink'
  import { WarpHost } from 'swimlink/host'
  import { useMapEntry } from 'swimlink/react'
  import { createMapEntry } from 'swimlink/solid'
  import { SwimClient } from 'swimlink/standalone'
  import { mapEntry } from 'swimlink/svelte'
  import { useMapEntry as vueEntry } from 'swimlink/vue'
  import { int64, timestamp } from 'swimlink/zod'
  declare const map: MapDownlink<string, number>
  const host = new WarpHost()
  host.node('/unit/:id', node => node.mapLane(node.params.id))
  export const all: (number | undefined)[] = [useMapEntry(map, 'a'), createMapEntry(() => map, 'a')(), vueEntry(map, 'a').value]
  mapEntry(map, 'a').subscribe(value => value?.toFixed())
  export const lane = new SwimClient({ hostUri: 'warp://host' }).downlinkValue({ nodeUri: '/n', laneUri: 'l' })
  export const date: Date | undefined = lane.schema(timestamp()).open().get()
  export const id: bigint | undefined = lane.schema(int64()).open().get()
`

const resolutions = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  node10: { module: 'esnext', moduleResolution: 'node10' },
}
const libs = {
  DOM: { lib: ['es2022', 'dom', 'dom.iterable'], types: ['node'], files: ['core.ts', 'rest.ts'] },
  'no DOM': { lib: ['es2022'], types: [], files: ['core.ts'] },
  // Where `Map` has getOrInsert.
  esnext: { lib: ['esnext', 'dom', 'dom.iterable'], types: [], files: ['core.ts'] },
}

interface Cell {
  readonly compiler: keyof typeof compilers
  readonly resolution: keyof typeof resolutions
  readonly system: 'ESM' | 'CommonJS'
  readonly lib: keyof typeof libs
  readonly skipLibCheck: boolean
}

/** What can't work: the code of the compiler's error. */
function reason({ compiler, resolution, system }: Cell): string | undefined {
  const version = Number(compiler.replace('typescript-', ''))
  if (resolution === 'node10' && version >= 7) return 'TS5108: the compiler has it no more'
  if (system === 'ESM') return undefined
  if (resolution === 'node16' || (resolution === 'nodenext' && version < 5.8))
    return 'TS1479: it takes require() of an ES module for an error'
  return undefined
}

let folder: string
let bins: string

beforeAll(async () => {
  bins = await installed('compilers', compilers)
  folder = await mkdtemp(join(tmpdir(), 'swimlink-typescript-'))
  const modules = await installed('typed', typed)
  await cp(join(modules, 'node_modules'), join(folder, 'node_modules'), { recursive: true })
  const tarball = await packed(await builtPackage(), folder)
  await run('tar', ['xzf', tarball, '-C', join(folder, 'node_modules')])
  await run('mv', [join(folder, 'node_modules/package'), join(folder, 'node_modules/swimlink')])
  for (const [name, type] of Object.entries({ ESM: 'module', CommonJS: 'commonjs' })) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'package.json'), JSON.stringify({ type }))
    await writeFile(join(folder, name, 'core.ts'), core)
    await writeFile(join(folder, name, 'rest.ts'), rest)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the compiler says, other packages' own types left out. */
async function faults(cell: Cell): Promise<string[]> {
  const { compiler, resolution, system, lib, skipLibCheck } = cell
  const { files, ...given } = libs[lib]
  const name = `${resolution}-${lib}-${skipLibCheck}.json`.replaceAll(' ', '-')
  const version = Number(compiler.replace('typescript-', ''))
  const compilerOptions = {
    ...resolutions[resolution],
    ...(resolution === 'node10' && system === 'CommonJS' ? { module: 'commonjs' } : {}),
    ...(resolution === 'node10' && version >= 6 && version < 7 ? { ignoreDeprecations: '6.0' } : {}),
    ...given,
    target: 'es2022',
    strict: true,
    noEmit: true,
    skipLibCheck,
  }
  await writeFile(join(folder, system, name), JSON.stringify({ compilerOptions, files }))
  const tsc = join(bins, 'node_modules', compiler, 'bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '-p', name, '--pretty', 'false'], {
    cwd: join(folder, system),
  }).catch((error: { stdout: string }) => error)
  return stdout.split('\n').filter(line => /error TS/.test(line) && !/node_modules\/(?!swimlink\/)/.test(line))
}

const cells = Object.keys(resolutions).flatMap(resolution =>
  (['ESM', 'CommonJS'] as const).flatMap(system =>
    Object.keys(libs).flatMap(lib => [false, true].map(skipLibCheck => ({ resolution, system, lib, skipLibCheck }))),
  ),
)

describe.each(Object.keys(compilers))('%s', compiler => {
  test.each(cells.map(cell => [Object.values(cell).join(', '), cell] as const))('%s', async (_name, given) => {
    const cell = { compiler, ...given } as Cell
    const found = await faults(cell)
    const code = reason(cell)?.slice(0, 6)
    if (code === undefined) expect(found).toEqual([])
    else expect(found.join('\n')).toContain(code)
  })
})
