// Commands of the demo, run as a user runs them.
import { spawn, type ChildProcess } from 'node:child_process'

const running = new Set<ChildProcess>()

/** Ends what is left: for afterEach. */
export function endCommands(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}

/** A command of the demo, and what it prints. */
export class Command {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  text = ''
  #seen: (() => void)[] = []

  /** @param program a script of ours, or the name of a program */
  constructor(program: string, ...args: string[]) {
    const [file, given] = program.endsWith('.mjs') ? [process.execPath, [program, ...args]] : [program, args]
    this.child = spawn(file, given, { env: { ...process.env, PORT: undefined, NO_COLOR: '1' } })
    running.add(this.child)
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream!.setEncoding('utf8').on('data', (text: string) => {
        this.text += text
        for (const seen of this.#seen) seen()
      })
    }
    this.ended = new Promise(done => this.child.on('close', code => done(code)))
  }

  /** Resolves with the match, once it is printed; rejects when the command ends without having printed it. */
  printed(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((found, fail) => {
      const look = () => {
        const match = this.text.match(pattern)
        if (match) found(match)
      }
      this.#seen.push(look)
      look()
      void this.ended.then(code => fail(new Error(`ended with ${code}, without ${pattern}:\n${this.text}`)))
    })
  }

  /** Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null> {
    this.child.kill('SIGINT')
    return this.ended
  }
}

/** Runs what `npm start` runs. */
export function startDemo(...args: string[]): Promise<{ command: Command; uri: string; url: string }> {
  return opened(new Command('demo/start.mjs', ...args))
}

/** Resolves with where the hotel is, once that is printed. */
export async function opened(command: Command): Promise<{ command: Command; uri: string; url: string }> {
  const [, url] = await command.printed(/the page +(http\S+)/)
  const [, uri] = await command.printed(/link\.mjs (warp\S+) \/hotel\/lobby elevators/)
  return { command, uri: uri!, url: url! }
}
