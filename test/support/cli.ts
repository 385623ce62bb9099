// The command `swimlink`, run as its users run it: in a process of its own, through pipes or on a pseudo-terminal.
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import xterm from '@xterm/headless'
import { vi } from 'vitest'
import { builtPackage } from './built.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const main = `${root}dist/cli/main.js`
const running = new Set<ChildProcess>()

/** Ends what is left: for afterEach. */
export function endCommands(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}

/** An environment in which nothing is said about colours. */
const environment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  const { NO_COLOR: _, FORCE_COLOR: _1, SWIMLINK_AUTH: _2, ...env } = process.env
  return { ...env, TERM: 'xterm-256color', ...extra }
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command with pipes. */
export class Piped {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  out = ''
  err = ''

  constructor(args: readonly string[], { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
    this.child = spawn(process.execPath, [main, ...args], { cwd: root, env: environment(env) })
    running.add(this.child)
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.out += text))
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.err += text))
    this.child.stdin!.end(input)
    this.ended = new Promise(done => this.child.on('close', code => done({ code, out: this.out, err: this.err })))
  }

  /** Resolves once `pattern` is printed. */
  async printed(pattern: RegExp): Promise<void> {
    await vi.waitFor(() => {
      if (!pattern.test(this.out)) throw new Error(`no ${pattern} in ${this.out}${this.err}`)
    }, 10_000)
  }
}

/** Runs a command to its end. The package is built first where it has to be. */
export async function swimlink(...args: string[]): Promise<Ended> {
  await builtPackage()
  return await new Piped(args).ended
}

/** A command on a pseudo-terminal, and what its user sees. */
export class OnTerminal {
  readonly ended: Promise<number | null>
  /** All that came, escapes and all. */
  raw = ''
  readonly #child: ChildProcess
  readonly #screen: InstanceType<typeof xterm.Terminal>

  constructor(args: readonly string[], { columns = 80, rows = 24, env = {} } = {}) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    const pty = [`${root}test/support/terminal.py`, String(columns), String(rows), process.execPath, main, ...args]
    this.#child = spawn('python3', pty, { cwd: root, env: environment(env) })
    running.add(this.#child)
    this.#child.stdout!.on('data', (bytes: Buffer) => {
      this.raw += bytes.toString('utf8')
      this.#screen.write(bytes)
    })
    this.#child.stderr!.pipe(process.stderr, { end: false })
    this.ended = new Promise(done => this.#child.on('close', done))
  }

  /** The lines that are to be seen, without what is empty below and at their ends. */
  get lines(): string[] {
    const { active } = this.#screen.buffer
    const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i)!.translateToString(true))
    while (lines.at(-1) === '') lines.pop()
    return lines
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows)
    this.#child.stdin!.write(`size ${columns} ${rows}\n`)
  }

  type(keys: string): void {
    this.#child.stdin!.write(`keys ${JSON.stringify(keys)}\n`)
  }

  /** Resolves once `holds` throws nothing. */
  seen(holds: (lines: string[]) => void): Promise<void> {
    return vi.waitFor(() => holds(this.lines), 10_000)
  }
}
