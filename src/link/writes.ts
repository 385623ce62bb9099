// Floor 4. The writes of a link: its sender, and what the sender needs of the link. Most links never write, so the sender is made
// on first use.
import { bare, ClosedError, say, type SwimError, type Where } from '../base/errors.js'
import { Sender, type SenderPort } from '../write/sender.js'
import { writeHead } from '../warp/write-envelope.js'
import type { Write } from '../write/write.js'
import type { LinkAddress, LinkPort } from './link-port.js'
import type { LinkPhase } from './link-state.js'
import type { Sinks } from './sinks.js'

/** What the writes of a link need from the link. */
export interface WritesLink {
  readonly address: LinkAddress
  readonly phase: LinkPhase
  readonly sinks: Sinks
  /** Has a sync decide all writes up to the number `seq`. Returns false where the link does not sync. */
  fence(seq: number): boolean
}

export class Writes implements SenderPort {
  readonly #link: WritesLink
  readonly #port: LinkPort
  #sender: Sender | undefined
  /** The head of the lane's commands. */
  #head: string | undefined

  constructor(link: WritesLink, port: LinkPort) {
    this.#link = link
    this.#port = port
  }

  get sender(): Sender {
    return (this.#sender ??= new Sender(this.#port.options, this))
  }

  /** The number of the write that was sent last. */
  get seq(): number {
    return this.#sender?.seq ?? 0
  }

  /** See Sender.suspects. */
  suspects(): Write[] {
    return this.#sender?.suspects() ?? []
  }

  /** See Sender.isUnsure. */
  get isUnsure(): boolean {
    return this.#sender?.isUnsure === true
  }

  /** All writes that have not ended. */
  all(): Write[] {
    return this.#sender?.all() ?? []
  }

  flush(): void {
    this.#sender?.flush()
  }

  reject(error: SwimError): void {
    this.#sender?.reject(error)
  }

  /** Gives up the writes of one downlink. @param error why they must not be sent at all; by default the downlink was closed */
  release(owner: Write['owner'], error?: SwimError): void {
    this.#sender?.release(owner, error)
  }

  disconnected(): void {
    this.#sender?.disconnected()
  }

  /** The link is gone: writes that were sent and are not waited for any more will not be decided. */
  dispose(): void {
    this.#sender?.dispose()
    this.reject(new ClosedError('the link is closed'))
  }

  // For the sender.

  get at(): Required<Where> {
    const { node, lane } = this.#link.address
    const [nodeUri, laneUri] = [node, lane].map(uri => bare(uri).replace(/[?#][^]*/, '')) as [string, string]
    return { hostUri: this.#port.options.host.uri, nodeUri, laneUri }
  }

  get where(): string {
    const { hostUri, nodeUri, laneUri } = this.at
    return say`lane ${laneUri} of node ${nodeUri} at ${hostUri}`
  }

  get canSend(): boolean {
    const { phase } = this.#link
    return (phase === 'live' || phase === 'stale') && this.#port.canSend
  }

  mayRisk(write: Write): boolean {
    return this.#port.caution.mayRisk(write)
  }

  risked(): void {
    this.#port.risked()
  }

  send(body: string): void {
    const { node, lane } = this.#link.address
    this.#port.send((this.#head ??= writeHead('command', node, lane)) + body)
  }

  echoIsLate(seq: number): boolean {
    return this.#link.fence(seq)
  }

  gaveUp(): void {
    this.#link.sinks.each(sink => sink.gaveUp())
  }
}
