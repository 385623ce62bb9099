// Floor 5. Credentials of one host: shown at every connection, before any link is asked for.
import type { Host } from '../base/address.js'
import type { Cancel, Clock } from '../base/clock.js'
import { AuthError, say, type SwimError, TransportError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import { writeBody } from '../warp/write-envelope.js'

/**
 * What a host is shown, as the body of @auth: any value with a Recon form, such as `{ token }`; or a function that gives it, at
 * once or as a promise, asked again at every connection. Where it gives undefined, the host is shown nothing.
 */
export type Credentials = unknown | (() => unknown)

export interface AuthenticationOptions {
  readonly host: Host
  readonly clock: Clock
  /** How long an answer is waited for, in milliseconds; a SwimOS Rust host gives none. */
  readonly authTimeoutMs: number
  readonly credentials: Credentials
}

export interface AuthenticationListener {
  /** Sends what the host is shown. */
  send(text: string): void
  /** The host took the credentials, or stays mute: links may be asked for. */
  passed(): void
  /** The host took, or took back, an identity. */
  told(isAuthenticated: boolean): void
  /** The host refused them. */
  denied(error: SwimError): void
  /** They could not be had, or newer ones need another socket; that one may have better luck. */
  failed(error: SwimError): void
}

/** The values in a text of Recon: not names, which a colon or an at sign shows. */
const values = /"((?:\\.|[^"\\])*)"(?!\s*:)|([^\s"@:,;(){}[\]]+)(?=\s*(?:[,;)}\]]|$))/g

export class Authentication {
  readonly #options: AuthenticationOptions
  readonly #listener: AuthenticationListener
  #credentials: Credentials
  /** Counts credentials, to recognise those that come late. */
  #round = 0
  #awaited: Cancel | undefined
  /** What the host has not answered yet, in order: true for @auth, false for @deauth. Its answers don't say which they are of. */
  #asked: boolean[] = []
  isAuthenticated = false
  /** All values in what was shown last, as they stand on the wire. */
  shown: readonly string[] = []

  constructor(options: AuthenticationOptions, listener: AuthenticationListener) {
    this.#options = options
    this.#listener = listener
    this.#credentials = options.credentials
  }

  /** Whether there is anything to show. */
  get isWanted(): boolean {
    return this.#credentials !== undefined
  }

  change(credentials: Credentials): void {
    this.#credentials = credentials
  }

  /** Gets the credentials and shows them; where there are none, takes back what was shown. */
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
    // The answer to what is no longer meant. A host that refuses closes the socket, and what was sent since is lost.
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

  /** The socket is gone, and the identity with it. */
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
