// Floor 5. Signs of life: every frame is one. If no frame comes, the host is asked for one.
import { deadline, type Cancel, type Clock } from '../base/clock.js'
import { writeHead } from '../warp/write-envelope.js'

export interface HeartbeatOptions {
  readonly clock: Clock
  /** How long a socket may be silent before the host is asked for a sign of life; 0: never asked. */
  readonly heartbeatMs: number
  /** How long the answer may take. */
  readonly heartbeatTimeoutMs: number
}

/** What a heartbeat needs from its socket. */
export interface HeartbeatPort {
  /** Sends frames that the host must answer. Returns whether they were sent: not while credentials await their answer. */
  probe(): boolean
  /** Whether there is a sign of life other than whole frames: bytes that came since the last call, or frames that wait here. */
  moved(): boolean
  /** Whether `moved` may miss bytes: all that come, or many that leave. */
  isBlind(): boolean
  /** No sign of life came within `silentMs` after the host was asked. */
  dead(silentMs: number): void
}

/**
 * Frames that a host answers. A @link to a linked lane is answered by @linked, which changes nothing. Without a linked lane,
 * a lane that does not exist is requested; an @unlink then clears what a Java host keeps of that request.
 * @source docs/PROTOCOL.md#signs-of-life
 */
export function signsOfLife(linked: { readonly node: string; readonly lane: string } | undefined): string[] {
  if (linked !== undefined) return [writeHead('link', linked.node, linked.lane)]
  return askFor(lifeLane)
}

/** Two lanes that do not exist, requested to make the host answer: one for signs of life, one for probes. */
export const lifeLane = 'sign-of-life'
export const probeLane = 'answer'

const askFor = (lane: string) => [writeHead('link', '/', lane), writeHead('unlink', '/', lane)]

/** Asks a host for an answer that depends on no lane of an application. */
export class Probes {
  #waiting: (() => void)[] = []

  /** The frames to send; `answered` is called when the host has answered them. */
  ask(answered: () => void): string[] {
    this.#waiting.push(answered)
    return askFor(probeLane)
  }

  /** The host answered that it has no such lane. */
  answered(lane: string): void {
    if (lane === probeLane) this.#waiting.shift()?.()
  }

  /** The socket is lost. */
  clear(): void {
    this.#waiting = []
  }
}

/** The last check before a socket is given up comes this long after the deadline: a blocked event loop must first read. */
const graceMs = 250
/** The greatest patience, as a multiple of the usual timeout. */
const mostPatience = 32
/** This many checks in a row that find frames reset the patience, as an answer does: two minutes by default. */
const calmLooks = 10

export class Heartbeat {
  /** Frames received. A plain field that the receiver adds to: a method call per frame is too slow. */
  frames = 0
  readonly #options: HeartbeatOptions
  readonly #port: HeartbeatPort
  #seen = 0
  /** Checks in a row that found frames. */
  #calm = 0
  /** How long an answer may take, as a multiple of the timeout. Doubled when a socket is given up while bytes may move unseen. */
  #patience = 1
  #timer: Cancel | undefined
  /** A frame came after this time. Milliseconds of the clock. */
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

  /** Asks for a sign of life now, for instance after a sleep. */
  check(): void {
    this.#ask(false)
  }

  stop(): void {
    this.#timer?.()
    this.#timer = undefined
    this.#calm = 0
  }

  readonly #look = (): void => {
    // Asks even while bytes come: an agent of a Rust host stops if it receives nothing.
    if (this.frames === this.#seen) return this.check()
    const calm = this.#calm + 1
    if (calm >= calmLooks) this.#patience = 1
    this.start()
    this.#calm = calm
  }

  /** From now on, only later frames and bytes count as signs of life. */
  #mark(): void {
    this.stop()
    this.#seen = this.frames
    this.#port.moved()
  }

  /** @param isAgain whether the host is asked a second time, because the timer of the first ran late */
  #ask(isAgain: boolean): void {
    this.#mark()
    if (this.#port.probe()) this.#await(this.#options.clock.now(), isAgain)
    else this.start()
  }

  /** Checks for the answer after the timeout, or after `heartbeatMs` if that is shorter. */
  #await(askedAtMs: number, isAgain: boolean): void {
    const { clock, heartbeatMs, heartbeatTimeoutMs } = this.#options
    const timeoutMs = heartbeatTimeoutMs * this.#patience
    const leftMs = askedAtMs + timeoutMs - clock.now()
    this.#timer = clock.timer(
      () => {
        const silentMs = clock.now() - askedAtMs
        if (this.#lives(askedAtMs)) return
        if (silentMs < timeoutMs) return this.#await(askedAtMs, isAgain)
        // A timer this late means that the page was frozen: its frames are not read yet, so the host is asked once more.
        if (silentMs > timeoutMs * 2 && !isAgain) return this.#ask(true)
        this.#timer = deadline(clock, () => this.#lives(askedAtMs) || this.#giveUp(clock.now() - askedAtMs), graceMs)
      },
      heartbeatMs > 0 ? Math.min(heartbeatMs, leftMs) : leftMs,
    )
  }

  /** Whether a sign of life came since the host was asked. If so, begins the next wait. */
  #lives(askedAtMs: number): boolean {
    const { clock, heartbeatMs } = this.#options
    const moved = this.#port.moved()
    if (this.frames !== this.#seen) {
      this.#patience = 1
      // A host may need these frames at regular times, as SwimOS Rust does for its idle agents: the wait for an answer delays none.
      this.start(Math.max(0, heartbeatMs - (clock.now() - askedAtMs)))
      return true
    }
    // A frame is on its way, and the answer comes after it.
    if (moved) this.#ask(false)
    return moved
  }

  #giveUp(silentMs: number): void {
    if (this.#port.isBlind()) this.#patience = Math.min(mostPatience, this.#patience * 2)
    this.#port.dead(silentMs)
  }
}
