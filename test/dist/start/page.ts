// docs/START.md as its readers go through it: its sections as steps, and the terminals that they are done in.
import { exec, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../docs/sections.js'

const run = promisify(exec)

export type Step =
  | { readonly type: 'run'; readonly lines: readonly string[] }
  | { readonly type: 'file'; readonly path: string; readonly text: string }
  | { readonly type: 'prints'; readonly text: string }

/** What a section has its reader do, in its order. A file's name is what the paragraph before it names last. */
export function stepsOf(heading: string): Step[] {
  const page = readFileSync(`${root}docs/START.md`, 'utf8')
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]
  if (section === undefined) throw new Error(`docs/START.md has no section ${heading}`)
  return Array.from(section.matchAll(/^```(\w*)\n([^]*?)^```$/gm), ({ 1: language, 2: text, index }): Step => {
    if (language === '') return { type: 'prints', text: text! }
    if (language === 'sh') return { type: 'run', lines: text!.trimEnd().split('\n') }
    const [, path] = /`([\w./-]+)`[^`]*$/.exec(section.slice(0, index))!
    return { type: 'file', path: path!, text: text! }
  })
}

/** A port that is free now. */
export const freePort = () =>
  new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** A command that goes on running. */
export interface Running {
  /** All that it has printed so far. */
  output(): string
  /** Resolves with what the pattern finds in what it prints. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends it, as Ctrl-C does: the command, and what it started. */
  stop(): Promise<void>
}

/** Terminals in which the page's lines are typed, but for the port, which another process may hold. */
export class Terminals {
  readonly #port: number
  readonly #own: (line: string, folder: string) => Promise<boolean>
  readonly #running = new Set<Running>()

  /** `own` does a line in another way than the shell, and says whether it has. */
  constructor(port: number, own: (line: string, folder: string) => Promise<boolean>) {
    this.#port = port
    this.#own = own
  }

  #here = (text: string) => text.replaceAll('9001', String(this.#port))

  /** Types lines, each once the one before it has ended; gives the folder that the terminal is in then, and what was printed. */
  async type(lines: readonly string[], from: string): Promise<{ folder: string; printed: string }> {
    let [folder, printed] = [from, '']
    for (const line of lines) {
      const [, into] = /^cd (.*)$/.exec(line) ?? []
      if (into !== undefined) folder = join(folder, into)
      else if (!(await this.#own(line, folder))) printed += (await run(this.#here(line), { cwd: folder })).stdout
    }
    return { folder, printed }
  }

  async paste({ path, text }: { path: string; text: string }, folder: string): Promise<void> {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, this.#here(text))
  }

  /** Types a line whose command goes on running. */
  start(line: string, folder: string): Running {
    const child = spawn(this.#here(line), {
      cwd: folder,
      shell: true,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    })
    let output = ''
    const waiting = new Set<() => void>()
    const heard = (chunk: Buffer) => {
      output += String(chunk)
      for (const check of waiting) check()
    }
    child.stdout.on('data', heard)
    child.stderr.on('data', heard)
    const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
    const running: Running = {
      output: () => output,
      until: pattern =>
        new Promise((resolve, reject) => {
          const check = () => {
            const found = pattern.exec(output)
            if (found) resolve(found)
          }
          waiting.add(check)
          check()
          void ended.then(() => reject(new Error(`${line} has ended, and printed: ${output}`)))
        }),
      stop: async () => {
        if (this.#running.delete(running) && child.exitCode === null) process.kill(-child.pid!, 'SIGINT')
        await ended
      },
    }
    this.#running.add(running)
    return running
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map(running => running.stop()))
  }
}
