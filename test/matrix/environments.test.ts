// The packed package in each environment of the table, for real.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { packed } from '../support/consumer.js'
import { environments, tryOut } from './environments.js'
import { installed } from './install.js'

const run = promisify(execFile)
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'swimlink-environments-'))
  await run('tar', ['xzf', await packed(await builtPackage(), root), '-C', root])
})
afterAll(() => rm(root, { recursive: true, force: true }))

test.each(environments)(
  '$name',
  async environment => {
    const own = { mitt: '3.0.1', ws: '8.23.0', 'isomorphic-ws': '5.0.0' }
    const modules = await installed('environment', { ...environment.packages, ...own })
    const folder = await mkdtemp(join(root, 'app-'))
    const printed = await tryOut(environment, join(modules, 'node_modules'), folder, join(root, 'package'))
    expect(printed).toMatch(environment.prints)
  },
  600_000,
)
