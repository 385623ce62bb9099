// Cloudflare's runtime, with the bundle that its `workerd` condition leads a bundler to.
import { spawn, type ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { expected } from './expected.js'
import { NotHad, workerdBinary } from './install.js'
import { versions } from './versions.js'
import { openWorld, type World } from './world.js'

const name = `workerd ${versions.workerd}`
/** The second: before Workers had MessageChannel, or WebSockets whose binary messages are blobs. */
const dates = ['2026-11-01', '2024-01-01']

const config = (date: string): string => `
  using Workerd = import "/workerd/workerd.capnp";
  const config :Workerd.Config = (
    services = [
      (name = "main", worker = (
        modules = [(name = "worker.js", esModule = embed "bundled.js")],
        compatibilityDate = "${date}",
        globalOutbound = "network",
        bindings = [(name = "HUB", durableObjectNamespace = "Hub")],
        durableObjectNamespaces = [(className = "Hub", uniqueKey = "hub")],
        durableObjectStorage = (inMemory = void),
      )),
      (name = "network", network = (allow = ["private", "local"])),
    ],
    sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  );`

let missing: string | undefined
let path: string

beforeAll(async () => {
  try {
    path = await workerdBinary(versions.workerd)
  } catch (problem) {
    if (!(problem instanceof NotHad)) throw problem
    missing = problem.message
    return
  }
  const folder = inject('consumer')
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ['worker.js'],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    outfile: 'bundled.js',
    metafile: true,
    logLevel: 'warning',
  })
  const ours = Object.keys(metafile.inputs).filter(file => file.includes('/swimlink/'))
  expect(ours).toContain('node_modules/swimlink/dist/browser/index.js')
  expect(ours.filter(file => !file.startsWith('node_modules/swimlink/dist/browser/'))).toEqual([])
})

describe.each(dates)(`${name}, compatibility date %s`, date => {
  let world: World
  let workerd: ChildProcess
  let complaints = ''
  let url: string

  beforeAll(async () => {
    if (missing !== undefined) return
    const file = join(inject('consumer'), `${date}.capnp`)
    await writeFile(file, config(date))
    // What it logs of itself, it logs by standard error; the port it took, by a descriptor of its own.
    workerd = spawn(path, ['serve', '--control-fd=3', file], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    workerd.stderr!.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    url = await new Promise<string>((ready, fail) => {
      workerd.once('error', fail).once('exit', () => fail(new Error(complaints)))
      workerd.stdio[3]!.on('data', (text: Buffer) => {
        const port = /"port":\s*(\d+)/.exec(String(text))?.[1]
        if (port !== undefined) ready(`http://127.0.0.1:${port}`)
      })
    })
  })

  beforeEach(async ({ skip }) => {
    if (missing !== undefined) skip(`${name}: not run: ${missing}`)
    world = await openWorld()
    complaints = ''
  })

  afterEach(() => world?.close())
  afterAll(() => void workerd?.kill('SIGKILL'))

  const ask = (what: string) => fetch(`${url}/${what}`, { method: 'POST', body: JSON.stringify(world.addresses) })

  test('goes through the scenario within a request', async () => {
    const text = await (await ask('scenario')).text()
    expect(text).toMatch(/^{/)
    expect(JSON.parse(text)).toEqual({ seen: expected(world.addresses.vectors), unused: true })
    expect(complaints).toBe('')
  })

  test('keeps a map in a durable object, over requests and an outage', async () => {
    const told = async (what: string) => (await ask(what)).json()
    const { controlUrl } = world.addresses
    const act = (what: string, given: object) =>
      fetch(`${controlUrl}/${what}`, { method: 'POST', body: JSON.stringify(given) })
    expect(await told('open')).toMatchObject({ state: 'synced', told: { length: 4 } })
    await act('remove', { key: 'a' })
    await expect.poll(() => told('told'), { interval: 50 }).toEqual({ state: 'synced', told: [['a']] })
    expect(await told('put')).toEqual({ state: 'synced', told: [['from a later request', 1]] })
    await act('outage', { remove: ['b', 'c'], set: [] })
    await act('over', {})
    await expect.poll(async () => ((await told('synced')) as { told: unknown[] }).told.sort()).toEqual([['b'], ['c']])
    expect(await told('close')).toEqual({ state: 'closed', told: [] })
    expect(complaints).toBe('')
  })
})
