// swimlink/zod with each zod: its codecs where zod has codecs, and a reason where it has none.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { formOf, type Schema } from '../../src/schema/schema.js'
import type * as entry from '../../src/zod.js'
import type { Library } from '../support/schema-cases.js'
import { installed } from './install.js'
import { schemas } from './versions.js'

const folder = await installed('schemas', schemas)
const room = await mkdtemp(join(folder, '.zod-entry-'))
afterAll(() => rm(room, { recursive: true }))

/** `swimlink/zod`, as it is with a zod of another version. */
async function entryWith(zod: string): Promise<typeof entry> {
  const { outputFiles } = await build({
    entryPoints: [new URL('../../src/zod.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'another-zod',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^zod\// }, ({ path }) => ({ path: path.replace('zod', zod), external: true })),
      },
    ],
  })
  const file = join(room, `${zod}.mjs`)
  await writeFile(file, outputFiles[0]!.text)
  return (await import(pathToFileURL(file).href)) as typeof entry
}

const zods = Object.keys(schemas).filter(name => /^zod-(3.25|4)/.test(name))

test.each(zods.filter(name => !/3.25|4.0/.test(name)))('works with %s', async zod => {
  const { int64, tagged } = await entryWith(zod)
  const file = join(folder, `node_modules/${zod}/index.js`)
  const z = (await import(pathToFileURL(file).href)) as Library
  const form = formOf('schema', z.object!({ id: int64() }) as unknown as Schema)
  expect(form.decode({ id: 5 }, undefined)).toEqual({ id: 5n })
  expect(form.encode({ id: 2n ** 60n }, undefined)).toEqual({ id: 2n ** 60n })
  const inner = z.object!({ n: z.number!() }) as never
  expect(formOf('schema', tagged('a', inner) as unknown as Schema).decode({ '@a': null, n: 1 }, 'k')).toEqual({ n: 1 })
})

test.each(zods.filter(name => /3.25|4.0/.test(name)))('is loaded with %s, and says what it needs', async zod => {
  const { int64, twoWay } = await entryWith(zod)
  const needs = expect.objectContaining({
    code: 'config',
    message: 'zod: swimlink/zod needs zod 4.1 or later; update zod, or use your schema without it',
  }) as Error
  expect(() => int64()).toThrow(needs)
  expect(() => twoWay({} as never)).toThrow(needs)
})
