// The package is installed by npm beside what an application has already, and runs there.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { packed } from '../support/consumer.js'
import { installers, neighbours } from './versions.js'

const run = promisify(execFile)
let folder: string
let tarball: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swimlink-neighbours-'))
  tarball = await packed(await builtPackage(), folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const script = `
  import { SwimClient } from 'swimlink'
  import { WarpHost } from 'swimlink/host'
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

test.each(Object.entries(neighbours))('npm installs it beside %s', async (_name, dependencies) => {
  const cwd = await mkdtemp(join(folder, 'app-'))
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--prefer-offline']
  // What is there first is what a later install has to bear with.
  await run('npm', ['install', ...flags], { cwd })
  await run('npm', ['install', ...flags, tarball], { cwd })
  // Fails where a peer is not within its range.
  await run('npm', ['ls'], { cwd })
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd })
  expect(stdout.trim()).toBe('1')
})

test.each(Object.entries(installers))(
  '%s installs it beside React 18 and zod 3',
  async (_name, [program, ...given]) => {
    const cwd = await mkdtemp(join(folder, 'app-'))
    const { react, zod } = neighbours['React 18, zod 3, Svelte 4, Vue 2']
    await writeFile(
      join(cwd, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: { react, zod } }),
    )
    await run('npx', ['--yes', program, ...given, tarball], { cwd })
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd })
    expect(stdout.trim()).toBe('1')
  },
)
