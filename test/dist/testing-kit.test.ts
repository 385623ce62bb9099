// The testing kit as its users have it: the packed package, and an application with its tests in a folder of its own.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from '../browser/support/chromium.js'
import { packed } from '../support/consumer.js'
import { reconnect } from '../support/kit-program.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const beside = ['vitest', 'react', 'react-dom', '@testing-library/react', 'jsdom', 'mitt', 'ws', 'isomorphic-ws']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swimlink-tested-'))
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@testing-library'), { recursive: true })
  await run('tar', ['xzf', await packed(root, folder), '-C', folder])
  await rename(join(folder, 'package'), join(modules, 'swimlink'))
  for (const name of beside) await symlink(join(root, 'node_modules', name), join(modules, name))
  await cp(join(root, 'examples/testing'), folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the example of an application', () => {
  test('passes its tests under vitest, with React Testing Library', async () => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const { stdout } = await run(process.execPath, [vitest, 'run', '--root', folder], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', VITEST: undefined, VITEST_WORKER_ID: undefined, NODE_ENV: 'test' },
    })
    expect(stdout).toMatch(/Tests +4 passed \(4\)/)
    expect(stdout).not.toMatch(/not wrapped in act/)
  })

  test('is tested under node:test, as any program', async () => {
    await writeFile(
      join(folder, 'plain.mjs'),
      `import { test } from 'node:test'
       import assert from 'node:assert'
       import { testHost } from 'swimlink/testing'
       test('a map comes back after a lost network', async t => {
         t.mock.timers.enable()${reconnect}         assert.equal(written, 2)
       })`,
    )
    const { stdout } = await run(process.execPath, ['--test', 'plain.mjs'], {
      cwd: folder,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    })
    expect(stdout).toMatch(/pass 1\b/)
  })

  test('has in Node what clients there have, without another import', async () => {
    await writeFile(
      join(folder, 'alone.mjs'),
      `import { testHost } from 'swimlink/testing'
       const host = testHost()
       const client = host.client()
       client.downlinkList({ nodeUri: '/h', laneUri: 'l' }).open().push(1)
       await host.converged()
       console.log(client.inspect().hosts.length, typeof client.meta, typeof client.tap(() => {}))
       await host.close()`,
    )
    const { stdout } = await run(process.execPath, ['alone.mjs'], { cwd: folder })
    expect(stdout).toBe('1 function function\n')
  })

  test('runs in a page', async () => {
    const text = `import { testHost } from 'swimlink/testing'
      export async function run() {
        const host = testHost({ seed: 7 })
        const map = host.client().downlinkMap({ nodeUri: '/h', laneUri: 'm' }).open()
        host.lane('/h', 'm').set('a', 1)
        await host.idle()
        await host.cut().advance(30_000)
        map.set('b', 2)
        await host.heal().converged()
        await host.close()
        return [...host.lane('/h', 'm')]
      }`
    const { outputFiles } = await build({
      stdin: { contents: text, resolveDir: folder },
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'kit',
      platform: 'browser',
    })
    const browser = await launch()
    try {
      const page = await browser.newPage()
      await page.addScriptTag({ content: outputFiles[0]!.text })
      expect(await page.evaluate('kit.run()')).toEqual([
        ['a', 1],
        ['b', 2],
      ])
    } finally {
      await browser.close()
    }
  })
})
