// Floor 3. Credentials of one host: shown at every connection, before any link is asked for.
import type { Cancel, Clock } from '../base/clock.js'
import { AuthError } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'
import type { Value } from '../recon/index.js'
import { writeBody } from '../warp/write-envelope.js'

/** What is sent as the body of @auth, or a function that gives it, at once or later; asked again at every connection. */
export type Credentials = unknown | (() => unknown)

export interface AuthenticationPort {
  readonly url: string
  readonly clock: Clock
  /** How long an answer is waited for; a SwimOS Rust host gives none. */
  readonly timeoutMs: number
  send(text: string): void
  /** The host took the credentials, or stays mute: links may be asked for. */
  passed(): void
  /** The host took, or took back, an identity. */
  told(isAuthenticated: boolean): void
  /** The host refused them. */
  denied(error: SwimError): void
  /** They could not be had; another connection may have better luck. */
  failed(error: SwimError): void
}

export class Authentication {
  readonly #port: AuthenticationPort
  #credentials: Credentials
  /** Counts what was shown, so that what belongs to an earlier socket is told apart. */
  #round = 0
  #awaited: Cancel | undefined
  /** Whether an answer to own @auth is outstanding; else @deauthed answers @deauth, or is the host's own idea. */
  #isAsked = false
  isAuthenticated = false

  constructor(port: AuthenticationPort, credentials: Credentials) {
    this.#port = port
    this.#credentials = credentials
  }

  /** Whether there is anything to show. */
  get isWanted(): boolean {
    return this.#credentials !== undefined
  }

  change(credentials: Credentials): void {
    this.#credentials = credentials
  }

  /** Gets the credentials and shows them. */
  show(): void {
    const { url, clock, timeoutMs, send, passed, failed } = this.#port
    const round = ++this.#round
    const credentials = this.#credentials
    const given = async () => (typeof credentials === 'function' ? (credentials as () => unknown)() : credentials)
    given()
      .then(body => {
        if (round !== this.#round) return
        send('@auth' + writeBody(body as Value))
        this.#isAsked = true
        this.#awaited = clock.timer(passed, timeoutMs)
      })
      .catch((cause: unknown) => {
        if (round === this.#round) failed(new AuthError(`the credentials of ${url} can't be had`, { cause }))
      })
  }

  /** The host's @authed or @deauthed. */
  answered(isAuthenticated: boolean): void {
    const { url, passed, told, denied } = this.#port
    const wasAsked = this.#isAsked
    this.reset()
    this.isAuthenticated = isAuthenticated
    if (!isAuthenticated && wasAsked) {
      return denied(new AuthError(`${url} refused the credentials; its links wait until authenticate() gives others`))
    }
    told(isAuthenticated)
    if (isAuthenticated) passed()
  }

  /** The socket is gone, and the identity with it. */
  reset(): void {
    this.#round++
    this.#isAsked = this.isAuthenticated = false
    this.#awaited?.()
    this.#awaited = undefined
  }
}
