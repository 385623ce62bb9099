// Floor 5. Finds the link of a frame: by comparing its head with the last head, by a cache of heads, or by reading the head.
// With 1,000 lanes in turn, this costs half as much as reading each head (bench/frames.bench lanes).
import { canonicalUri, routeKey } from '../base/address.js'
import { ProtocolError, say, type SwimError } from '../base/errors.js'
import { signsOfLife } from './heartbeat.js'
import type { Reader } from '../recon/index.js'
import type { EnvelopeHead } from '../warp/envelope.js'
import { readEnvelope, readTag } from '../warp/read-envelope.js'
import type { Link } from '../link/link.js'
import type { Write } from '../write/write.js'

/** How many heads of event frames are remembered, and how long one may be, in UTF-16 units. Others are read at each frame. */
const maxHeads = 16_384
const maxHeadChars = 1024

/** A head of event frames, up to its closing parenthesis: a frame that begins with the same letters has the same head. */
interface Known {
  readonly head: string
  readonly link: Link
}

export class Router {
  readonly #links = new Map<string, Link>()
  readonly #heads = new Map<string, Known>()
  /** A stream of events of one lane repeats its head to the letter. */
  #last: Known | undefined
  readonly #reader: Reader
  readonly #mask: (text: string) => string

  /** @param mask hides credentials that the host may repeat in its texts */
  constructor(reader: Reader, mask: (text: string) => string) {
    this.#reader = reader
    this.#mask = mask
  }

  get size(): number {
    return this.#links.size
  }

  links(): Link[] {
    return [...this.#links.values()]
  }

  /** Own writes that have not ended. */
  get pending(): Write[] {
    return this.links().flatMap(link => link.writes.all())
  }

  /** Own writes that a host may close its socket over. */
  get suspects(): Write[] {
    return this.links().flatMap(link => link.writes.suspects())
  }

  /** Whether writes that have ended may be on the wire as well. */
  get isUnsure(): boolean {
    return this.links().some(link => link.writes.isUnsure)
  }

  /** Whether any downlink waits for the socket. */
  get isWanted(): boolean {
    return this.links().some(link => link.isWanted)
  }

  /** Reports an error of the socket to the links that want the socket. Returns whether there are any. */
  failed(error: SwimError): boolean {
    const links = this.links().filter(link => link.isWanted)
    for (const link of links) link.failed(error)
    return links.length > 0
  }

  /** Frames that the host must answer: a live link is requested again, which changes nothing. */
  signsOfLife(): string[] {
    return signsOfLife(this.links().find(({ phase }) => phase === 'live')?.address)
  }

  /** Calls `act` with every link. */
  each(act: (link: Link) => void): void {
    for (const link of this.links()) act(link)
  }

  get(route: string): Link | undefined {
    return this.#links.get(route)
  }

  add(link: Link): Link {
    this.#links.set(link.address.route, link)
    return link
  }

  /** Forgets a link, and ends its timers. */
  delete(route: string): void {
    this.#links.get(route)?.dispose()
    this.#links.delete(route)
    this.#heads.clear()
    this.#last = undefined
  }

  /**
   * Passes a frame to its link. Returns the heads that the connection handles: those about no lane (`authed`, `deauthed`), and
   * `unlinked` for a lane without a link.
   * @throws {ProtocolError} when the frame is not an envelope that hosts send, and {ReconError} or {ProtocolError} for its body
   */
  deliver(text: string): EnvelopeHead | undefined {
    let known = this.#last
    // Comparing a slice takes 15 ns; `startsWith` compares letter by letter, and takes 85 ns for 42 letters.
    if (known === undefined || text.slice(0, known.head.length) !== known.head) {
      // A parenthesis within a URI is rare: a head with one is read again after each frame of another lane.
      known = this.#heads.get(text.slice(0, text.indexOf(')') + 1))
      if (known === undefined) return this.#read(text)
      this.#last = known
    }
    known.link.event(text, known.head.length)
    return undefined
  }

  #read(text: string): EnvelopeHead | undefined {
    const envelope = readEnvelope(text, this.#reader)
    const { tag, node, lane, bodyAt } = envelope
    if (tag === 'authed' || tag === 'deauthed') return envelope
    // A frame for a link that is gone is late, not wrong.
    const link = this.#links.get(routeKey(canonicalUri(node), canonicalUri(lane)))
    switch (tag) {
      case 'event':
        if (link === undefined) return undefined
        this.#learn(text, bodyAt, link)
        link.event(text, bodyAt)
        return undefined
      case 'linked':
        link?.dispatch(tag)
        return undefined
      case 'synced':
        link?.synced()
        return undefined
      case 'unlinked':
        if (link === undefined) return envelope
        link.dispatch(tag, this.#reason(text, bodyAt))
        return undefined
      default:
        throw new ProtocolError(say`hosts receive @${tag}, but never send it:`, text)
    }
  }

  #reason(text: string, bodyAt: number): string | undefined {
    const reason = readTag(text, bodyAt, this.#reader)
    return reason && this.#mask(reason)
  }

  #learn(text: string, end: number, link: Link): void {
    if (end > maxHeadChars) return
    if (this.#heads.size >= maxHeads) this.#heads.clear()
    // A slice would keep the whole frame in memory; this one is taken from a new, short text.
    const head = (' ' + text.slice(0, end)).slice(1)
    this.#last = { head, link }
    this.#heads.set(head, this.#last)
  }
}
