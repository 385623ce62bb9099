// That no text costs much more to read than any other of its length, whatever it is made of and whatever was read before it. Work
// is counted (test/support/work), not timed, so a slow machine fails nothing and a fast one hides nothing.
// @module-tag full
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type BuildOptions } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface Result {
  readonly way: string
  readonly family: string
  /** Steps per character beside what plain records of the same length take. */
  readonly ratio: number
}

const seed = Number(process.env['WORK_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const familyCount = Number(process.env['WORK_FAMILIES'] ?? 40)
const room = mkdtempSync(join(tmpdir(), 'work-'))
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const common: BuildOptions = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' }

let results: Result[] = []

beforeAll(async () => {
  // Written for old engines, a copy of an object is a loop over its keys, which is counted.
  const target: BuildOptions = { target: 'es2017', supported: { bigint: true } }
  await build({
    ...common,
    ...target,
    entryPoints: [here('../../support/work/codec.ts')],
    outfile: join(room, 'codec.mjs'),
  })
  await build({ ...common, entryPoints: [here('../../support/work/main.ts')], outfile: join(room, 'main.mjs') })
  const args = [join(room, 'main.mjs'), pathToFileURL(join(room, 'codec.mjs')).href, String(seed), String(familyCount)]
  results = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })) as Result[]
}, 300_000)

afterAll(() => rmSync(room, { recursive: true }))

describe('any text', () => {
  test.each([
    'read',
    'read again',
    'read at length',
    'read after all the others',
    'read as the parameters of a head',
    'read as a key',
    'read as frames',
    'read as heads',
    'written',
    'made a key',
    'compared',
  ])('is %s with at most five times the work of plain records of its length', way => {
    const all = results.filter(result => result.way === way)
    expect(all.length).toBeGreaterThan(60)
    const dear = all.filter(({ ratio }) => ratio > 5).map(({ family, ratio }) => `${family}: ${ratio.toFixed(1)} times`)
    expect(dear, `WORK_SEED=${seed} WORK_FAMILIES=${familyCount}`).toEqual([])
  })
})
