// Chromium by its own protocol, for the bench of tabs: heaps of pages and of workers, and the processor time of single threads, which
// Linux tells in /proc. Times of a thread wander less on a busy machine than times of a task, as waiting for a core is not in them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { args, browser } from './chromium.mjs'

/** Text of a file of /proc; empty where the process or thread is gone. */
function procText(path) {
  try {
    return readFileSync(`/proc/${path}`, 'utf8').trim()
  } catch {
    return ''
  }
}

export class DevTools {
  #process
  #profile
  #socket
  #waiting = new Map()
  #last = 0
  version = ''

  /** Where the machine allows it, ahead of all other programs: what is timed is then the browser, and not what else runs. */
  static async launch() {
    const made = new DevTools()
    const profile = (made.#profile = mkdtempSync(join(tmpdir(), 'swimlink-tabs-')))
    const given = ['--headless', ...args, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank']
    const child = spawn('nice', ['-n', '-19', browser, ...given], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    made.#process = child
    process.setMaxListeners(0).once('exit', () => made.#kill())
    const url = await new Promise((resolve, reject) => {
      let said = ''
      child.stderr.on('data', data => {
        said += data
        const found = /DevTools listening on (\S+)/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('exit', code => reject(new Error(`Chromium ended with ${code}: ${said}`)))
    })
    const socket = (made.#socket = new WebSocket(url))
    socket.on('message', data => {
      const answer = JSON.parse(data)
      made.#waiting.get(answer.id)?.(answer)
      made.#waiting.delete(answer.id)
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    made.version = (await made.send('Browser.getVersion')).product.split('/').at(-1)
    return made
  }

  async send(method, params = {}, sessionId) {
    const id = ++this.#last
    const answered = new Promise(resolve => this.#waiting.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    const late = setTimeout(() => this.#waiting.get(id)?.({ error: { message: 'no answer in time' } }), 120_000)
    const { result, error } = await answered
    clearTimeout(late)
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  async #attach(targetId) {
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    return sessionId
  }

  /** A new tab, in front of the others, once an expression holds in it. */
  async open(url, isReady) {
    const { targetId } = await this.send('Target.createTarget', { url })
    const tab = new Tab(this, targetId, await this.#attach(targetId))
    while (!(await tab.evaluate(isReady).catch(() => false))) await new Promise(later => setTimeout(later, 20))
    return tab
  }

  /** What the heaps of workers of a type hold, in bytes, after a collection. */
  async workerHeaps(type) {
    const { targetInfos } = await this.send('Target.getTargets', { filter: [{ type, exclude: false }] })
    const heaps = []
    for (const { targetId } of targetInfos) heaps.push(await heapOf(this, await this.#attach(targetId)))
    return heaps
  }

  /** Every thread of the browser: `pid`, `tid`, `name`, whether it is a page's main thread, and what it has had of the processor, in microseconds. */
  threads() {
    const group = String(this.#process.pid)
    const all = []
    for (const pid of readdirSync('/proc')) {
      if (
        !/^\d+$/.test(pid) ||
        procText(`${pid}/stat`)
          .replace(/^.*\) /, '')
          .split(' ')[2] !== group
      )
        continue
      const isRenderer = procText(`${pid}/cmdline`).includes('--type=renderer')
      for (const tid of readdirSync(`/proc/${pid}/task`)) {
        const us = Number(procText(`${pid}/task/${tid}/schedstat`).split(' ')[0]) / 1000
        all.push({ pid, tid, name: procText(`${pid}/task/${tid}/comm`), isPage: isRenderer && tid === pid, us })
      }
    }
    return all
  }

  /** The whole group: Chromium's other processes may outlive the one that began them. */
  #kill() {
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      process.kill(-this.#process.pid, 'SIGKILL')
  }

  async close() {
    const ended = new Promise(resolve => this.#process.once('exit', resolve))
    this.#kill()
    await ended
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

async function heapOf(devtools, session) {
  for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage', {}, session)
  const { usedSize, backingStorageSize = 0 } = await devtools.send('Runtime.getHeapUsage', {}, session)
  return usedSize + backingStorageSize
}

class Tab {
  #devtools
  #target
  #session

  constructor(devtools, target, session) {
    this.#devtools = devtools
    this.#target = target
    this.#session = session
  }

  /** What an expression gives, awaited, as JSON can say it. */
  async evaluate(expression) {
    const options = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', options)
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  send(method, params) {
    return this.#devtools.send(method, params, this.#session)
  }

  /** What its heap holds, in bytes, after a collection. */
  heap() {
    return heapOf(this.#devtools, this.#session)
  }

  async close() {
    await this.#devtools.send('Target.closeTarget', { targetId: this.#target })
  }
}
