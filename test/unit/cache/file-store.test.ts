// The store on disk: all that the suite asks, processes that are killed, and others that have the folder.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { cacheSuite } from '../../../src/cache/cache-suite.js'
import { fileCache } from '../../../src/cache/file-store.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const program = join(root, 'node_modules', '.cache', 'swimlink', `kept-cache-${process.pid}.mjs`)
const folders: string[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  mkdirSync(join(program, '..'), { recursive: true })
  await build({
    entryPoints: [join(root, 'test/support/kept-cache.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => {
  for (const folder of [...folders, program]) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'swimlink-cache-'))
  folders.push(made)
  return made
}

/** Starts a process that has the cache of `path`; `heard` gets each line that it says. */
function start(path: string, what: 'count' | 'hold', heard: (line: string) => void = () => {}) {
  const child = spawn(process.execPath, [program, path, what], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let text = ''
  const first = once(child.stdout, 'data')
  child.stdout.on('data', chunk => {
    const lines = (text += String(chunk)).split('\n')
    text = lines.pop()!
    lines.forEach(heard)
  })
  return {
    first,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

describe('fileCache', () => {
  const suites = mkdtempSync(join(tmpdir(), 'swimlink-cache-suite-'))
  folders.push(suites)
  for (const { name, run } of cacheSuite(scope => fileCache(suites, { scope }))) it(name, run)

  it('makes its folder at the first call, with one folder inside for each scope, whatever the name of the scope', async () => {
    const path = join(folder(), 'a', 'b')
    const scopes = [undefined, 'a', 'A', '../../x', '/', 'con', 'é', 'e\u0301', '\ud800', 'x'.repeat(10_000)]
    const stores = scopes.map(scope => fileCache(path, { scope }))
    expect(() => readdirSync(path)).toThrow('ENOENT')
    for (const store of stores) await store.write({ put: [['a', '1']] })
    const names = readdirSync(path)
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(scopes.length)
    for (const name of names) expect(name).toMatch(/^(everybody|scope-[0-9a-f]{32})$/)
    for (const store of stores) await store.close()
  })

  it('throws for invalid options', () => {
    expect(() => fileCache('')).toThrow('folder: must be the path of a folder')
    expect(() => fileCache(undefined as never)).toThrow('folder: must be the path of a folder')
    expect(() => fileCache('a', { scope: 7 } as never)).toThrow('scope: must be a string')
  })

  it('opens one database for a process, and closes it with the last user', async () => {
    const path = folder()
    const stores = [fileCache(path, { scope: 'a' }), fileCache(relative('.', path), { scope: 'a' })]
    await Promise.all(stores.map((store, i) => store.write({ put: [[`${i}`, '']] })))
    await stores[0]!.close()
    expect(await stores[1]!.read('')).toEqual([['0', ''], ['1', '']]) // prettier-ignore
    const letGo = (await stores[1]!.lock('x'))!
    await stores[1]!.close()
    await expectUsed(path)
    letGo()
    // It is written to by another process now.
    const child = start(path, 'count')
    await child.first
    await child.kill()
    expect(new Map(await stores[0]!.read('')).get('0')).toBe('')
    await stores[0]!.close()
  })

  /** Whether a process of its own finds the folder in use. */
  async function expectUsed(path: string): Promise<void> {
    const child = spawn(process.execPath, [program, path, 'count'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', chunk => (said += String(chunk)))
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(1)
    expect(said).toMatch(/ConfigError: cache: ".*" is used by another process or worker: give each a folder of its own/)
  }

  it('reports that another process has the folder open, and opens it once that process has ended', async () => {
    const path = folder()
    const child = start(path, 'hold')
    await child.first
    const store = fileCache(path, { scope: 'a' })
    const other = fileCache(path, { scope: 'b' })
    await expect(store.read('')).rejects.toThrow(/is used by another process or worker: give each a folder of its own/)
    await expect(store.write({})).rejects.toMatchObject({ name: 'ConfigError', code: 'config', option: 'cache' })
    expect(await store.lock('x')).toBeUndefined()
    // Another scope is another database.
    expect(await other.write({ put: [['a', '1']] })).toBe(true)
    await child.kill()
    expect(await store.read('')).toEqual([])
    expect(await store.lock('x')).toBeTypeOf('function')
    await other.close()
  })

  it(
    'has each write that resolved before its process was killed, and no partial write',
    { timeout: 60_000 },
    async () => {
      const path = folder()
      const store = fileCache(path, { scope: 'a' })
      for (let round = 0; round < 6; round++) {
        await store.write({ remove: [''] })
        await store.close()
        let told = 0
        const enough = 20 + round * 150
        await new Promise<void>((done, fail) => {
          const child = start(path, 'count', line => {
            told = Number(line)
            if (told === enough) child.kill().then(done, fail)
          })
        })
        const rows = new Map(await store.read(''))
        const last = Number(rows.get('n'))
        expect(last).toBeGreaterThanOrEqual(told)
        const wanted = Array.from({ length: last }, (_, i) => `k${i + 1}`)
        expect([...rows.keys()].sort()).toEqual([...wanted, `last${last}`, 'n'].sort())
      }
      await store.close()
    },
  )

  it.each(['CURRENT', 'MANIFEST', 'log'])('opens with the rows that are left if its %s is damaged', async what => {
    const path = folder()
    const store = fileCache(path, { scope: 'a' })
    await store.write({ put: [['a', '1']] })
    await store.close()
    const [scope] = readdirSync(path)
    for (const name of readdirSync(join(path, scope!)))
      if (name.includes(what)) writeFileSync(join(path, scope!, name), 'not what it was '.repeat(40))
    const rows = await store.read('')
    // Only the log has rows.
    expect(rows).toEqual(what === 'log' ? [] : [['a', '1']])
    expect(await store.write({ put: [['b', '1']] })).toBe(true)
    expect(new Map(await store.read('')).get('b')).toBe('1')
    await store.close()
  })

  it('names the package to install if classic-level is missing', async () => {
    vi.doMock('classic-level', () => {
      throw new Error('not found')
    })
    try {
      const store = fileCache(folder())
      for (const call of [store.read(''), store.write({}), store.lock('a')])
        await expect(call).rejects.toThrow(
          'cache: fileCache needs the package classic-level: npm install classic-level',
        )
      await store.close()
    } finally {
      vi.doUnmock('classic-level')
    }
  })
})
