// Clients as processes: bundled once, started, paused and killed.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ClientPlan, Look } from './client.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** One file of a program of this folder, with the sources that it imports; the path of the bundle. */
export async function bundle(name: 'client' | 'host'): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'swimlink')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `prove-${name}-${process.pid}.mjs`)
  await build({
    entryPoints: [join(root, 'test/prove', `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  process.once('exit', () => rmSync(outfile, { force: true }))
  return outfile
}

export class ClientProcess {
  readonly by: string
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  readonly #asked: ((text: string) => void)[] = []
  #errors = ''

  constructor(program: string, plan: ClientPlan) {
    this.by = plan.by
    const child = spawn(process.execPath, [program, JSON.stringify(plan)], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child = child
    this.#gone = new Promise(done => child.once('close', () => done()))
    child.stdin.on('error', () => undefined)
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors = (this.#errors + text).slice(-4000)))
    createInterface({ input: child.stdout }).on('line', text => this.#asked.shift()?.(text))
  }

  /** What it wrote to its standard error: nothing, where nothing is wrong with the program. */
  get errors(): string {
    return this.#errors
  }

  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  /** As a crash. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  rest(): void {
    this.#child.stdin?.write('rest\n')
  }

  async look(): Promise<Look> {
    return JSON.parse(await this.#ask('look')) as Look
  }

  async quiet(): Promise<void> {
    await this.#ask('quiet')
  }

  async end(): Promise<void> {
    this.#child.stdin?.end('end\n')
    await this.#gone
  }

  #ask(word: string, withinMs = 90_000): Promise<string> {
    return new Promise((answered, fail) => {
      const problem = (what: string) => fail(new Error(`${this.by} ${what} when asked to ${word}\n${this.#errors}`))
      const late = setTimeout(() => problem('did not answer'), withinMs)
      void this.#gone.then(() => problem('had ended'))
      this.#asked.push(text => {
        clearTimeout(late)
        answered(text)
      })
      this.#child.stdin?.write(`${word}\n`)
    })
  }
}
