// Floor 5. Credentials of one host: sent at every connection, before any link is requested.
import type { Host } from '../base/address.js'
import type { Cancel, Clock } from '../base/clock.js'
import { AuthError, say, type SwimError, TransportError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import { writeBody } from '../warp/write-envelope.js'

/**
 * The body of `@auth`: any value with a Recon form, such as `{ token }`; or a function that returns the body, directly or as a
 * promise, called again at every connection. If the function returns undefined, no `@auth` is sent.
 */
export type Credentials = unknown | (() => unknown)

export interface AuthenticationOptions {
  readonly host: Host
  readonly clock: Clock
  /** How long to wait for an answer, in milliseconds; a SwimOS Rust host gives none. */
  readonly authTimeoutMs: number
  readonly credentials: Credentials
}

export interface AuthenticationListener {
  /** Sends a frame. */
  send(text: string): void
  /** The host accepted the credentials, or did not answer: links may be requested. */
  passed(): void
  /** The host accepted or withdrew an identity. */
  told(isAuthenticated: boolean): void
  /** The host refused the credentials. */
  denied(error: SwimError): void
  /** Getting the credentials failed, or newer credentials need another socket: try again. */
  failed(error: SwimError): void
}

/** The values in a text of Recon, without names: a name is followed by a colon, or follows an at sign. */
const values = /"((?:\\.|[^"\\])*)"(?!\s*:)|([^\s"@:,;(){}[\]]+)(?=\s*(?:[,;)}\]]|$))/g

export class Authentication {
  readonly #options: AuthenticationOptions
  readonly #listener: AuthenticationListener
  #credentials: Credentials
  /** Counts requests for credentials, so that late results are ignored. */
  #round = 0
  #awaited: Cancel | undefined
  /** Unanswered frames, in order: true for @auth, false for @deauth. An answer does not say which frame it is for. */
  #asked: boolean[] = []
  isAuthenticated = false
  /** All values in the credentials that were sent last, as on the wire. */
  shown: readonly string[] = []

  constructor(options: AuthenticationOptions, listener: AuthenticationListener) {
    this.#options = options
    this.#listener = listener
    this.#credentials = options.credentials
  }

  /** Whether there are credentials. */
  get isWanted(): boolean {
    return this.#credentials !== undefined
  }

  change(credentials: Credentials): void {
    this.#credentials = credentials
  }

  /** Gets the credentials and sends them. If there are none, withdraws those sent before. */
  show(): void {
    const { host, clock, authTimeoutMs } = this.#options
    const { passed, failed } = this.#listener
    const round = ++this.#round
    const credentials = this.#credentials
    this.#awaited?.()
    if (credentials === undefined) {
      if (this.isAuthenticated || this.#asked.length > 0) this.#send('@deauth', false)
      return passed()
    }
    const given = async () => (typeof credentials === 'function' ? (credentials as () => unknown)() : credentials)
    given()
      .then(body => {
        if (round !== this.#round) return
        if (body === undefined) return passed()
        const text = writeBody(body as Value)
        this.shown = Array.from(text.matchAll(values), ([, quoted, plain]) => (quoted ?? plain)!)
        this.#send('@auth' + text, true)
        this.#awaited = clock.timer(passed, authTimeoutMs)
      })
      .catch((cause: unknown) => {
        if (round === this.#round) failed(new AuthError(say`getting credentials for ${host.uri} failed`, { cause }))
      })
  }

  /** The host's @authed or @deauthed. */
  answered(isAuthenticated: boolean): void {
    const { passed, told, denied, failed } = this.#listener
    const wasAuth = this.#asked.shift() === true
    const isRefused = wasAuth && !isAuthenticated
    const refusal = () =>
      new AuthError(
        say`${this.#options.host.uri} refused the credentials; its links wait until authenticate() gives others`,
      )
    // The answer to credentials that were replaced. A host that refuses closes the socket, and frames sent since are lost.
    if (wasAuth && this.#asked.length > 0) return isRefused ? failed(refusal()) : undefined
    if (wasAuth) this.#awaited?.()
    this.isAuthenticated = isAuthenticated
    if (isRefused) return denied(refusal())
    told(isAuthenticated)
    if (isAuthenticated) passed()
  }

  /** Whether a socket ended because its credentials were refused; if so, reports that. */
  isRefusal(end: SwimError): boolean {
    const isRefusal = this.#asked.length === 1 && end instanceof TransportError && end.closeCode === 1008
    if (isRefusal) this.answered(false)
    return isRefusal
  }

  /** The socket is gone, and so is the identity. */
  reset(): void {
    this.#round++
    this.#asked = []
    this.isAuthenticated = false
    this.#awaited?.()
  }

  #send(text: string, isAuth: boolean): void {
    this.#asked.push(isAuth)
    this.#listener.send(text)
  }
}
