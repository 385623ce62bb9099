// Floor 3. Signs of life: any frame is one, and where none comes the host is asked for one.
import type { Cancel, Clock } from '../base/clock.js'
import { writeHead } from '../warp/write-envelope.js'

export interface HeartbeatOptions {
  readonly clock: Clock
  /** How long a socket may be silent before it is asked; 0 asks never. */
  readonly intervalMs: number
  /** How long the answer may take. */
  readonly timeoutMs: number
  /** Sends what the host must answer. Returns whether it could: before a host knows who asks, it is not asked. */
  readonly probe: () => boolean
  /** No answer came. */
  readonly dead: () => void
}

/**
 * Frames that a host answers. A linked lane's @link is answered by @linked, which says nothing new. With no such lane, one
 * that is nowhere is asked for; its @unlink clears away what a Java host keeps of it.
 * @source docs/PROTOCOL.md#signs-of-life
 */
export function signsOfLife(linked: { readonly node: string; readonly lane: string } | undefined): string[] {
  if (linked !== undefined) return [writeHead('link', linked.node, linked.lane)]
  return [writeHead('link', '/', 'sign-of-life'), writeHead('unlink', '/', 'sign-of-life')]
}

export class Heartbeat {
  /** Set by whoever takes a frame in: a write, where a call or a look at the clock would cost more than the frame. */
  heard = false
  readonly #options: HeartbeatOptions
  #timer: Cancel | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  start(delayMs = this.#options.intervalMs): void {
    this.stop()
    this.heard = false
    const { clock, intervalMs } = this.#options
    if (intervalMs > 0) this.#timer = clock.timer(() => (this.heard ? this.start() : this.check()), delayMs)
  }

  /** Asks now, as after a sleep. */
  check(): void {
    this.stop()
    this.heard = false
    const { clock, probe } = this.#options
    if (probe()) this.#await(clock.now())
    else this.start()
  }

  /** Looks after the timeout whether the answer has come, or sooner where it would be time to ask again. */
  #await(askedAtMs: number): void {
    const { clock, intervalMs, timeoutMs, dead } = this.#options
    const leftMs = askedAtMs + timeoutMs - clock.now()
    this.#timer = clock.timer(
      () => {
        const silentMs = clock.now() - askedAtMs
        // A host may count these frames, as SwimOS Rust does for its idle agents: they come no later for the wait.
        if (this.heard) this.start(Math.max(0, intervalMs - silentMs))
        // A timer this late ran in a page that was frozen: its frames are still to be read, so it is asked once more.
        else if (silentMs > timeoutMs * 2) this.check()
        else if (silentMs >= timeoutMs) dead()
        else this.#await(askedAtMs)
      },
      intervalMs > 0 ? Math.min(intervalMs, leftMs) : leftMs,
    )
  }

  stop(): void {
    this.#timer?.()
    this.#timer = undefined
  }
}
