// Floor 5. Finds the link of a frame: by comparing its head with the last head, by the address as it is spelled, or by reading the
// head. With 1,000 lanes in turn, this costs half as much as reading each head (bench/frames.bench lanes).
import { canonicalUri } from '../base/address.js'
import { ProtocolError, say, type SwimError } from '../base/errors.js'
import { signsOfLife } from './heartbeat.js'
import type { Reader } from '../recon/index.js'
import type { EnvelopeHead } from '../warp/envelope.js'
import { readEnvelope, readTag } from '../warp/read-envelope.js'
import { writeAddress } from '../warp/write-envelope.js'
import type { Link } from '../link/link.js'
import type { Write } from '../write/write.js'

/** How many other spellings of addresses are remembered, and how long a head may be, in UTF-16 units. Others are read each time. */
const maxSpellings = 16_384
const maxHeadChars = 1024
/** A longer frame is not remembered for its head, which would keep it in memory. */
const shortChars = 4096

export class Router {
  readonly #links = new Map<string, Link>()
  /** Links by addresses that the host spells in another way than the client. */
  readonly #spelled = new Map<string, Link>()
  /** A stream of events of one lane repeats its head to the letter. */
  #head = ''
  #last: Link | undefined
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
    return this.links().flatMap(link => link.sender?.all() ?? [])
  }

  /** Own writes that a host may close its socket over. */
  get suspects(): Write[] {
    return this.links().flatMap(link => link.sender?.suspects() ?? [])
  }

  /** Whether writes that have ended may be on the wire as well. */
  get isUnsure(): boolean {
    return this.links().some(link => link.sender?.isUnsure)
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
    this.#spelled.clear()
    this.#last = undefined
  }

  /**
   * Passes a frame to its link. Returns the heads that the connection handles: those about no lane (`authed`, `deauthed`), and
   * `unlinked` for a lane without a link.
   * @throws {ProtocolError} when the frame is not an envelope that hosts send, and {ReconError} or {ProtocolError} for its body
   */
  deliver(text: string): EnvelopeHead | undefined {
    const last = this.#last
    // Comparing a slice takes 15 ns; `startsWith` compares letter by letter, and takes 85 ns for 42 letters.
    if (last === undefined || text.slice(0, this.#head.length) !== this.#head) return this.#find(text)
    last.event(text, this.#head.length)
    return undefined
  }

  /** Passes on a frame whose head is not that of the last event. */
  #find(text: string): EnvelopeHead | undefined {
    const at = text.indexOf('(')
    // A parenthesis within a URI is rare: a head with one is read.
    const end = text.indexOf(')') + 1
    const spelled = text.slice(at, end)
    const link = this.#links.get(spelled) ?? this.#spelled.get(spelled)
    if (link !== undefined && text[0] === '@') {
      const tag = text.slice(1, at)
      if (tag === 'event' && text.length <= shortChars) {
        this.#last = link
        this.#head = text.slice(0, end)
      }
      if (this.#pass(tag, link, text, end)) return undefined
    }
    return this.#read(text, at)
  }

  /** Passes a frame to its link, if there is one. Returns false where hosts send no such frame. */
  #pass(tag: string, link: Link | undefined, text: string, bodyAt: number): boolean {
    if (tag === 'event') link?.event(text, bodyAt)
    else if (tag === 'linked') link?.dispatch(tag)
    else if (tag === 'synced') link?.synced()
    else if (tag === 'unlinked') link?.dispatch(tag, this.#reason(text, bodyAt))
    else return false
    return true
  }

  /** @param at where the address of the lane may begin */
  #read(text: string, at: number): EnvelopeHead | undefined {
    const envelope = readEnvelope(text, this.#reader)
    const { tag, node, lane, bodyAt } = envelope
    if (tag === 'authed' || tag === 'deauthed') return envelope
    // A frame for a link that is gone is late, not wrong.
    const link = this.#links.get(writeAddress(canonicalUri(node), canonicalUri(lane)))
    if (link === undefined && tag === 'unlinked') return envelope
    if (link !== undefined && bodyAt <= maxHeadChars) {
      if (this.#spelled.size >= maxSpellings) this.#spelled.clear()
      // A slice would keep the whole frame in memory; this one is taken from a new, short text.
      this.#spelled.set((' ' + text.slice(at, bodyAt)).slice(1), link)
    }
    if (this.#pass(tag, link, text, bodyAt)) return undefined
    throw new ProtocolError(say`hosts receive @${tag}, but never send it:`, text)
  }

  #reason(text: string, bodyAt: number): string | undefined {
    const reason = readTag(text, bodyAt, this.#reader)
    return reason && this.#mask(reason)
  }
}
