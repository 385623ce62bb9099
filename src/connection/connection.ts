// Floor 5. One host, and all links over its socket. It carries out what connection-state.ts decides.
import { laneAddress } from '../base/address.js'
import { backoffMs } from '../base/backoff.js'
import type { Cancel } from '../base/clock.js'
import { excerpt, frameError, RefusedError, TransportError } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'
import { onWake } from '../base/wake.js'
import type { Value } from '../recon/index.js'
import { writeBody, writeHead, type LinkParams } from '../warp/write-envelope.js'
import { Authentication, type Credentials } from './authentication.js'
import { isFault, type ConnectionListener, type ConnectionOptions } from './connection-port.js'
import { initialConnection, reduceConnection, type ConnectionEffect, type ConnectionEvent } from './connection-state.js'
import { probeLane, probes, signsOfLife } from './heartbeat.js'
import { Link } from '../link/link.js'
import type { LinkPort } from '../link/link-port.js'
import { Caution, findCulprit } from '../write/caution.js'
import { Outbox } from '../write/outbox.js'
import type { Write, WriteHome, WriteOwner } from '../write/write.js'
import { Router } from './router.js'
import { Socket } from './socket.js'

export class Connection implements LinkPort, WriteHome {
  readonly options: ConnectionOptions
  readonly #listener: ConnectionListener
  readonly #router: Router
  readonly #socket: Socket
  readonly #auth: Authentication
  readonly #commands: Outbox
  readonly #caution = new Caution()
  /** Called, each once, by the answers to probes. */
  #probes: (() => void)[] = []
  #state = initialConnection
  #awaited: Cancel | undefined
  #idle: Cancel | undefined
  #sleep: (() => void) | undefined
  /** Settled when the last socket is gone. */
  #closed: Promise<void> | undefined
  /** Why the socket ended last, and whether its host, or the network, ended it, and not the client. */
  #end: SwimError | undefined
  #isPeersEnd = false
  /** The page is being left: what can be sent is sent now, or never. */
  #isLeaving = false

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.options = options
    this.#listener = listener
    this.#router = new Router(options.reader)
    this.#commands = new Outbox(options, this)
    this.#socket = new Socket(options, {
      opened: () => this.#dispatch(this.#auth.isWanted ? 'opened-with-credentials' : 'opened'),
      received: text => this.#receive(text),
      refused: error => listener.failed(error),
      ended: (error, isPeers) => {
        this.#isPeersEnd = isPeers
        if (!this.#auth.isRefusal(error)) this.drop(error)
      },
      drained: () => this.#flush(),
      probe: () => {
        const live = this.#router.links().find(({ phase }) => phase === 'live')
        if (this.isOpen) signsOfLife(live?.address).forEach(text => this.send(text))
        return this.isOpen
      },
    })
    this.#auth = new Authentication(options, {
      send: text => this.send(text),
      passed: () => this.#dispatch('authenticated'),
      told: isAuthenticated => listener.told(isAuthenticated ? 'authenticate' : 'deauthenticate'),
      denied: error => {
        this.#dispatch('denied')
        this.#tellFailed(error)
      },
      failed: error => this.drop(error),
    })
  }

  get isOpen(): boolean {
    return this.#state.phase === 'open'
  }

  get isAuthenticated(): boolean {
    return this.#auth.isAuthenticated
  }

  get canSend(): boolean {
    return this.isOpen && (this.#isLeaving || this.#socket.hasRoom)
  }

  get keepsOrder(): boolean {
    return this.#socket.tookWarp
  }

  get provenMs(): number {
    return this.#socket.provenMs
  }

  mayRisk(write: Write): boolean {
    return this.#caution.mayRisk(write)
  }

  risked(): void {
    if (this.isOpen && this.#caution.passed()) this.#flush()
  }

  probe(answered: () => void): void {
    this.#probes.push(answered)
    probes().forEach(text => this.send(text))
  }

  /** The link to a lane, made where there is none. Its first user says how it is asked for. */
  link(node: string, lane: string, sync: boolean, params: LinkParams, body: Value): Link {
    const address = laneAddress(node, lane, this.options.url)
    const link =
      this.#router.get(address.route) ??
      this.#router.add(new Link(this, { params, body: writeBody(body), ...address }, sync))
    this.#want()
    return link
  }

  /**
   * Sends a command to a lane, linked or not; it waits for the socket. `owner` hears `taken` once it is on the wire.
   * @throws {OverflowError} when it would not fit
   * @throws {ReconError} when the body has no Recon form
   */
  command(node: string, lane: string, body: Value, owner: WriteOwner): void {
    const address = laneAddress(node, lane, this.options.url)
    const text = writeHead('command', address.node, address.lane) + writeBody(body)
    this.#commands.post(this, { kind: 'command', text, owner })
    this.#want()
    this.#commands.flush()
    this.#rest()
  }

  /** Own writes of its links, and commands, that have not ended. */
  get pending(): Write[] {
    return [...this.#router.links().flatMap(link => link.pending), ...this.#commands.all()]
  }

  /** Commands cover nothing. */
  gaveUp(): void {}

  ended(_write: Write, was: 'waiting' | 'sent'): void {
    this.#commands.ended(was === 'waiting')
  }

  /** Shows other credentials, or takes back what was shown: at once, where there is a socket. */
  authenticate(credentials: Credentials): void {
    this.#auth.change(credentials)
    if (this.isOpen || this.#state.phase === 'authenticating') this.#auth.show()
    else if (this.#state.phase === 'denied') this.#dispatch('retry')
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  drop(cause: SwimError): void {
    this.#end = cause
    this.#dispatch('ended')
  }

  released(route: string): void {
    this.#router.delete(route)
    this.#rest()
  }

  /** Ends the socket, and gives up every command that waits. Resolves when the socket is gone. */
  close(error: SwimError): Promise<void> | undefined {
    for (const write of this.#commands.all()) write.end(error)
    this.#dispatch('close')
    for (const link of this.#router.links()) link.dispose()
    this.#idle?.()
    this.#sleep?.()
    return this.#closed
  }

  #want(): void {
    this.#idle = void this.#idle?.()
    this.#sleep ??= onWake(
      () => {
        if (this.isOpen) this.#socket.check()
        else if (this.#state.phase === 'waiting' && navigator.onLine !== false) this.#dispatch('retry')
      },
      // A page with a socket is not kept to come back to by every browser, and where it is, its socket is dead.
      () => {
        if (!this.isOpen) return
        this.#isLeaving = true
        this.#flush()
        this.#isLeaving = false
        this.drop(new TransportError(`the page that used ${this.options.url} was left`))
      },
    )
    this.#dispatch('want')
  }

  /** With nothing left to do, a socket goes after a while, and an attempt to have one at once. */
  #rest(): void {
    if (this.#router.size > 0 || !this.#commands.isEmpty || this.#state.phase === 'closed') return
    this.#idle ??= this.options.clock.timer(
      () => {
        this.#idle = undefined
        this.#sleep = void this.#sleep?.()
        this.#dispatch('unwant')
      },
      this.isOpen ? this.options.idleTimeoutMs : 0,
    )
  }

  #dispatch(event: ConnectionEvent): void {
    // There may be nobody left to try again for.
    const isVain = event === 'retry' && this.#commands.isEmpty && !this.#router.links().some(link => link.isWanted)
    const [state, effects] = reduceConnection(this.#state, isVain ? 'unwant' : event)
    this.#state = state
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: ConnectionEffect): void {
    const { url, clock, connectTimeoutMs, settledAfterMs } = this.options
    switch (effect) {
      case 'connect':
        this.#end = undefined
        this.#isPeersEnd = false
        return this.#socket.open()
      case 'disconnect':
        this.#auth.reset()
        return void (this.#closed = this.#socket.close())
      case 'send-credentials':
        return this.#auth.show()
      case 'await-nothing':
        return this.#awaited?.()
      case 'await-open':
        return this.#await('ended', connectTimeoutMs)
      case 'await-settled':
        return this.#await('settled', settledAfterMs)
      case 'await-retry':
        return this.#await('retry', backoffMs(this.#state.failures - 1, this.options, clock.random()))
      case 'tell-open':
        this.#listener.told('connect')
        for (const link of this.#router.links()) link.connected()
        this.#flush()
        return this.#rest()
      case 'tell-lost': {
        const isTold = this.#giveUp(this.#end)
        for (const link of this.#router.links()) link.disconnected()
        if (!isTold && isFault(this.#end)) this.#tellFailed(this.#end)
        return this.#listener.told('disconnect', this.#end)
      }
      case 'tell-failed':
        if (this.#socket.failedToOpen()) return this.#await('retry', 0)
        return this.#tellFailed(
          this.#end ?? new TransportError(`${url} did not open a WebSocket within ${connectTimeoutMs} ms`),
        )
    }
  }

  /** Gives up the write that the host ended the socket over, where that can be known. Returns whether it has. */
  #giveUp(end: SwimError | undefined): boolean {
    this.#probes = []
    const underWay = this.#router.links().flatMap(link => link.underWay)
    // What the client ended by itself, it ended over no write.
    const isSuspicious = this.#isPeersEnd && end instanceof TransportError
    const isForbidden = isSuspicious && this.#auth.isForbidden(end)
    const culprit = isSuspicious ? findCulprit(underWay, end.closeCode, isForbidden) : undefined
    this.#caution.reset(underWay, isFault(end))
    if (culprit === undefined) return false
    const why = isForbidden ? 'forbids' : `ended the socket (${(end as TransportError).closeCode}) over`
    const message = `${this.options.url} ${why} ${excerpt(culprit.body)}; the client does not send it again`
    culprit.end(new RefusedError(message, culprit.key, { cause: end }))
    return true
  }

  #await(event: ConnectionEvent, delayMs: number): void {
    this.#awaited?.()
    this.#awaited = this.options.clock.timer(() => this.#dispatch(event), delayMs)
  }

  #tellFailed(error: SwimError): void {
    const links = this.#router.links().filter(link => link.isWanted)
    for (const link of links) link.failed(error)
    if (links.length === 0) this.#listener.failed(error)
  }

  #receive(text: string): void {
    try {
      const head = this.#router.deliver(text)
      if (head?.tag !== 'unlinked') {
        if (head !== undefined) this.#auth.answered(head.tag === 'authed')
      } else if (head.lane === probeLane) this.#probes.shift()?.()
    } catch (cause) {
      // One bad frame is one piece of news, and stops nothing else.
      this.#listener.failed(frameError(cause, text))
    }
  }

  /** Sends what waited for room, or for the socket. */
  #flush(): void {
    for (const link of this.#router.links()) link.flush()
    this.#commands.flush()
  }
}
