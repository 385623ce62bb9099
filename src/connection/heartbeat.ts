// Floor 5. Signs of life: any frame is one, and where none comes the host is asked for one.
import type { Cancel, Clock } from '../base/clock.js'
import { writeHead } from '../warp/write-envelope.js'

export interface HeartbeatOptions {
  readonly clock: Clock
  /** How long a socket may be silent before it is asked; 0 asks never. */
  readonly heartbeatMs: number
  /** How long the answer may take. */
  readonly heartbeatTimeoutMs: number
}

/**
 * Frames that a host answers. A linked lane's @link is answered by @linked, which says nothing new. With no such lane, one
 * that is nowhere is asked for; its @unlink clears away what a Java host keeps of it.
 * @source docs/PROTOCOL.md#signs-of-life
 */
export function signsOfLife(linked: { readonly node: string; readonly lane: string } | undefined): string[] {
  if (linked !== undefined) return [writeHead('link', linked.node, linked.lane)]
  return askFor('sign-of-life')
}

const askFor = (lane: string) => [writeHead('link', '/', lane), writeHead('unlink', '/', lane)]

/** The lane, which is nowhere, that probes ask for: no other request is answered with its name. */
const probeLane = 'answer'

/** Asks a host whether it lives, by what it answers whatever became of any lane. */
export class Probes {
  #waiting: (() => void)[] = []

  /** The frames to send; `answered` is called when the host has answered them. */
  ask(answered: () => void): string[] {
    this.#waiting.push(answered)
    return askFor(probeLane)
  }

  /** The host says that it has no such lane. */
  answered(lane: string): void {
    if (lane === probeLane) this.#waiting.shift()?.()
  }

  /** The socket is lost. */
  clear(): void {
    this.#waiting = []
  }
}

export class Heartbeat {
  /** Set by whoever takes a frame in: a write, where a call or a look at the clock would cost more than the frame. */
  heard = false
  readonly #options: HeartbeatOptions
  readonly #probe: () => boolean
  readonly #dead: () => void
  #timer: Cancel | undefined
  /** A time after which a frame is known to have come, by the clock, in milliseconds. */
  provenMs = 0
  #startedAtMs = 0

  /**
   * @param probe sends what the host must answer. Returns whether it could: before a host knows who asks, it is not asked
   * @param dead no answer came
   */
  constructor(options: HeartbeatOptions, probe: () => boolean, dead: () => void) {
    this.#options = options
    this.#probe = probe
    this.#dead = dead
  }

  start(delayMs = this.#options.heartbeatMs): void {
    this.stop()
    const { clock, heartbeatMs } = this.#options
    if (this.heard) this.provenMs = this.#startedAtMs
    this.#startedAtMs = clock.now()
    this.heard = false
    if (heartbeatMs > 0) this.#timer = clock.timer(() => (this.heard ? this.start() : this.check()), delayMs)
  }

  /** Asks now, as after a sleep. */
  check(): void {
    this.stop()
    this.heard = false
    if (this.#probe()) this.#await(this.#options.clock.now())
    else this.start()
  }

  /** Looks after the timeout whether the answer has come, or sooner where it would be time to ask again. */
  #await(askedAtMs: number): void {
    const { clock, heartbeatMs, heartbeatTimeoutMs } = this.#options
    const leftMs = askedAtMs + heartbeatTimeoutMs - clock.now()
    this.#timer = clock.timer(
      () => {
        const silentMs = clock.now() - askedAtMs
        // A host may count these frames, as SwimOS Rust does for its idle agents: they come no later for the wait.
        if (this.heard) this.start(Math.max(0, heartbeatMs - silentMs))
        // A timer this late ran in a page that was frozen: its frames are still to be read, so it is asked once more.
        else if (silentMs > heartbeatTimeoutMs * 2) this.check()
        else if (silentMs >= heartbeatTimeoutMs) this.#dead()
        else this.#await(askedAtMs)
      },
      heartbeatMs > 0 ? Math.min(heartbeatMs, leftMs) : leftMs,
    )
  }

  stop(): void {
    this.#timer?.()
    this.#timer = undefined
  }
}
