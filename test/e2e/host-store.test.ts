// What a host with a store has told its clients is there after it was killed, whenever that was.
// @module-tag full
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { levelStore, WarpHost, type Change, type LaneStore, type LevelStoreOptions } from '../../src/host/index.js'
import { parse } from '../../src/recon/index.js'
import { RawClient } from '../support/raw-client.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'node_modules', '.cache', 'swimlink', `kept-host-${process.pid}.mjs`)
const folders: string[] = []
const children: ChildProcess[] = []
const hosts: WarpHost[] = []

beforeAll(async () => {
  mkdirSync(join(program, '..'), { recursive: true })
  await build({
    entryPoints: [join(root, 'test/support/kept-host.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const host of hosts.splice(0)) await host.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
afterAll(() => rmSync(program, { force: true }))

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'swimlink-store-'))
  folders.push(made)
  return made
}

async function spawnHost(path: string): Promise<{ uri: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const gone = new Promise<void>(done => child.once('exit', () => done()))
  const uri = await new Promise<string>((ready, fail) => {
    child.stdout.once('data', chunk => ready(String(chunk).trim()))
    child.once('exit', () => fail(new Error('the host did not start')))
  })
  return {
    uri,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

const map = '(node:"/unit/1",lane:map)'

/** The entries that a sync tells. */
async function entriesOf(uri: string, lane = map): Promise<Map<string, unknown>> {
  const client = await RawClient.open(uri)
  client.send(`@sync${lane}`)
  const frames = await client.to('@synced')
  client.socket.terminate()
  const entries = new Map<string, unknown>()
  for (const frame of frames) {
    const [, key, value] = /^@event.*@update\(key:(\w+)\)(.*)$/.exec(frame) ?? []
    if (key !== undefined) entries.set(key, parse(value!))
  }
  return entries
}

function random(seed: number): () => number {
  return () => {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32
    return seed / 2 ** 32
  }
}

test('a host killed at any moment has every write that was echoed', { timeout: 60_000 }, async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
  const next = random(seed)
  const path = folder()
  /** What each key was told to hold, in order; undefined for a remove. */
  const told = new Map<string, (number | undefined)[]>()
  /** How many of those were echoed for certain. */
  const echoed = new Map<string, number>()
  let count = 0
  let acknowledged = 0
  for (let round = 0; round < 8; round++) {
    const host = await spawnHost(path)
    const entries = await entriesOf(host.uri)
    for (const [key, values] of told) {
      const from = echoed.get(key) ?? 0
      // Where nothing was echoed, nothing need be there.
      const possible = [...(from === 0 ? [undefined] : []), ...values.slice(Math.max(0, from - 1))]
      expect(possible, `key ${key}, round ${round}, seed ${seed}`).toContain(entries.get(key))
      // What is there now is where it goes on from.
      told.set(key, [entries.get(key) as number | undefined])
      echoed.set(key, 1)
    }
    const client = await RawClient.open(host.uri)
    client.send(`@link${map}`)
    client.socket.on('message', data => {
      const [, op, key, value] = /@(update|remove)\(key:(\w+)\) ?(.*)$/.exec(String(data as Buffer)) ?? []
      if (key === undefined) return
      const values = told.get(key)!
      const was = echoed.get(key) ?? 0
      const at = values.indexOf(op === 'update' ? Number(value) : undefined, was)
      if (at >= 0) echoed.set(key, at + 1)
      acknowledged++
    })
    const until = performance.now() + 20 + next() * 250
    while (performance.now() < until) {
      for (let i = 0; i < 1 + next() * 40; i++) {
        const key = `k${Math.floor(next() * 20)}`
        const values = told.get(key) ?? []
        told.set(key, values)
        if (next() < 0.2 && values.at(-1) !== undefined) {
          values.push(undefined)
          client.send(`@command${map}@remove(key:${key})`)
        } else {
          values.push(++count)
          client.send(`@command${map}@update(key:${key})${count}`)
        }
      }
      await new Promise(soon => setTimeout(soon, next() * 8))
    }
    await host.kill()
  }
  // The trial is worth something only where much was echoed and some was not.
  expect(acknowledged).toBeGreaterThan(200)
})

describe('a store on disk', () => {
  test('brings back maps, values, and nothing transient', async () => {
    const path = folder()
    const define = (host: WarpHost) => {
      hosts.push(host)
      return host.node('/unit/:id', node => {
        node.mapLane('map')
        node.mapLane('passing', { transient: true })
        node.valueLane('value')
      })
    }
    const first = define(new WarpHost({ store: levelStore(path) }))
    await first.listen()
    const unit = first.nodeRef('/unit/a%20b')
    const values = [1, 'a b', 'true', true, null, undefined, {}, [1], { a: [{}] }, new Uint8Array([1, 2]), 2n ** 80n]
    for (const [i, value] of values.entries()) unit.lane('map', 'map').set(i, value)
    unit
      .lane('map', 'map')
      .set({ x: 'a b', y: [1] }, 'record')
      .set('gone', 1)
      .set('', 'empty')
    unit.lane('map', 'map').delete('gone')
    unit.lane('passing', 'map').set('a', 1)
    unit.lane('value', 'value').set({ open: true })
    const cut = first.nodeRef('/unit/cut').lane('map', 'map')
    for (const key of ['a', 'b', 'c', 'd']) cut.set(key, key)
    cut.drop(1)
    cut.take(2)
    first.nodeRef('/unit/cleared').lane('map', 'map').set('a', 1).clear()
    const before = [...unit.lane('map', 'map')]
    await first.close()

    const second = define(new WarpHost({ store: levelStore(path) }))
    await second.listen()
    expect([...second.nodeRef('/unit/a%20b').lane('map', 'map')]).toEqual(before)
    expect(second.nodeRef('/unit/a%20b').lane('value', 'value').get()).toEqual({ open: true })
    expect(second.nodeRef('/unit/a%20b').lane('passing', 'map').size).toBe(0)
    expect([...second.nodeRef('/unit/cut').lane('map', 'map').keys()]).toEqual(['b', 'c'])
    expect(second.nodeRef('/unit/cleared').lane('map', 'map').size).toBe(0)
  })
})

describe('a store that was damaged', () => {
  const writes = 300

  /** A store that was told of so many writes, each acknowledged, and was killed. */
  async function filled(): Promise<string> {
    const path = folder()
    const host = await spawnHost(path)
    const client = await RawClient.open(host.uri)
    client.send(`@link${map}`)
    await client.next()
    for (let i = 0; i < writes; i++) {
      // Some are written over, so that not only their number tells.
      client.send(`@command${map}@update(key:k${i % 200}){id:${i},name:"entry number ${i}"}`)
      await client.next()
    }
    await host.kill()
    return path
  }

  const largest = (path: string, ending: RegExp): string =>
    readdirSync(path)
      .filter(name => ending.test(name))
      .map(name => join(path, name))
      .sort((a, b) => statSync(b).size - statSync(a).size)[0]!

  const open = async (path: string, options?: LevelStoreOptions) => {
    const host = new WarpHost({ store: levelStore(path, options), onError: () => {} })
    hosts.push(host)
    host.node('/unit/:id', node => void node.mapLane('map'))
    await host.listen()
    return host.nodeRef('/unit/1').lane('map', 'map')
  }

  const damages: { [what: string]: (bytes: Buffer) => Buffer } = {
    'a byte early on': bytes => (bytes.writeUInt8(bytes[1000]! ^ 0xff, 1000), bytes),
    'a byte half-way': bytes => (bytes.writeUInt8(bytes[bytes.length >> 1]! ^ 0xff, bytes.length >> 1), bytes),
    'a byte of the last write': bytes => (bytes.writeUInt8(bytes.at(-20)! ^ 0xff, bytes.length - 20), bytes),
    'its last page': bytes => bytes.subarray(0, bytes.length - 4096),
    'two thirds': bytes => bytes.subarray(0, bytes.length / 3),
    'a page in the middle': bytes => bytes.fill(0, 4096, 8192),
    'all of its log': () => Buffer.alloc(0),
  }

  test('is as good as whole where nothing is damaged', async () => {
    const path = await filled()
    expect((await open(path)).size).toBe(200)
  })

  test.each(Object.entries(damages))('in %s says so when it is opened, and what to do', async (_, damage) => {
    const path = await filled()
    const log = largest(path, /\.log$/)
    writeFileSync(log, damage(readFileSync(log)))
    const problem = await open(path).then(
      lane => `nothing was said of ${200 - lane.size} of 200 entries`,
      (error: unknown) => error,
    )
    expect(problem).toMatchObject({ code: 'config', option: 'store' })
    expect(String(problem)).toMatch(/is damaged: .* (200|writes are gone).*acceptLoss: true/)
    // A second look says the same; who accepts it has what is left, and is not asked again.
    await expect(open(path)).rejects.toMatchObject({ option: 'store' })
    const left = await open(path, { acceptLoss: true })
    expect(left.size).toBeLessThanOrEqual(200)
    left.set('more', 1)
    const { size } = left
    await hosts.pop()!.close()
    expect((await open(path)).size).toBe(size)
  })

  test('in a table says so too', async () => {
    const path = folder()
    const lane = await open(path)
    for (let i = 0; i < 5000; i++) lane.set(`k${i}`, `${i} ${Math.sin(i)}`)
    await hosts.pop()!.close()
    // Opened again, LevelDB makes a table of its log.
    await open(path)
    await hosts.pop()!.close()
    const table = largest(path, /\.ldb$/)
    const bytes = readFileSync(table)
    for (let at = 100; at < bytes.length - 100; at += 997) bytes.writeUInt8(bytes[at]! ^ 0x55, at)
    writeFileSync(table, bytes)
    await expect(open(path)).rejects.toMatchObject({ code: 'config', option: 'store' })
  })

  test.each(['MANIFEST', 'CURRENT'])('in its %s says so too', async name => {
    const path = await filled()
    const file = largest(path, new RegExp(`^${name}`))
    writeFileSync(file, readFileSync(file).fill(0x55, 5))
    await expect(open(path)).rejects.toMatchObject({ code: 'config', option: 'store' })
    await expect(open(path)).rejects.toThrow(/is damaged: .*acceptLoss: true/)
    expect((await open(path, { acceptLoss: true })).size).toBeLessThanOrEqual(200)
  })

  test('or is of a time before it was counted, is counted from now on', async () => {
    const path = folder()
    const { ClassicLevel } = await import('classic-level')
    const db = new ClassicLevel(path)
    await db.put('/unit/1 map a', '1')
    await db.close()
    expect([...(await open(path))]).toEqual([['a', 1]])
    await hosts.pop()!.close()
    rmSync(join(path, 'acknowledged'))
    expect([...(await open(path))]).toEqual([['a', 1]])
  })
})

test('what a store brings back that is no Recon, or that no lane takes, is passed over', async () => {
  const errors: string[] = []
  const change = (node: string, lane: string, key: string, value: string): Change => ({ node, lane, key, value })
  const store: LaneStore = {
    async *load() {
      yield change('/unit/1', 'map', 'good', '{a:1}')
      yield change('/unit/1', 'map', 'bad', '{')
      yield change('/unit/1', 'gone', 'a', '1')
      yield change('/nowhere', 'map', 'a', '1')
    },
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  const host = new WarpHost({ store, onError: (_, where) => errors.push(where) })
  hosts.push(host)
  host.node('/unit/:id', node => void node.mapLane('map'))
  await host.listen()
  expect([...host.nodeRef('/unit/1').lane('map', 'map')]).toEqual([['good', { a: 1 }]])
  expect(errors).toEqual(["the store's entry bad of /unit/1 map"])
})

test('two hosts do not share a folder', async () => {
  const path = folder()
  const [first, second] = [new WarpHost({ store: levelStore(path) }), new WarpHost({ store: levelStore(path) })]
  hosts.push(first, second)
  await first.listen()
  await expect(second.listen()).rejects.toThrow('is used by another host')
})

/** A store in memory, whose writes end when they are told to. */
class SlowStore implements LaneStore {
  readonly kept = new Map<string, string>()
  readonly writes: { changes: readonly Change[]; end(error?: Error): void }[] = []

  async *load(): AsyncGenerator<Change> {}

  write(changes: readonly Change[]): Promise<void> {
    return new Promise((done, fail) =>
      this.writes.push({ changes, end: error => (error === undefined ? done() : fail(error)) }),
    )
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

describe('with a store that takes its time', () => {
  async function start() {
    const store = new SlowStore()
    const errors: unknown[] = []
    const host = new WarpHost({ store, onError: error => errors.push(error) })
    hosts.push(host)
    host.node('/unit/:id', node => {
      node.mapLane('map')
      node.commandLane('echo')
    })
    const { uri } = await host.listen()
    const client = await RawClient.open(uri)
    client.send(`@sync${map}`, '@link(node:"/unit/1",lane:echo)')
    await client.take(3)
    return { store, client, host, errors, uri }
  }

  test('nothing is told before it is kept, in the order it was asked for, and what folds is kept once', async () => {
    const { store, client, host } = await start()
    client.send(`@command${map}@update(key:a)1`)
    await expect.poll(() => store.writes.length).toBe(1)
    client.send(`@command${map}@update(key:a)2`, `@command${map}@update(key:b)1`, `@command${map}@update(key:a)3`)
    client.send('@command(node:"/unit/1",lane:echo) hello', `@sync${map}`)
    expect(await client.rest()).toEqual([])
    expect(host.nodeRef('/unit/1').lane('map', 'map').get('a')).toBe(3)
    store.writes[0]!.end()
    expect(await client.rest()).toEqual([`@event${map}@update(key:a) 1`])
    expect(store.writes.length).toBe(2)
    expect(store.writes[1]!.changes).toMatchObject([
      { key: 'a', value: '3' },
      { key: 'b', value: '1' },
    ])
    store.writes[1]!.end()
    // A change that waits while its sync walks may be told twice.
    expect([...new Set(await client.rest())].sort()).toEqual([
      '@event(node:"/unit/1",lane:echo) hello',
      `@event${map}@update(key:a) 3`,
      `@event${map}@update(key:b) 1`,
      `@synced${map}`,
    ])
  })

  test('who writes faster than the store keeps waits for it, and loses nothing', async () => {
    const { store, client, host } = await start()
    const writes = 20_000
    for (let i = 0; i < writes; i++) client.send(`@command${map}@update(key:${i})1`)
    await expect.poll(() => store.writes.length).toBe(1)
    const lane = host.nodeRef('/unit/1').lane('map', 'map')
    await expect.poll(() => lane.size).toBeGreaterThanOrEqual(10_000)
    let before = -1
    while (before !== lane.size) {
      before = lane.size
      await client.rest(200)
    }
    expect(lane.size).toBeLessThan(writes)
    let kept = 0
    const keepAll = () => {
      while (kept < store.writes.length) store.writes[kept++]!.end()
      return client.frames.length - 3
    }
    // The host may begin to keep more at any moment, until all is told.
    await expect.poll(keepAll, { timeout: 10_000 }).toBe(writes)
  })

  test('a store that fails ends the sockets: what it could not keep is never told', async () => {
    const { store, client, errors, uri, host } = await start()
    client.send(`@command${map}@update(key:a)1`)
    await expect.poll(() => store.writes.length).toBe(1)
    store.writes[0]!.end(new Error('disk full'))
    expect(await client.end()).toEqual({ code: 1011, reason: 'the store failed' })
    expect(client.frames.length).toBe(3)
    expect(errors).toEqual([new Error('disk full')])
    await expect(RawClient.open(uri)).rejects.toThrow('503')
    host.nodeRef('/unit/1').lane('map', 'map').set('b', 1)
    expect(store.writes.length).toBe(1)
  })
})
