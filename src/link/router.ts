// Floor 3. From a frame to the link it is about: by comparing its head with the last one's, by a cache of heads, or by reading.
import { canonicalUri, routeKey } from '../base/address.js'
import { ProtocolError } from '../base/errors.js'
import type { Head, Reader } from '../recon/index.js'
import type { EnvelopeHead } from '../warp/envelope.js'
import { readEnvelope, readTag } from '../warp/read-envelope.js'
import type { Link } from './link.js'

/** Heads of event frames remembered at most, each about 100 bytes; beyond that they are learnt anew. */
const maxHeads = 16_384

export class Router {
  readonly #links = new Map<string, Link>()
  readonly #heads = new Map<string, Link>()
  // A stream of events of one lane repeats its head to the letter; the reader then gives the same object, which routes it.
  #lastHead: Head | undefined
  #lastLink: Link | undefined
  readonly #reader: Reader

  constructor(reader: Reader) {
    this.#reader = reader
  }

  get size(): number {
    return this.#links.size
  }

  links(): Link[] {
    return [...this.#links.values()]
  }

  get(route: string): Link | undefined {
    return this.#links.get(route)
  }

  add(link: Link): void {
    this.#links.set(link.address.route, link)
  }

  /** Forgets a link, and ends its timers. */
  delete(route: string): void {
    this.#links.get(route)?.dispose()
    this.#links.delete(route)
    this.#heads.clear()
    this.#lastHead = undefined
    this.#lastLink = undefined
  }

  /**
   * Hands a frame to its link. Returns the heads that are about no lane (`authed`, `deauthed`) for the connection to see to.
   * @throws {ProtocolError} when the frame is no envelope of a host's, and {ReconError} or {ProtocolError} for its body
   */
  deliver(text: string): EnvelopeHead | undefined {
    const reader = this.#reader
    const head = reader.head(text)
    const { end } = reader
    if (head !== undefined && head === this.#lastHead) {
      this.#lastLink?.event(text, end)
      return undefined
    }
    const spelling = text.slice(0, end)
    const known = head && this.#heads.get(spelling)
    if (known === undefined) return this.#read(text, spelling, head)
    this.#lastHead = head
    this.#lastLink = known
    known.event(text, end)
    return undefined
  }

  #read(text: string, spelling: string, head: Head | undefined): EnvelopeHead | undefined {
    const envelope = readEnvelope(text, this.#reader, head)
    const { tag, node, lane, bodyAt } = envelope
    if (tag === 'authed' || tag === 'deauthed') return envelope
    // Frames about a link that is gone are late, not wrong.
    const link = this.#links.get(routeKey(canonicalUri(node), canonicalUri(lane)))
    switch (tag) {
      case 'event':
        if (link === undefined) return undefined
        if (this.#heads.size >= maxHeads) this.#heads.clear()
        this.#heads.set(spelling, link)
        link.event(text, bodyAt)
        return undefined
      case 'linked':
      case 'synced':
        link?.dispatch({ type: tag })
        return undefined
      case 'unlinked':
        link?.dispatch({ type: tag, tag: readTag(text, bodyAt, this.#reader) })
        return undefined
      default:
        throw new ProtocolError(`@${tag} is for hosts to receive, not to send:`, text)
    }
  }
}
