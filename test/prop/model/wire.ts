// What passes between one client and the host, as far as checks go by it: commands that were on the wire when sockets ended, syncs under
// way, and events that echo own writes.
import { stringify, type Value } from '../../../src/recon/index.js'
import type { Clock } from '../../../src/base/clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'
import type { RelayedPage } from '../../support/relay-device.js'
import { maxFrame } from './values.js'

/** How frames about a lane begin. */
const headOf = (tag: string, lane: string) => `@${tag}(node:"/unit/1",lane:${lane})`
const laneOf = (text: string) => /,lane:(\w+)/.exec(text)?.[1] ?? ''

export class Wire {
  /** Frames may have been lost on a socket that went on. */
  get wasMute(): boolean {
    return this.#trunk?.wasMute ?? this.#wasMute
  }
  set wasMute(was: boolean) {
    if (this.#trunk === undefined) this.#wasMute = was
    else this.#trunk.wasMute = was
  }
  #wasMute = false
  readonly network: MemoryNetwork
  /** Where a relay has the socket: that one. */
  readonly #trunk: Wire | undefined
  #peer: Peer | undefined
  /** The commands that each socket was given. */
  readonly #sent = new Map<Peer, Set<string>>()
  /** How many sockets have ended, by their peers, that were given a command. */
  readonly #losses = new Map<string, number>()
  /** How many syncs of a lane are under way. */
  readonly #syncs = new Map<string, number>()
  /** How often a lane was unlinked. */
  readonly #links = new Map<string, number>()
  #sockets = 0
  /** What to do at an event, by its frame. */
  readonly #echoes = new Map<string, () => void>()

  /** @param relayed the page of a client whose socket a relay has, and that socket */
  constructor(
    clock: Clock,
    accept: (peer: Peer) => void,
    trace: (line: string) => void,
    relayed?: { readonly page: RelayedPage; readonly trunk: Wire },
  ) {
    this.#trunk = relayed?.trunk
    this.network = relayed?.trunk.network ?? new MemoryNetwork(clock)
    const opened = () => {
      trace('connected')
      this.#sockets++
      this.#syncs.clear()
    }
    const sent = (text: string) => {
      trace(`> ${text}`)
      if (text.startsWith('@sync')) this.#count(text, 1)
      if (text.startsWith('@unlink')) this.#syncs.delete(laneOf(text))
    }
    const delivered = (text: string) => {
      trace(`< ${text}`)
      if (text.startsWith('@unlinked')) this.#links.set(laneOf(text), (this.#links.get(laneOf(text)) ?? 0) + 1)
      if (text.startsWith('@synced')) this.#count(text, -1)
      else if ((this.#syncs.get(laneOf(text)) ?? 0) === 0) this.#echoes.get(text)?.()
    }
    if (relayed !== undefined) {
      Object.assign(relayed.page, { onopen: opened, onsend: sent, onreceive: delivered })
      return
    }
    this.network.onconnect = peer => {
      this.#peer = peer
      opened()
      accept(peer)
    }
    this.network.onsend = (peer, text) => {
      if (text.startsWith('@command')) this.#sent.set(peer, (this.#sent.get(peer) ?? new Set()).add(text))
      sent(text)
    }
    this.network.ondeliver = delivered
    this.network.onend = (peer, isPeers) => {
      trace(`ended by ${isPeers ? 'its peer' : 'the client'}`)
      for (const text of isPeers ? (this.#sent.get(peer) ?? []) : [])
        this.#losses.set(text, (this.#losses.get(text) ?? 0) + 1)
      this.#sent.delete(peer)
    }
  }

  /** The host's end of the last socket. */
  get peer(): Peer | undefined {
    return this.#trunk?.peer ?? this.#peer
  }

  /** How often a lane has been linked. */
  linksOf(lane: string): number {
    return this.#sockets + (this.#links.get(lane) ?? 0)
  }

  /** Has something done at each event, outside of syncs, that gives an entry a value. @param key undefined at a value lane */
  awaitEcho(lane: string, key: Value | undefined, value: Value, echoed: () => void): void {
    const update = key === undefined ? '' : `@update(key:${stringify(key)})`
    this.#echoes.set(`${headOf('event', lane)}${update} ${stringify(value)}`, echoed)
  }

  /** Whether a command may be one that ended sockets: two ended with it on the wire, or one, and it is longer than a host takes. */
  isSuspect(lane: string, body: string): boolean {
    if (this.#trunk !== undefined) return this.#trunk.isSuspect(lane, body)
    const text = this.#textOf(lane, body)
    const losses = this.#losses.get(text) ?? 0
    return losses > 1 || (losses > 0 && text.length > maxFrame)
  }

  #textOf(lane: string, body: string): string {
    return headOf('command', lane) + body
  }

  #count(text: string, change: number): void {
    const lane = laneOf(text)
    this.#syncs.set(lane, Math.max(0, (this.#syncs.get(lane) ?? 0) + change))
  }
}
