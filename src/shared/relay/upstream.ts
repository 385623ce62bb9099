// Floor 6. One socket of the relay's to a host, from its opening to its end: the links of all tabs that share it, and no second
// socket in its place. When it ends the tabs' sockets end with it, and the tabs connect again.
import { serviceRestart } from '../../transport/transport.js'
import { hostOf, laneAddress } from '../../base/address.js'
import type { Clock } from '../../base/clock.js'
import { TransportError, type SwimError } from '../../base/errors.js'
import { Probes } from '../../connection/heartbeat.js'
import { Router } from '../../connection/router.js'
import { Socket } from '../../connection/socket.js'
import { Link } from '../../link/link.js'
import type { Life, LinkPort } from '../../link/link-port.js'
import type { EnvelopeHead } from '../../warp/envelope.js'
import { Caution } from '../../write/caution.js'
import { Lane, type LaneSocket } from './lane.js'
import type { UpstreamOptions } from './options.js'
import { TextReader } from './text-reader.js'

/** A socket of a page, as the socket that it shares sees it. */
export interface UpstreamTab {
  push(text: string): void
  /** There is room again. */
  goOn(): void
}

export interface UpstreamListener {
  opened(): void
  /** It has ended, or could not be opened. */
  ended(code: number, reason: string): void
}

/** Commands remembered until their echo comes. */
const maxSent = 1024

/** Who was refused shares with nobody; no text of credentials is this one. */
const refused = '@deauthed'

export class Upstream<T extends UpstreamTab = UpstreamTab> implements LinkPort, LaneSocket {
  readonly options
  readonly reader: TextReader
  readonly caution = new Caution()
  readonly tabs = new Set<T>()
  state: 'opening' | 'open' | 'ended' = 'opening'
  moment = 0
  wasOpen = false
  /** The host has had all that was sent up to this moment. */
  heardAt = 0
  /** Commands whose echo has not come, by lane and body, and when they were sent. */
  readonly #sent = new Map<string, number>()
  /** Whose credentials it is shown; empty: nobody's. Undefined: nobody uses it yet. */
  identity: string | undefined
  /** The host's `@authed`, and the tabs that wait for an answer to theirs. */
  answer: string | undefined
  readonly asking = new Set<T>()
  /** What the host is to be shown once the socket is open. */
  #shown: string | undefined
  readonly #listener: UpstreamListener
  readonly #socket: Socket
  readonly #router: Router
  readonly #probes = new Probes()
  readonly #lanes = new Map<string, Lane>()

  constructor(url: string, options: UpstreamOptions, listener: UpstreamListener) {
    this.options = { ...options, host: hostOf(url) }
    this.reader = new TextReader({ maxDepth: options.maxDepth, maxChars: options.maxFrameChars })
    this.#listener = listener
    this.#router = new Router(this.reader, text => text)
    this.#socket = new Socket(this.options, {
      opened: () => {
        this.state = 'open'
        this.wasOpen = true
        if (this.#shown !== undefined) this.send(this.#shown)
        listener.opened()
      },
      received: text => this.#receive(text),
      refused: () => this.#router.each(link => link.dispatch('spoilt')),
      failed: () => {},
      ended: (error, isPeers) => this.#lost(error, isPeers),
      drained: () => this.#drained(),
      mask: text => text,
      probe: () => {
        if (this.isOpen) this.#router.signsOfLife().forEach(text => this.send(text))
        return this.isOpen
      },
    })
    this.#socket.open()
  }

  get clock(): Clock {
    return this.options.clock
  }
  get isOpen(): boolean {
    return this.state === 'open'
  }
  get canSend(): boolean {
    return this.isOpen && this.#socket.hasRoom
  }
  get life(): Life {
    return this.#socket
  }
  /** What it has offered, once it is open. */
  get protocols(): readonly string[] {
    return this.#socket.keepsOrder ? ['warp0'] : []
  }

  send(text: string): void {
    this.#socket.send(text)
  }
  risked(): void {}
  probe(answered: () => void): void {
    const at = ++this.moment
    const heard = () => {
      this.heard(at)
      answered()
    }
    this.#probes.ask(heard).forEach(text => this.send(text))
  }
  /** The host is known to have had what was sent up to a moment. */
  heard(at: number): void {
    this.heardAt = Math.max(this.heardAt, at)
  }

  /** Sends a command of a tab's. Returns its moment. */
  command(text: string, route: string, bodyAt: number): number {
    const at = ++this.moment
    if (this.#sent.size >= maxSent) this.#sent.clear()
    this.#sent.set(route + text.slice(bodyAt), at)
    this.send(text)
    return at
  }

  /** An event of a lane: an echo shows that the host has had the command, and those before it. */
  echoed(route: string, body: () => string): void {
    if (this.#sent.size === 0) return
    const sent = route + body()
    const at = this.#sent.get(sent)
    if (at === undefined) return
    this.#sent.delete(sent)
    this.heard(at)
  }
  drop(cause: SwimError): void {
    this.#end(cause, false)
  }
  released(route: string): void {
    this.#lanes.delete(route)
    this.#router.delete(route)
  }

  /** Shows the host credentials, or takes them back, as a frame of a tab's says. */
  show(tab: T, text: string): void {
    this.asking.add(tab)
    this.answer = undefined
    if (this.isOpen) this.send(text)
    else this.#shown = text
  }

  /** The lane that a frame of a tab's is about. */
  lane(head: EnvelopeHead, body: string): Lane {
    const { node, lane, prio, rate } = head
    const address = laneAddress(node, lane, this.options.host.url)
    const known = this.#lanes.get(address.route)
    if (known !== undefined) return known
    const params = { prio, rate }
    const made = new Lane(this.#router.add(new Link(this, { params, body, ...address }, head.tag === 'sync')), this)
    this.#lanes.set(address.route, made)
    return made
  }

  /** The lane, where any tab is linked to it. */
  held(route: string): Lane | undefined {
    return this.#lanes.get(route)
  }

  close(): void {
    if (this.state === 'ended') return
    this.state = 'ended'
    this.#router.each(link => link.dispose())
    void this.#socket.close()
  }

  #receive(text: string): void {
    try {
      const head = this.#router.deliver(text)
      if (head?.tag === 'unlinked') this.#probes.answered(head.lane)
      else if (head !== undefined) this.#answered(text, head.tag === 'authed')
    } catch {
      // Whoever it is for is told by the same frame, or finds that one is missing; one that is no envelope is for nobody.
    }
  }

  /** The host has taken credentials, or refused them, or takes back what it had taken. */
  #answered(text: string, isAuthenticated: boolean): void {
    const tabs = this.asking.size > 0 ? [...this.asking] : [...this.tabs]
    if (!isAuthenticated && this.asking.size > 0 && this.identity !== '') this.identity = refused
    this.answer = isAuthenticated ? text : undefined
    this.asking.clear()
    for (const tab of tabs) tab.push(text)
  }

  #drained(): void {
    for (const tab of [...this.tabs]) tab.goOn()
  }

  #lost(error: SwimError, isPeers: boolean): void {
    if (this.state !== 'opening' || !this.#socket.failedToOpen()) return this.#end(error, isPeers)
    void this.#socket.close()
    this.clock.turn(() => this.state === 'opening' && this.#socket.open())
  }

  /** @param isPeers whether the host or the network ended it: what the relay gives up is over nothing that was sent */
  #end(error: SwimError, isPeers: boolean): void {
    if (this.state === 'ended') return
    this.close()
    if (isPeers && error instanceof TransportError) this.#listener.ended(error.closeCode, error.reason)
    else this.#listener.ended(serviceRestart, error.message)
  }
}
