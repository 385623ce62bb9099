// Floor 5. The error reports of a connection: each names the host, and none contains credentials.
import { secretsOf, type Host } from '../base/address.js'
import { about, frameError, mask, ProtocolError, say, TransportError, type SwimError } from '../base/errors.js'
import type { Authentication } from './authentication.js'
import { isFault, type ConnectionListener } from './connection-port.js'
import type { Router } from './router.js'

export class Reports {
  readonly #host: Host
  readonly #router: Router
  readonly #auth: Authentication
  readonly #listener: ConnectionListener

  constructor(host: Host, router: Router, auth: Authentication, listener: ConnectionListener) {
    this.#host = host
    this.#router = router
    this.#auth = auth
    this.#listener = listener
  }

  /** A text from the host, with credentials hidden. */
  hide(text: string): string {
    return mask(text, [...this.#auth.shown, ...secretsOf(this.#host.url)])
  }

  /** The error with its subject: by default the host. */
  about(error: SwimError): SwimError {
    return about(error, { hostUri: this.#host.uri })
  }

  /** Reports an error that is about no link. */
  report(error: SwimError): void {
    this.#listener.failed(this.about(error))
  }

  /** Reports to all links that want the socket; if there are none, as `report` does. */
  failed(error: SwimError): void {
    if (!this.#router.failed(this.about(error))) this.report(error)
  }

  /** The error of a socket that did not open within `afterMs`. */
  late(afterMs: number): TransportError {
    const late = say`${this.#host.uri} did not open a WebSocket within ${Math.round(afterMs)} ms`
    return new TransportError(late + ': it may be no WARP host, or a firewall keeps it away; check the hostUri')
  }

  /**
   * Reports the loss of a socket, unless it is a common loss of the network.
   * @param isUnheard whether the host sent nothing on the socket @param times how many sockets in a row were lost so soon
   */
  lost(cause: SwimError | undefined, isUnheard: boolean, times: number): void {
    if (isFault(cause)) this.failed(cause)
    else if (isUnheard) this.#strange(cause, times)
  }

  /** Sockets end repeatedly without a frame, and neither the platform nor the client ended them. */
  #strange(cause: SwimError | undefined, times: number): void {
    // A loss of the network has no close code (1006).
    const isUsual = !(cause instanceof TransportError) || times < (cause.closeCode === 1006 ? 8 : 2)
    if (isUsual || cause.cause !== undefined) return
    const what = say`${this.#host.uri} ends each socket without a frame: it may be no WARP host`
    this.failed(new TransportError(what + '; check the hostUri. Reconnecting', 1006, '', { cause }))
  }

  /** Reports a message that was not taken. Which lane it was for is unknown. */
  refused(error: SwimError): void {
    this.report(error)
    this.#router.each(link => link.dispatch('spoilt'))
  }

  /** Reports a faulty frame. */
  faulty(cause: unknown, frame: string): void {
    const shown = mask(frame, this.#auth.shown)
    const isSafe = shown === frame
    this.report(isSafe ? frameError(cause, frame) : new ProtocolError('a fault, with credentials hidden,', shown))
  }
}
