// Interop support. A SwimOS host as a child process: started, stopped, killed and started again on its port.
import { spawn, type ChildProcess } from 'node:child_process'

const startWithinMs = 60_000
const stopWithinMs = 5_000
const maxOutputChars = 200_000

/** How a host is started; `args` is asked again at each start. */
export interface HostPlan {
  name: string
  command: string
  args: (port: number) => readonly string[]
  env?: Record<string, string>
  /** 0, the default, takes a free port at the first start, which later starts keep. */
  port?: number
}

/** A real SwimOS host, running or stopped, at one address for as long as the object lives. */
export interface RealHost {
  readonly name: string
  readonly port: number
  /** `warp://127.0.0.1:PORT`. */
  readonly uri: string
  /** The same address for a bare WebSocket. */
  readonly socketUri: string
  readonly running: boolean
  /** What the process has written so far, its standard output and error together, from the latest start. */
  output(): string
  /** Asks it to end, and makes it end if it does not; resolves when it has. */
  stop(): Promise<void>
  /** Ends it without a warning, as a crash would: its sockets are reset or closed by the system. */
  kill(): Promise<void>
  /** Stops it where it stands; its sockets stay, and nobody is told. */
  pause(): void
  /** Lets it go on. */
  resume(): void
  /** Starts it anew on the same port, with nothing of what its lanes held; stops it first where it runs. */
  restart(): Promise<void>
}

export async function startHost(plan: HostPlan): Promise<RealHost> {
  const host = new HostProcess(plan)
  await host.start()
  return host
}

class HostProcess implements RealHost {
  readonly #plan: HostPlan
  #child: ChildProcess | undefined
  #port: number
  #output = ''

  constructor(plan: HostPlan) {
    this.#plan = plan
    this.#port = plan.port ?? 0
  }

  get name(): string {
    return this.#plan.name
  }

  get port(): number {
    return this.#port
  }

  get uri(): string {
    return `warp://127.0.0.1:${this.#port}`
  }

  get socketUri(): string {
    return `ws://127.0.0.1:${this.#port}`
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  output(): string {
    return this.#output
  }

  async start(): Promise<void> {
    const { name, command, args, env } = this.#plan
    // Its standard input is a pipe of ours: when this process dies the pipe ends, and the host ends itself.
    const child = spawn(command, args(this.#port), { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    this.#child = child
    this.#output = ''
    child.stdin.on('error', () => undefined)
    child.once('close', () => {
      if (this.#child === child) this.#child = undefined
    })
    this.#port = await new Promise<number>((ready, fail) => {
      const late = setTimeout(() => {
        child.kill('SIGKILL')
        fail(new Error(`${name} did not listen within ${startWithinMs} ms\n${this.#output}`))
      }, startWithinMs)
      child.once('error', problem => {
        clearTimeout(late)
        fail(new Error(`${name} could not be started: ${command}`, { cause: problem }))
      })
      child.once('close', (code, signal) => {
        clearTimeout(late)
        fail(new Error(`${name} ended before it listened (${signal ?? code})\n${this.#output}`))
      })
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          this.#output = (this.#output + text).slice(-maxOutputChars)
          const listening = /^listening (\d+)$/m.exec(this.#output)
          if (listening === null) return
          clearTimeout(late)
          ready(Number(listening[1]))
        })
      }
    })
  }

  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await ended(child, () => child.kill('SIGTERM'))
    clearTimeout(late)
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child !== undefined) await ended(child, () => child.kill('SIGKILL'))
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }
}

function ended(child: ChildProcess, act: () => void): Promise<void> {
  return new Promise(done => {
    child.once('close', () => done())
    act()
  })
}
