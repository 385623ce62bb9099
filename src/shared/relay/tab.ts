// Floor 6. One socket of a page, as the relay sees it: handles its frames in order, and holds its links.
import { serviceRestart } from '../../transport/transport.js'
import { canonicalUri } from '../../base/address.js'
import { lifeLane, probeLane } from '../../connection/heartbeat.js'
import type { EnvelopeHead } from '../../warp/envelope.js'
import { readEnvelope } from '../../warp/read-envelope.js'
import { writeAddress, writeHead } from '../../warp/write-envelope.js'
import { charsOf, type Opening, type Port, type ToPage, type ToRelay } from '../port.js'
import { Outflow } from './outflow.js'
import { TabLink } from './tab-link.js'
import type { AnyTab, TabListener, TabSharing } from './tab-port.js'
import type { Upstream } from './upstream.js'

/** How many lanes are remembered with the last command to each, until a sync shows that the host has it. */
const maxCommands = 4096
/** The longest that a host takes to hang up over a command, in milliseconds. */
const suspectMs = 10_000

/** The close code for a page that sends something other than WARP. */
const protocolError = 1002

export class Tab implements AnyTab {
  opening: Opening | undefined
  /** The host's socket that this page shares. */
  upstream: Upstream | undefined
  #sharing: TabSharing | undefined
  readonly #port: Port
  readonly #listener: TabListener
  readonly #links = new Map<string, TabLink>()
  readonly #out: Outflow
  #inbox: (readonly string[])[] = []
  #next = 0
  /** Lanes that the page has unlinked within the batch being read. */
  readonly #letGo = new Set<string>()
  readonly #commands = new Map<string, number>()
  /** The latest moment of the commands that are no longer remembered by lane. */
  #commandsBefore = 0
  /** When the last command was sent: in milliseconds, and as a moment. */
  #commandedMs = -Infinity
  #commandedAt = 0
  /** Whether the page has closed the socket, while earlier frames still wait. */
  #isClosing = false
  isOver = false

  constructor(port: Port, listener: TabListener) {
    this.#port = port
    this.#listener = listener
    this.#out = new Outflow({
      clock: listener.clock,
      post: frames => this.#post(frames),
      overflowed: () => this.end(serviceRestart, 'too far behind'),
    })
    port.onmessage = ({ data }) => this.#receive(data as ToRelay)
    port.onclose = () => this.leave()
  }

  get page(): string {
    return this.opening?.page ?? ''
  }

  greet(hello: ToPage): void {
    this.#post(hello)
  }

  opened(): void {
    this.#post('opened')
  }

  push(text: string): void {
    if (!this.isOver) this.#out.push(text)
  }

  /** Ends the page's socket. */
  end(code: number, reason: string): void {
    if (this.isOver) return
    this.#out.end()
    this.#post({ code, reason })
    this.leave()
  }

  /** Lets go of everything: the page's socket has ended. */
  leave(): void {
    if (this.isOver) return
    this.isOver = true
    for (const route of [...this.#links.keys()]) this.#release(route)
    this.#port.onmessage = null
    this.#port.close()
    this.#sharing?.leave(this, this.#isClosing)
    this.#listener.ended(this)
  }

  /** Reads on after a wait for a socket, or for room in one. */
  goOn(): void {
    while (this.#inbox.length > 0 && !this.isOver) {
      const frames = this.#inbox[0]!
      while (this.#next < frames.length) {
        if (!this.#read(frames[this.#next]!)) return
        if (this.isOver) return
        this.#next++
      }
      this.#next = 0
      this.#inbox.shift()
      this.#letGo.clear()
      this.#post(charsOf(frames))
    }
    if (this.#isClosing) this.leave()
  }

  /** Whether the host may have ended its socket over a command of this page. */
  get isSuspect(): boolean {
    const isLate = this.#listener.clock.now() - this.#commandedMs > suspectMs
    return !isLate && this.#commandedAt > (this.upstream?.heardAt ?? 0)
  }

  #receive(message: ToRelay): void {
    if (typeof message === 'number') this.#out.taken(message)
    else if (message === 'close') this.#close()
    else if (Array.isArray(message)) {
      this.#inbox.push(message as readonly string[])
      if (this.#inbox.length === 1) this.goOn()
    } else if ('lock' in (message as object)) this.#listener.lives(this, (message as { lock: string }).lock)
    else {
      this.opening = (message as { open: Opening }).open
      this.#sharing = this.#listener.wants(this, this.opening)
    }
  }

  /** Frames that the page sent before are handled first, if there is a socket for them. */
  #close(): void {
    this.#isClosing = true
    if (this.#inbox.length === 0 || this.upstream?.isOpen !== true) this.leave()
  }

  /** Handles a frame. Returns false if the frame has to wait. */
  #read(text: string): boolean {
    try {
      return this.#handle(readEnvelope(text, this.#listener.reader), text)
    } catch {
      // Not an envelope, or one with an invalid address. Hosts end sockets over such frames.
      this.end(protocolError, 'no envelope')
      return true
    }
  }

  #handle(head: EnvelopeHead, text: string): boolean {
    const { tag, bodyAt } = head
    const isAuth = tag === 'auth' || tag === 'deauth'
    const credentials = tag === 'auth' ? text.slice(bodyAt) : undefined
    if (this.upstream === undefined) {
      this.#sharing?.begin(this, credentials)
      if (credentials !== undefined) return true
    }
    const { upstream } = this
    if (upstream?.isOpen !== true) return false
    if (isAuth) this.#sharing!.authenticate(this, credentials, text)
    else if (tag === 'command') return this.#command(upstream, head, text)
    else if (head.node === '/' && isQuestion(head.lane)) this.#answer(upstream, head)
    else if (tag === 'unlink') this.#unlink(head)
    else if (tag === 'link' || tag === 'sync') this.#ask(upstream, head, text.slice(bodyAt))
    else this.end(protocolError, 'a frame for hosts to send')
    return true
  }

  #command(upstream: Upstream, head: EnvelopeHead, text: string): boolean {
    if (!upstream.canSend || !this.#sharing!.mayCommand) return false
    const route = routeOf(head)
    const at = upstream.command(text, route, head.bodyAt)
    if (this.#commands.size >= maxCommands) {
      this.#commands.clear()
      this.#commandsBefore = at
    }
    this.#commands.set(route, at)
    this.#commandedAt = at
    this.#commandedMs = this.#listener.clock.now()
    const link = this.#links.get(route)
    if (link !== undefined) link.commandAt = at
    this.#sharing!.commanded(this)
    return true
  }

  #ask(upstream: Upstream, head: EnvelopeHead, body: string): void {
    const route = routeOf(head)
    const lane = upstream.lane(head, body)
    let link = this.#links.get(route)
    // The lane was refused, and is requested again.
    if (link !== undefined && !lane.links.has(link)) link = undefined
    if (link === undefined) {
      link = new TabLink(lane, this.#out, head.prio)
      link.commandAt = this.#commands.get(route) ?? this.#commandsBefore
      this.#links.set(route, link)
    }
    const from = Math.max(this.#commands.get(route) ?? 0, this.#commandsBefore)
    // Unlinked and requested again at once: the page does not trust the link, which was silent for too long.
    lane.ask(link, head.tag === 'sync' ? from : undefined, this.#letGo.delete(route))
  }

  /** Answers a probe. A client asks for a lane that does not exist, to learn whether its socket (or the host) is alive. */
  #answer(upstream: Upstream, { tag, lane }: EnvelopeHead): void {
    if (tag === 'unlink') return
    const answer = () => this.push(writeHead('unlinked', '/', lane) + '@nodeNotFound')
    if (lane === lifeLane) answer()
    else upstream.probe(answer)
  }

  #unlink(head: EnvelopeHead): void {
    const route = routeOf(head)
    if (!this.#release(route)) return
    this.#letGo.add(route)
    this.push(writeHead('unlinked', head.node, head.lane))
  }

  /** Returns whether the page was linked, or had asked for the link. */
  #release(route: string): boolean {
    const link = this.#links.get(route)
    if (link === undefined) return false
    this.#links.delete(route)
    this.#out.delete(link)
    // When the socket has ended, its links are gone as well.
    const lane = this.upstream?.state === 'ended' ? undefined : this.upstream?.held(route)
    const wasLinked = lane?.links.has(link) === true
    lane?.release(link)
    return wasLinked
  }

  #post(message: ToPage): void {
    this.#port.postMessage(message)
  }
}

const isQuestion = (lane: string): boolean => lane === lifeLane || lane === probeLane

const routeOf = ({ node, lane }: EnvelopeHead): string => writeAddress(canonicalUri(node), canonicalUri(lane))
