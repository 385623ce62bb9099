// Floor 6. Errors without listeners, on the console: the first of a kind in full, then how many more came.
import type { Cancel, Clock } from '../base/clock.js'
import type { SwimError, Where } from '../base/errors.js'

interface Kind {
  /** Errors not written yet. */
  more: number
  /** The text of the last error. */
  text: string
  /** The wait before the count is written, in milliseconds. */
  waitMs: number
  /** When an error was last written, and when one last came, by the clock. */
  writtenMs: number
  cameMs: number
  timer: Cancel | undefined
}

/** The first wait; each wait is ten times as long as the one before. Longer waits have no timer: it would keep a process alive. */
const firstMs = 1000
const longestMs = 1e6
/** After this time without another, an error counts as the first again. */
const forgetMs = 600_000
/** How many kinds are counted separately. Beyond that, all errors of one code are one kind. */
const most = 20

export class Complaints {
  readonly #clock: Clock
  readonly #kinds = new Map<string, Kind>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param by the lane whose downlink reports it */
  add(error: SwimError, by: Where = {}): void {
    const { code, message, cause } = error
    const { hostUri, nodeUri, laneUri } = { ...by, ...error }
    const lane = laneUri && `lane ${laneUri} of node ${nodeUri} at ${hostUri}`
    const where = lane ?? hostUri ?? ''
    // Such frames come from no WARP host.
    const doubt = code === 'protocol' && !error.laneUri ? '; is it a WARP host?' : ''
    const text = `swimlink: ${message}${doubt}` + (message.includes(where) ? '' : ` [${where}]`)
    // Messages with these codes differ by entry, frame or write. In other messages, numbers may be times.
    const what = /schema|protocol|refused/.test(code) ? code : message.replace(/\d+/g, '')
    const key = `${what} ${lane && error.laneUri ? where : hostUri}`
    const kind = this.#kinds.has(key) || this.#kinds.size < most ? key : code
    const known = this.#kinds.get(kind)
    const cameMs = this.#clock.now()
    if (known !== undefined && cameMs - known.cameMs < forgetMs)
      return this.#count(Object.assign(known, { text, cameMs }))
    this.#kinds.set(kind, { more: 0, text, waitMs: firstMs, writtenMs: cameMs, cameMs, timer: undefined })
    // The stack shows where a callback threw.
    console.error(text, ...(code === 'callback' ? [cause] : []))
  }

  /** Writes all counts. */
  end(): void {
    this.#kinds.forEach(kind => this.#write(kind))
    this.#kinds.clear()
  }

  #count(kind: Kind): void {
    kind.more++
    if (kind.waitMs === firstMs) kind.timer ??= this.#clock.timer(() => this.#write(kind), firstMs)
    else if (kind.cameMs - kind.writtenMs >= kind.waitMs) this.#write(kind)
  }

  #write(kind: Kind): void {
    kind.timer?.()
    kind.timer = undefined
    if (kind.more === 0) return
    console.error(`${kind.text} (${kind.more} more like this)`)
    kind.more = 0
    kind.waitMs = Math.min(kind.waitMs * 10, longestMs)
    kind.writtenMs = this.#clock.now()
  }
}
