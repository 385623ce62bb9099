// Floor 6. One socket from the relay to a host, with the links of all tabs that share it. It does not reconnect: when it ends, the
// tabs' sockets end as well, and the tabs connect again.
import { serviceRestart } from '../../transport/transport.js'
import { hostOf, laneAddress } from '../../base/address.js'
import type { Clock } from '../../base/clock.js'
import { TransportError, type SwimError } from '../../base/errors.js'
import { Probes } from '../../connection/heartbeat.js'
import { Router } from '../../connection/router.js'
import { Socket } from '../../connection/socket.js'
import { Link } from '../../link/link.js'
import { linkAddress } from '../../link/link-address.js'
import type { Life, LinkPort } from '../../link/link-port.js'
import type { EnvelopeHead } from '../../warp/envelope.js'
import { Caution } from '../../write/caution.js'
import { Lane, type LaneSocket } from './lane.js'
import type { UpstreamOptions } from './options.js'
import { TextReader } from './text-reader.js'

/** A page's socket, as the shared socket sees it. */
export interface UpstreamTab {
  push(text: string): void
  /** There is room again. */
  goOn(): void
}

export interface UpstreamListener {
  opened(): void
  /** The socket has ended, or could not be opened. */
  ended(code: number, reason: string): void
}

/** How many commands are remembered until their echo comes. */
const maxSent = 1024

/** The identity after refused credentials, so that nobody shares the socket. Credentials never have this text. */
const refused = '@deauthed'

export class Upstream<T extends UpstreamTab = UpstreamTab> implements LinkPort, LaneSocket {
  readonly options
  readonly reader: TextReader
  readonly caution = new Caution()
  readonly tabs = new Set<T>()
  state: 'opening' | 'open' | 'ended' = 'opening'
  moment = 0
  wasOpen = false
  /** The host has received everything sent up to this moment. */
  heardAt = 0
  /** Commands without an echo yet, by lane and body, and the moments when they were sent. */
  readonly #sent = new Map<string, number>()
  /** The identity of the credentials in use; empty without credentials; undefined until a tab uses the socket. */
  identity: string | undefined
  /** The host's `@authed`; and the tabs that wait for an answer to their credentials. */
  answer: string | undefined
  readonly asking = new Set<T>()
  /** The credentials frame to send once the socket is open. */
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
  /** The subprotocols that were offered, once the socket is open. */
  get protocols(): readonly string[] {
    return this.#socket.keepsOrder ? ['warp0'] : []
  }

  send(text: string): void {
    this.#socket.send(text)
  }
  risked(): void {}
  /** At once: a worker draws nothing, and a lane passes on what changes while its event is handled. */
  inSteps(work: Iterator<void>): void {
    while (!work.next().done);
  }
  probe(answered: () => void): void {
    const at = ++this.moment
    const heard = () => {
      this.heard(at)
      answered()
    }
    this.#probes.ask(heard).forEach(text => this.send(text))
  }
  /** The host has received everything sent up to a moment. */
  heard(at: number): void {
    this.heardAt = Math.max(this.heardAt, at)
  }

  /** Sends a command of a tab. Returns its moment. */
  command(text: string, route: string, bodyAt: number): number {
    const at = ++this.moment
    if (this.#sent.size >= maxSent) this.#sent.clear()
    this.#sent.set(route + text.slice(bodyAt), at)
    this.send(text)
    return at
  }

  /** A lane's event. If it is the echo of a command, the host has received that command, and all before it. */
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

  /** Sends the host a tab's credentials, or their withdrawal. */
  show(tab: T, text: string): void {
    this.asking.add(tab)
    this.answer = undefined
    if (this.isOpen) this.send(text)
    else this.#shown = text
  }

  /** The lane that a tab's frame is about. */
  lane(head: EnvelopeHead, body: string): Lane {
    const address = linkAddress(laneAddress(head.node, head.lane, this.options.host.url), head, body)
    const known = this.#lanes.get(address.route)
    if (known !== undefined) return known
    const made = new Lane(this.#router.add(new Link(this, address, head.tag === 'sync')), this)
    this.#lanes.set(address.route, made)
    return made
  }

  /** The lane, if any tab is linked to it. */
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
      // The link that the frame is for reports the error, or finds a frame missing. A frame that is not an envelope is for no link.
    }
  }

  /** The host has accepted credentials, refused them, or withdrawn its acceptance. */
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

  /** @param isPeers whether the host or the network ended it. If the relay did, no command is to blame. */
  #end(error: SwimError, isPeers: boolean): void {
    if (this.state === 'ended') return
    this.close()
    if (isPeers && error instanceof TransportError) this.#listener.ended(error.closeCode, error.reason)
    else this.#listener.ended(serviceRestart, error.message)
  }
}
