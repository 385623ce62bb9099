// Floor 5. Signs of life: any frame is one, and where none comes the host is asked for one.
import { deadline, type Cancel, type Clock } from '../base/clock.js'
import { writeHead } from '../warp/write-envelope.js'

export interface HeartbeatOptions {
  readonly clock: Clock
  /** How long a socket may be silent before it is asked; 0 asks never. */
  readonly heartbeatMs: number
  /** How long the answer may take. */
  readonly heartbeatTimeoutMs: number
}

/** What a heartbeat needs of its socket. */
export interface HeartbeatPort {
  /** Sends what the host must answer. Returns whether it could: before a host knows who asks, it is not asked. */
  probe(): boolean
  /** Whether anything has moved since the last call, apart from whole frames: bytes that came, or frames that wait here. */
  moved(): boolean
  /** Whether bytes may move that `moved` can't see: any that come, or many that leave. */
  isBlind(): boolean
  /** No sign of life came for so long after it was asked for. */
  dead(silentMs: number): void
}

/**
 * Frames that a host answers. A linked lane's @link is answered by @linked, which says nothing new. With no such lane, one
 * that is nowhere is asked for; its @unlink clears away what a Java host keeps of it.
 * @source docs/PROTOCOL.md#signs-of-life
 */
export function signsOfLife(linked: { readonly node: string; readonly lane: string } | undefined): string[] {
  if (linked !== undefined) return [writeHead('link', linked.node, linked.lane)]
  return askFor(lifeLane)
}

/** The lanes, which are nowhere, that a client asks for in order to hear of its host: whether a socket lives, and for probes. */
export const lifeLane = 'sign-of-life'
export const probeLane = 'answer'

const askFor = (lane: string) => [writeHead('link', '/', lane), writeHead('unlink', '/', lane)]

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

/** A last look before a socket is given up comes this much after the deadline: a loop that was blocked must first read. */
const graceMs = 250
/** How many times its usual timeout a socket is given at most. */
const mostPatience = 32
/** So many looks in a row that find frames end the patience, as an answer does: two minutes by default. */
const calmLooks = 10

export class Heartbeat {
  /** Frames that have come. A plain field, for whoever takes them in: a method call per frame is too slow. */
  frames = 0
  readonly #options: HeartbeatOptions
  readonly #port: HeartbeatPort
  #seen = 0
  /** Looks in a row that found frames. */
  #calm = 0
  /** How many times the timeout an answer may take. Doubled when a socket is given up whose bytes can't be seen. */
  #patience = 1
  #timer: Cancel | undefined
  /** A time after which a frame is known to have come, by the clock, in milliseconds. */
  provenMs = 0
  #startedAtMs = 0

  constructor(options: HeartbeatOptions, port: HeartbeatPort) {
    this.#options = options
    this.#port = port
  }

  start(delayMs = this.#options.heartbeatMs): void {
    const { clock, heartbeatMs } = this.#options
    if (this.frames !== this.#seen) this.provenMs = this.#startedAtMs
    this.#startedAtMs = clock.now()
    this.#mark()
    if (heartbeatMs > 0) this.#timer = clock.timer(this.#look, delayMs)
  }

  /** Asks now, as after a sleep. */
  check(): void {
    this.#ask(false)
  }

  stop(): void {
    this.#timer?.()
    this.#timer = undefined
    this.#calm = 0
  }

  readonly #look = (): void => {
    // Even while bytes come: an agent of a Rust host stops where it hears nothing.
    if (this.frames === this.#seen) return this.check()
    const calm = this.#calm + 1
    if (calm >= calmLooks) this.#patience = 1
    this.start()
    this.#calm = calm
  }

  /** Forgets all that was heard until now. */
  #mark(): void {
    this.stop()
    this.#seen = this.frames
    this.#port.moved()
  }

  /** @param isAgain whether this follows a first asking whose wait was no fair one */
  #ask(isAgain: boolean): void {
    this.#mark()
    if (this.#port.probe()) this.#await(this.#options.clock.now(), isAgain)
    else this.start()
  }

  /** Looks after the timeout whether the answer has come, or sooner where it would be time to ask again. */
  #await(askedAtMs: number, isAgain: boolean): void {
    const { clock, heartbeatMs, heartbeatTimeoutMs } = this.#options
    const timeoutMs = heartbeatTimeoutMs * this.#patience
    const leftMs = askedAtMs + timeoutMs - clock.now()
    this.#timer = clock.timer(
      () => {
        const silentMs = clock.now() - askedAtMs
        if (this.#lives(askedAtMs)) return
        if (silentMs < timeoutMs) return this.#await(askedAtMs, isAgain)
        // A timer this late ran in a page that was frozen: its frames are still to be read, so it is asked once more.
        if (silentMs > timeoutMs * 2 && !isAgain) return this.#ask(true)
        this.#timer = deadline(clock, () => this.#lives(askedAtMs) || this.#giveUp(clock.now() - askedAtMs), graceMs)
      },
      heartbeatMs > 0 ? Math.min(heartbeatMs, leftMs) : leftMs,
    )
  }

  /** Whether there was a sign of life since it was asked for. If so, goes on from there. */
  #lives(askedAtMs: number): boolean {
    const { clock, heartbeatMs } = this.#options
    const moved = this.#port.moved()
    if (this.frames !== this.#seen) {
      this.#patience = 1
      // A host may count these frames, as SwimOS Rust does for its idle agents: they come no later for the wait.
      this.start(Math.max(0, heartbeatMs - (clock.now() - askedAtMs)))
      return true
    }
    // A frame is on its way, and the answer behind it.
    if (moved) this.#ask(false)
    return moved
  }

  #giveUp(silentMs: number): void {
    if (this.#port.isBlind()) this.#patience = Math.min(mostPatience, this.#patience * 2)
    this.#port.dead(silentMs)
  }
}
