// Interop support. Other people's WARP clients as child processes, driven by lines of JSON, and installed on demand outside the clone.
import { spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { builtFolder, runStep, sourceKey, toolVersion } from '../hosts/build-cache.js'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** What a downlink of a foreign client is like at the moment; values as JSON says them. */
export interface ForeignState {
  readonly synced: boolean
  readonly linked: boolean
  readonly unlinked: boolean
  /** The host has taken the client's credentials. */
  readonly authenticated: boolean
  /** `['update', key, value]`, `['remove', key]`, `['set', value]` … in order. */
  readonly told: readonly unknown[][]
  readonly events: readonly unknown[]
  readonly entries: readonly [unknown, unknown][]
  readonly value: unknown
}

export type ForeignOp =
  | 'open'
  | 'state'
  | 'put'
  | 'remove'
  | 'clear'
  | 'drop'
  | 'take'
  | 'set'
  | 'command'
  | 'close'
  | 'authenticate'
  | 'listInsert'
  | 'listSet'
  | 'listMove'
  | 'listRemove'

export interface ForeignClient {
  /** Does one thing; rejects with what the client threw. */
  ask(op: ForeignOp, args: { readonly [name: string]: unknown }): Promise<unknown>
  state(as: string): Promise<ForeignState>
  /** What it wrote to its standard error. */
  complaints(): string
  stop(): Promise<void>
}

export interface ForeignKind {
  readonly name: '@swim/client 4.0.0' | 'swimos 1.6.0a0 (Python)'
  /** What the client does not do at all. */
  readonly lacks: readonly ('clear' | 'drop' | 'take' | 'remote clear' | 'remote drop and take' | 'lists')[]
  start(hostUri: string): Promise<ForeignClient>
}

export const swimJs: ForeignKind = {
  name: '@swim/client 4.0.0',
  // Told so, it takes them for its map; but an own drop it applies twice, so that its map is off until it links anew.
  lacks: ['drop'],
  async start(hostUri) {
    const key = await sourceKey(folder, ['swim-js'], [process.version])
    const at = await builtFolder('client-swim-js', key, async into => {
      await cp(join(folder, 'swim-js'), into, { recursive: true })
      await runStep({
        tool: 'npm',
        args: ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', into],
        cwd: into,
        hint: '@swim/client could not be installed.',
      })
    })
    return startClient(process.execPath, [join(at, 'driver.mjs'), hostUri])
  },
}

const pythonInstall =
  'The Python client needs python3, 3.9 or newer, with venv. On Debian: apt-get install python3 python3-venv.'

export const python: ForeignKind = {
  name: 'swimos 1.6.0a0 (Python)',
  lacks: ['clear', 'drop', 'take', 'remote clear', 'remote drop and take', 'lists'],
  async start(hostUri) {
    const version = await toolVersion('python3', ['--version'], pythonInstall)
    const key = await sourceKey(folder, ['python'], [version])
    const at = await builtFolder('client-python', key, async into => {
      await cp(join(folder, 'python'), into, { recursive: true })
      const step = (tool: string, ...args: string[]) => runStep({ tool, args, cwd: into, hint: pythonInstall })
      await step('python3', '-m', 'venv', 'env')
      // By the interpreter, not by scripts, which name a folder that will have moved.
      const interpreter = join(into, 'env/bin/python')
      await step(interpreter, '-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', 'swimos==1.6.0a0')
    })
    return startClient(join(at, 'env/bin/python'), [join(at, 'driver.py'), hostUri])
  },
}

function startClient(command: string, args: readonly string[]): Promise<ForeignClient> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  })
  const waiting = new Map<number, { settle(result: unknown): void; fail(error: Error): void }>()
  let complaints = ''
  let last = 0
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-20_000)))
  child.stdin.on('error', () => undefined)
  const ended = new Promise<void>(done =>
    child.once('close', () => {
      for (const { fail } of waiting.values()) fail(new Error(`the client has ended\n${complaints}`))
      waiting.clear()
      done()
    }),
  )
  createInterface({ input: child.stdout }).on('line', line => {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string }
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.settle(result)
    else asked?.fail(new Error(error))
  })
  const answer = (id: number): Promise<unknown> =>
    new Promise((settle, fail) => {
      const late = setTimeout(() => fail(new Error(`no answer within 20 s\n${complaints}`)), 20_000)
      const over =
        <T>(end: (value: T) => void) =>
        (value: T) => {
          clearTimeout(late)
          end(value)
        }
      waiting.set(id, { settle: over(settle), fail: over(fail) })
    })
  const client: ForeignClient = {
    ask(op, args) {
      const id = ++last
      const answered = answer(id)
      child.stdin.write(`${JSON.stringify({ id, op, ...args })}\n`)
      return answered
    },
    state: as => client.ask('state', { as }) as Promise<ForeignState>,
    complaints: () => complaints,
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), 3000)
      child.stdin.end()
      await ended
      clearTimeout(late)
    },
  }
  return answer(0).then(() => client)
}
