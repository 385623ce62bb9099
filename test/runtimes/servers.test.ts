// Deno, Bun and Node: the scenario, what importing does, and whether the process ends by itself.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expected } from './expected.js'
import { bunBinary, denoBinary, nodeBinary, NotHad } from './install.js'
import { runProgram } from './program.js'
import { versions } from './versions.js'
import { openWorld, type World } from './world.js'

interface Server {
  readonly name: string
  readonly binary: () => Promise<string>
  readonly flags?: readonly string[]
  /** The bundle that the package's exports lead it to. */
  readonly entry: 'browser' | 'node'
  /** Another WebSocket than the one that the bundle brings: the platform's own, which Node has since 22. */
  readonly socket?: 'own'
  /** Its WebSocket can be ended without its peer. */
  readonly letsGo: boolean
}

const node = (version: string): Server[] => {
  const plain: Server = { name: `Node ${version}`, binary: () => nodeBinary(version), entry: 'node', letsGo: true }
  const own: Server = { ...plain, name: `Node ${version}, its own WebSocket`, socket: 'own', letsGo: false }
  return parseInt(version) < 22 ? [plain] : [plain, own]
}

const servers: readonly Server[] = [
  {
    name: `Deno ${versions.deno}`,
    binary: () => denoBinary(versions.deno),
    flags: ['run', '--no-remote', '--no-prompt', '--allow-net=127.0.0.1'],
    entry: 'browser',
    letsGo: false,
  },
  { name: `Bun ${versions.bun}`, binary: () => bunBinary(versions.bun), entry: 'browser', letsGo: true },
  ...versions.node.flatMap(node),
]

describe.each(servers)('$name', ({ name, binary, flags = [], entry, socket, letsGo }) => {
  let missing: string | undefined
  let path: string
  let world: World | undefined

  beforeAll(async () => {
    try {
      path = await binary()
    } catch (problem) {
      if (!(problem instanceof NotHad)) throw problem
      missing = problem.message
      return
    }
    world = await openWorld()
  })

  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(`${name}: not run: ${missing}`)
  })

  afterAll(() => world?.close())

  const run = (program: string, more: readonly string[] = []) =>
    runProgram(path, [...flags, ...more, program, JSON.stringify(world!.addresses), socket ?? ''])

  test('goes through the scenario', async () => {
    const { code, said, complaints, lingeredMs } = await run('server.js')
    expect(complaints).toBe('')
    const { entry: loaded, seen } = JSON.parse(said[0]!) as { entry: string; seen: object }
    expect(loaded).toMatch(new RegExp(`/node_modules/swimlink/dist/${entry}/index\\.js$`))
    expect(seen).toEqual(expected(world!.addresses.vectors))
    // Its clients are closed; what it let go of while a line was silent is another test's.
    if (!letsGo) return
    expect(code).toBe(0)
    expect(lingeredMs).toBeLessThan(5000)
  })

  test('ends by itself, with clients closed or unused', async () => {
    const { code, said, complaints, lingeredMs } = await run('endings.js')
    expect({ code, said, complaints }).toEqual({
      code: 0,
      said: ['in one tick', 'out of reach', 'mute', 'closed'].map(text => JSON.stringify(text)),
      complaints: '',
    })
    expect(lingeredMs).toBeLessThan(5000)
  })

  test(`closes a client of a silent host within a second${letsGo ? '' : ', though the platform keeps the socket'}`, async () => {
    const { code, said, complaints } = await run('silent.js')
    expect(complaints).toBe('')
    expect(Number(said[0])).toBeLessThan(3000)
    expect(code).toBe(letsGo ? 0 : undefined)
  })

  // Of which WebSocket there is, all that follows knows nothing.
  if (socket !== undefined) return

  test('imports without a side effect, and is required as well', async () => {
    const imported = await run('imported.js')
    expect(imported).toMatchObject({ code: 0, said: ['[]'], complaints: '' })
    // Deno resolves what is required as Node does: to the bundle with ws in it, which asks for more.
    const required = await run('required.js', name.startsWith('Deno') ? ['--allow-env', '--allow-read'] : [])
    expect(required).toMatchObject({ code: 0, said: ['function {1,2}'] })
  })

  if (!name.startsWith('Deno')) return

  test('checks the types of the package', async () => {
    const { code, complaints } = await runProgram(path, ['check', '--no-remote', 'example.ts'])
    expect({ code, complaints }).toEqual({ code: 0, complaints: expect.stringMatching(/^Check \S*example\.ts\s*$/) })
    const wrong = await runProgram(path, ['check', '--no-remote', 'wrong.ts'])
    expect(wrong.code).toBe(1)
    expect(wrong.complaints).toMatch(/TS2345/)
  })
})
