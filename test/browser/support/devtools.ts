// Chromium by its own protocol, for what playwright takes away: it tells every page that it is in front, always.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import { chromiumArgs, chromiumPath } from './chromium.js'

interface Answer {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** A tab, or a worker. */
export class Tab {
  readonly #chromium: DevTools
  readonly #session: string

  constructor(
    chromium: DevTools,
    readonly target: string,
    session: string,
  ) {
    this.#chromium = chromium
    this.#session = session
  }

  /** What an expression gives, awaited, as JSON can say it. */
  async evaluate(expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = (await this.#chromium.send('Runtime.evaluate', options, this.#session)) as {
      result: { value?: unknown }
      exceptionDetails?: { text: string; exception?: { description?: string } }
    }
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  /** What its heap holds that is in use. */
  async heapBytes(): Promise<number> {
    await this.#chromium.send('HeapProfiler.collectGarbage', {}, this.#session)
    return (await this.#chromium.send('Runtime.getHeapUsage', {}, this.#session)).usedSize as number
  }

  /** Stops it as a browser does that saves memory: none of its tasks runs before it is thawed. It has to be hidden. */
  async freeze(): Promise<void> {
    await this.#chromium.send('Page.setWebLifecycleState', { state: 'frozen' }, this.#session)
  }

  async thaw(): Promise<void> {
    await this.#chromium.send('Page.setWebLifecycleState', { state: 'active' }, this.#session)
  }

  async close(): Promise<void> {
    await this.#chromium.send('Target.closeTarget', { targetId: this.target })
  }

  /** Brings it to the front, whereby the one that was there is hidden. */
  async show(): Promise<void> {
    await this.#chromium.send('Target.activateTarget', { targetId: this.target })
  }
}

export class DevTools {
  readonly #process: ChildProcess
  readonly #profile: string
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #last = 0

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process
    this.#profile = profile
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as Answer
      this.#waiting.get(answer.id ?? 0)?.(answer)
      this.#waiting.delete(answer.id ?? 0)
    })
  }

  static async launch(): Promise<DevTools> {
    const profile = mkdtempSync(join(tmpdir(), 'swimlink-chromium-'))
    const args = [
      '--headless',
      ...chromiumArgs,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ]
    const process = spawn(chromiumPath(), args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
    const url = await new Promise<string>((resolve, reject) => {
      let said = ''
      process.stderr.on('data', (data: Buffer) => {
        said += data.toString()
        const found = /DevTools listening on (\S+)/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      process.once('exit', code => reject(new Error(`Chromium ended with ${code}: ${said}`)))
    })
    const socket = new WebSocket(url)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new DevTools(process, profile, socket)
  }

  async send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#last
    const answered = new Promise<Answer>(resolve => this.#waiting.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    const { result, error } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result ?? {}
  }

  async open(url: string): Promise<Tab> {
    const { targetId } = (await this.send('Target.createTarget', { url })) as { targetId: string }
    return this.#attach(targetId)
  }

  /** The one target that is of a type, such as `shared_worker`. */
  async attach(type: string): Promise<Tab> {
    const { targetInfos } = (await this.send('Target.getTargets')) as {
      targetInfos: { type: string; targetId: string }[]
    }
    const found = targetInfos.filter(info => info.type === type)
    if (found.length !== 1) throw new Error(`there are ${found.length} targets of the type ${type}`)
    return this.#attach(found[0]!.targetId)
  }

  async #attach(targetId: string): Promise<Tab> {
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    return new Tab(this, targetId, sessionId as string)
  }

  async close(): Promise<void> {
    const ended = new Promise(resolve => this.#process.once('exit', resolve))
    // The whole group: Chromium's other processes may outlive the one that began them, and write until they end.
    process.kill(-this.#process.pid!, 'SIGKILL')
    await ended
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
