// `swimlink types`: from a lane to schemas that a client of that lane opens it by, and back to the lane by --check.
// @module-tag full
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parse } from '../../../src/recon/index.js'
import { builtPackage } from '../../support/built.js'
import { endCommands, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
/** Within the package, where `swimlink` and `zod` are to be had. */
let folder: string
beforeAll(async () => {
  at = await lookedAt()
  folder = mkdtempSync(join(await builtPackage(), 'dist/made-'))
  at.host.node('/t', node => {
    const vehicles = node.mapLane<string, object>('vehicles')
    for (let i = 0; i < 40; i++) {
      const note = i % 4 === 0 ? {} : { note: `note ${i}` }
      const [state, tags, last] = [
        ['busy', 'idle', 'out'][i % 3],
        i % 2 === 0 ? [] : ['a', `b${i}`],
        i % 5 === 0 ? `t${i}` : null,
      ]
      vehicles.set(`k${i}`, { id: i, state, speed: i / 3, tags, last, at: { lat: i, lon: -i }, ...note })
    }
    const shapes = node.mapLane<number, unknown>('shapes of 2')
    const texts = ['@circle{r:1}', '@square(5){w:1,h:2}', '@list{1,2}', '12345678901234567890', 'text', '%AQI=']
    texts.forEach((text, i) => shapes.set(i, parse(text)))
    const counts = node.mapLane<string, object>('counts')
    for (let i = 0; i < 30; i++) counts.set(`h${i}`, Object.fromEntries([1, 2, 3].map(j => [`item ${i * 3 + j}`, j])))
    node.mapLane('hostile').set('a', JSON.parse('{"__proto__":1,"to-do":2,"quote\\"\\n":"*/ ${x} `"}'))
  })
})
afterEach(endCommands)
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await at.host.close()
})

const types = (laneUri: string, ...options: string[]) => swimlink('types', at.uri, '/t', laneUri, ...options)
const shown = ({ out }: { out: string }) =>
  out
    .split('\n')
    .filter(line => !line.startsWith('// swimlink types:'))
    .join('\n')
    .trim()

test('unions, keys that some lack, and choices of a few texts, with how many entries they are from', async () => {
  const [zod, ts] = await Promise.all([types('vehicles'), types('vehicles', '--as', 'ts', '--name', 'Vehicle')])
  expect(shown(zod)).toBe(`// The lane vehicles of /t, from 40 of 40 entries. Made by swimlink types.
import { z } from 'zod'

export const VehiclesKey = z.string()
export type VehiclesKey = z.infer<typeof VehiclesKey>

export const Vehicles = z.object({
  id: z.number(),
  state: z.enum(["busy", "idle", "out"]),
  speed: z.number(),
  tags: z.array(z.string()),
  last: z.string().nullable(),
  at: z.object({ lat: z.number(), lon: z.number() }),
  note: z.string().optional(),
})
export type Vehicles = z.infer<typeof Vehicles>`)
  expect(shown(ts)).toBe(`// The lane vehicles of /t, from 40 of 40 entries. Made by swimlink types.

export type VehicleKey = string

export type Vehicle = {
  readonly id: number;
  readonly state: "busy" | "idle" | "out";
  readonly speed: number;
  readonly tags: readonly string[];
  readonly last: string | null;
  readonly at: { readonly lat: number; readonly lon: number };
  readonly note?: string;
}`)
})

test('records with tags, data, integers and records that are no objects; dictionaries; a value', async () => {
  const [shapes, counts, value, sample] = await Promise.all([
    types('shapes of 2'),
    types('counts', '--as', 'ts'),
    swimlink('types', at.uri, '/n', 'value'),
    types('vehicles', '--sample', '4', '--as', 'ts'),
  ])
  expect(shown(shapes)).toContain(`export const ShapesOf2 = z.union([
  z.string(),
  z.bigint(),
  z.instanceof(Uint8Array),
  z.instanceof(ReconRecord),
  z.object({ "@circle": z.null(), r: z.number() }),
  z.object({ "@square": z.number(), w: z.number(), h: z.number() }),
])
`)
  expect(shown(counts)).toContain('export type Counts = { readonly [name: string]: number }')
  expect(shown(value)).toContain('from one value. Made by swimlink types.')
  expect(shown(value)).toContain('export const Value = z.object({ floor: z.number() })')
  expect(shown(sample)).toContain('from 4 of 40 entries.')
})

test('what is printed compiles, and a downlink with its schemas takes every entry', async () => {
  const lanes = { vehicles: 'Vehicles', 'shapes of 2': 'ShapesOf2', counts: 'Counts', hostile: 'Hostile' }
  await Promise.all(
    Object.entries(lanes).flatMap(([lane, name]) => [
      types(lane, '--output', join(folder, `${name}.ts`)),
      types(lane, '--as', 'ts', '--output', join(folder, `${name}.types.ts`)),
    ]),
  )
  const opens = Object.entries(lanes).map(
    ([lane, name]) => `
    import { ${name}, ${name}Key } from './${name}.js'
    import type { ${name} as ${name}Type, ${name}Key as ${name}KeyType } from './${name}.types.js'
    const map${name} = client.downlinkMap({ nodeUri: '/t', laneUri: '${lane}' }).keySchema(${name}Key).valueSchema(${name}).open()
    await map${name}.whenSynced()
    console.log('${lane}', map${name}.size)
    export const typed${name} = (key: ${name}KeyType, value: ${name}Type): void => void map${name}.set(key, value as ${name})`,
  )
  writeFileSync(
    join(folder, 'open.ts'),
    `import { SwimClient } from 'swimlink'
    const client = new SwimClient({ hostUri: '${at.uri}', onError: error => console.log(error.message) })
    ${opens.join('')}
    await client.close()`,
  )
  const root = join(folder, '../..')
  const flags = [
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--strict',
    '--skipLibCheck',
    '--types',
    'node',
  ]
  const { stdout } = spawnSync(
    'node',
    [join(root, 'node_modules/typescript/bin/tsc'), ...flags, join(folder, 'open.ts')],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  expect(stdout).toBe('')
  const out = await new Promise<string>(done =>
    execFile('node', [join(folder, 'open.js')], (_, stdout, stderr) => done(stdout + stderr)),
  )
  expect(out).toBe('vehicles 40\nshapes of 2 6\ncounts 30\nhostile 1\n')
}, 60_000)

test('--check holds a lane to what was printed before, and says what does not fit', async () => {
  const file = join(folder, 'checked.ts')
  await types('vehicles', '--output', file)
  expect(await types('vehicles', '--check', file)).toEqual({ code: 0, out: '40 fit\n', err: '' })
  const lane = at.host.nodeRef('/t').lane('vehicles', 'map')
  lane.set('k1', { ...(lane.get('k1') as object), state: 'lost' }).set('k2', { id: 2 })
  const { code, out, err } = await types('vehicles', '--check', file)
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(
    /^swimlink: the entry k1: state is lost, not one of busy, idle, out, and 1 more; correct the writer, or make \S+ again by --output\n$/,
  )
  expect(readFileSync(file, 'utf8')).toContain('z.enum(["busy", "idle", "out"])')
})

test.each(['class', 'default', 'await', 'string', 'any', 'z', 'undefined', 'let'])(
  '--name %s is refused: no module could have it',
  async name => {
    expect(await types('vehicles', '--name', name)).toEqual({
      code: 2,
      out: '',
      err: `swimlink: --name ${name} is reserved: give another name\n`,
    })
  },
)

test('what can not be is said', async () => {
  writeFileSync(join(folder, 'other.ts'), 'export {}')
  const ends = await Promise.all([
    swimlink('types', at.uri, '/n', 'empty'),
    types('vehicles', '--name', 'not a name'),
    types('vehicles', '--check', join(folder, 'other.ts')),
  ])
  expect(ends.map(({ code, err }) => [code, err.replace(/\S+other/, 'other')])).toEqual([
    [1, 'swimlink: empty of /n is empty: there is nothing to make types from\n'],
    [2, "swimlink: --name not a name can't name a type: give letters and digits\n"],
    [2, 'swimlink: other.ts was not made by swimlink types: make it by --output\n'],
  ])
  expect(at.heard).toEqual([])
})
