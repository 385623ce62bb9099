// Floor 5. One host, and all links over its socket. The connection carries out the decisions of connection-state.ts.
import { laneAddress } from '../base/address.js'
import { deadline, type Cancel } from '../base/clock.js'
import { say, TransportError, type SwimError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import { writeBody, type LinkParams } from '../warp/write-envelope.js'
import { Commands } from './commands.js'
import { Authentication, type Credentials } from './authentication.js'
import { endOf, isClear, retryMs, type ConnectionListener, type ConnectionOptions } from './connection-port.js'
import { initialConnection, reduceConnection, type ConnectionEffect, type ConnectionEvent } from './connection-state.js'
import { Probes } from './heartbeat.js'
import { Link } from '../link/link.js'
import { linkAddress } from '../link/link-address.js'
import type { LinkPort } from '../link/link-port.js'
import { Caution } from '../write/caution.js'
import type { Write, WriteWatcher } from '../write/write.js'
import { Presence } from './presence.js'
import { Reports } from './reports.js'
import { Router } from './router.js'
import { Socket } from './socket.js'

export class Connection implements LinkPort {
  readonly options: ConnectionOptions
  readonly #listener: ConnectionListener
  readonly router: Router
  readonly life: Socket
  readonly auth: Authentication
  readonly #commands: Commands
  readonly #reports: Reports
  readonly caution = new Caution()
  readonly #probes = new Probes()
  state = initialConnection
  /** When the phase began, by the clock; how long the phase waits, in milliseconds; how often the connection was open. */
  sinceMs = 0
  waitMs = 0
  opened = 0
  #awaited: Cancel | undefined
  readonly #presence: Presence
  #closed: Promise<void> | undefined
  #askedAtMs = 0
  /** Why the socket ended last. */
  end: Parameters<typeof endOf>[0]
  /** The page is being left: what is not sent now never will be. */
  #isLeaving = false

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.options = options
    this.#listener = listener
    this.router = new Router(options.reader, text => this.#reports.hide(text))
    this.#commands = new Commands(options, this)
    this.#presence = new Presence(options.clock, {
      wanted: () => this.#dispatch('want'),
      woke: () => {
        if (this.isOpen) this.life.check()
        else if (this.state.phase === 'waiting' && navigator.onLine !== false) this.#dispatch('retry')
      },
      leaves: () => this.isOpen && this.#leaves(),
      unwanted: () => this.#dispatch('unwant'),
    })
    this.life = new Socket(options, {
      opened: () => this.#dispatch(this.auth.isWanted ? 'opened-with-credentials' : 'opened'),
      received: text => {
        this.options.spy?.(this, 'in', text)
        try {
          const head = this.router.deliver(text)
          if (head?.tag === 'unlinked') this.#probes.answered(head.lane)
          else if (head !== undefined) this.auth.answered(head.tag === 'authed')
        } catch (cause) {
          // A bad frame is reported, and stops nothing else.
          this.#reports.faulty(cause, text)
        }
      },
      refused: error => this.#reports.refused(error),
      failed: error => this.#reports.failed(error),
      ended: (error, isPeers) => this.auth.isRefusal(error) || this.drop(error, isPeers),
      drained: () => this.#flush(),
      mask: text => this.#reports.hide(text),
      probe: () => {
        if (this.isOpen) this.router.signsOfLife().forEach(text => this.send(text))
        return this.isOpen
      },
    })
    this.auth = new Authentication(options, {
      send: text => this.send(text),
      passed: () => this.#dispatch('authenticated'),
      told: isAuthenticated => listener.told(isAuthenticated ? 'authenticate' : 'deauthenticate'),
      denied: error => {
        this.#dispatch('denied')
        this.#reports.failed(error)
      },
      failed: error => this.drop(error),
    })
    this.#reports = new Reports(options.host, this.router, this.auth, listener)
  }

  get isOpen(): boolean {
    return this.state.phase === 'open'
  }
  get canSend(): boolean {
    return this.isOpen && (this.#isLeaving || this.life.hasRoom)
  }

  risked(): void {
    if (this.isOpen && this.caution.passed()) this.#flush()
  }
  probe(answered: () => void): void {
    this.#probes.ask(answered).forEach(text => this.send(text))
  }

  /** The link to a lane, made if there is none. Its first user sets the parameters of its request. */
  link(node: string, lane: string, sync: boolean, params: LinkParams, body: Value): Link {
    const address = linkAddress(laneAddress(node, lane, this.options.host.url), params, writeBody(body))
    const link = this.router.get(address.route) ?? this.router.add(new Link(this, address, sync))
    this.#presence.want()
    return link
  }

  /** Sends a command to a lane, linked or not; the command waits for the socket. Throws as Commands.post does. */
  command(node: string, lane: string, body: Value, watcher: WriteWatcher): void {
    this.#commands.post(node, lane, body, watcher)
    this.#presence.want()
    this.#commands.flush()
    this.#rest()
  }

  get pending(): Write[] {
    return [...this.router.pending, ...this.#commands.all()]
  }

  /** Changes or withdraws the credentials: at once, if there is a socket. */
  authenticate(credentials: Credentials): void {
    this.auth.change(credentials)
    if (this.isOpen || this.state.phase === 'authenticating') this.auth.show()
    else if (this.state.phase === 'denied') this.#dispatch('retry')
  }

  /** Ends the wait before another attempt: of the socket, and of links that were refused. */
  retryNow(): void {
    this.#dispatch('retry')
    this.router.each(link => link.phase === 'refused' && link.dispatch('expired'))
  }

  send(text: string): void {
    this.options.spy?.(this, 'out', text)
    this.life.send(text)
  }
  inSteps(work: Iterator<void>): void {
    this.life.intake.inSteps(work)
  }
  drop(cause: SwimError, isPeers = false): void {
    this.end = { cause: this.#reports.about(cause), isPeers }
    this.#dispatch('ended')
  }
  released(route: string): void {
    this.router.delete(route)
    this.#rest()
  }

  /** Ends the socket, and gives up all waiting commands. Resolves when the socket is gone. */
  close(error: SwimError): Promise<void> | undefined {
    this.#commands.reject(error)
    this.#dispatch('close')
    this.router.each(link => link.dispose())
    this.#presence.dispose()
    return this.#closed
  }

  /** If nothing needs the socket: an open socket ends after a while, an attempt to open one at once. */
  #rest(): void {
    if (this.router.size > 0 || !this.#commands.isEmpty || this.state.phase === 'closed') return
    this.#presence.rest(this.isOpen ? this.options.idleTimeoutMs : 0)
  }

  /** The page is being left. Some browsers keep no page that has a socket for a later return; others keep it, with a dead socket. */
  #leaves(): void {
    this.#isLeaving = true
    this.#flush()
    this.#isLeaving = false
    this.drop(new TransportError(say`the page that used ${this.options.host.uri} was left`))
  }

  #dispatch(event: ConnectionEvent): void {
    const [state, effects] = reduceConnection(this.state, event, {
      isNeeded: () => !this.#commands.isEmpty || this.router.isWanted,
      triesOtherWay: () => !isClear(this.end) && this.life.failedToOpen(),
    })
    if (effects.length > 0) this.sinceMs = this.options.clock.now()
    this.state = state
    this.options.spy?.(this, event)
    for (const effect of effects) this.#do(effect)
  }

  #do(effect: ConnectionEffect): void {
    const { clock, connectTimeoutMs, settledAfterMs } = this.options
    switch (effect) {
      case 'connect':
        this.end = undefined
        this.#askedAtMs = clock.now()
        return this.life.open()
      case 'disconnect':
        this.auth.reset()
        return void (this.#closed = this.life.close())
      case 'send-credentials':
        return this.auth.show()
      case 'await-nothing':
        return this.#awaited?.()
      case 'await-open':
        return this.#await('ended', connectTimeoutMs)
      case 'await-settled':
        return this.#await('settled', settledAfterMs)
      case 'await-turn':
      case 'await-retry':
        return this.#await('retry', effect === 'await-turn' ? 0 : retryMs(this.end, this.state.failures, this.options))
      case 'tell-open':
        this.opened++
        this.#listener.told('connect')
        this.router.each(link => link.connected())
        this.#flush()
        return this.#rest()
      case 'tell-lost': {
        this.#probes.clear()
        const isTold = this.caution.ended(
          this.router.suspects,
          endOf(this.end, this.router.isUnsure),
          this.options.host.uri,
        )
        this.router.each(link => link.disconnected())
        const cause = this.end?.cause
        if (!isTold) this.#reports.lost(cause, this.life.isUnheard, this.state.failures)
        return this.#listener.told('disconnect', cause)
      }
      case 'tell-failed':
        return this.#reports.failed(this.end?.cause ?? this.#reports.late(clock.now() - this.#askedAtMs))
    }
  }

  #await(event: ConnectionEvent, delayMs: number): void {
    this.#awaited?.()
    this.waitMs = delayMs
    this.#awaited = deadline(this.options.clock, () => this.#dispatch(event), delayMs)
  }

  /** Sends writes and commands that waited for room, or for the socket. */
  #flush(): void {
    this.router.each(link => link.sender?.flush())
    this.#commands.flush()
  }
}
