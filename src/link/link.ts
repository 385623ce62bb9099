// Floor 4. One link: a lane of a node, over a host's socket. It carries out what link-state.ts decides. What the lane's events
// mean is its sinks' business, what becomes of its writes its sender's.
import { backoffMs } from '../base/backoff.js'
import type { Cancel } from '../base/clock.js'
import { Turns } from '../base/events.js'
import { excerpt, TimeoutError, UnlinkedError } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'
import { writeHead } from '../warp/write-envelope.js'
import {
  initialLink,
  reduceLink,
  type LinkEffect,
  type LinkEvent,
  type LinkPhase,
  type LinkState,
} from './link-state.js'
import type { LinkAddress, LinkNews, LinkObserver, LinkPort, LinkSink } from './link-port.js'
import { Sender, type SenderPort } from '../write/sender.js'
import { Sinks } from './sinks.js'

export class Link implements SenderPort {
  readonly address: LinkAddress
  /** Callbacks of its downlinks come one after another, and none in the midst of what the link is doing. */
  readonly turns = new Turns()
  #state: LinkState
  readonly #port: LinkPort
  readonly #observers = new Set<LinkObserver>()
  readonly sinks = new Sinks()
  #sender: Sender | undefined
  /** Whether the sync that has just ended left own writes undecided. */
  #isOpen = false
  /** When the last sync was asked for, by the clock. */
  #syncedAtMs = 0
  /** Whether any event of the lane has come since the wait for an answer began; other frames end it, or are signs of life. */
  #heard = false
  #refusal: UnlinkedError | undefined
  #commandHead: string | undefined
  #awaited: Cancel | undefined
  #grace: Cancel | undefined

  constructor(port: LinkPort, address: LinkAddress, sync: boolean) {
    this.address = address
    this.#port = port
    this.#state = initialLink(sync)
  }

  /** Its writes; most links never write. */
  get sender(): Sender {
    return (this.#sender ??= new Sender(this.#port.options, this))
  }

  get where(): string {
    const { node, lane } = this.address
    return `lane ${excerpt(lane)} of node ${excerpt(node)}`
  }

  get isConnected(): boolean {
    return this.#port.isOpen
  }

  get canSend(): boolean {
    return (this.phase === 'live' || this.phase === 'stale') && this.#port.canSend
  }

  send(body: string): void {
    const { node, lane } = this.address
    this.#port.send((this.#commandHead ??= writeHead('command', node, lane)) + body)
  }

  echoIsLate(seq: number): boolean {
    // A sync under way that was asked for after it will tell.
    const isFenced = this.#state.syncs > 0 && this.sinks.isFenced(seq)
    if (!isFenced) this.dispatch('fence')
    return this.#state.sync
  }

  flush(): void {
    this.#sender?.flush()
  }

  /** Gives up the writes of one downlink. */
  release(owner: unknown): void {
    this.#sender?.release(owner)
  }

  gaveUp(): void {
    this.sinks.gaveUp()
  }

  get phase(): LinkPhase {
    return this.#state.phase
  }

  /** Whether any downlink has it. */
  get isWanted(): boolean {
    return this.#observers.size > 0
  }

  /** The error as which a refusal is told: one object for each, so that it is told once. */
  get refusal(): UnlinkedError {
    const { reason } = this.#state
    const [, missing] = /^(lane|node)NotFound$/.exec(reason) ?? []
    const advice = missing === undefined ? '' : `check the ${missing}Uri; `
    return (this.#refusal ??= new UnlinkedError(reason, this.where, advice + 'it is asked for again'))
  }

  /** The sink of one kind, made at first use; one that comes late has missed the state, and asks for it. */
  sink<S extends LinkSink>(kind: string, create: (kind: string) => S): S {
    const known = this.sinks.get(kind)
    if (known !== undefined) return known as S
    const sink = create(kind)
    this.sinks.add(sink)
    this.reconcile()
    return sink
  }

  attach(observer: LinkObserver, sync: boolean): void {
    this.#grace = void this.#grace?.()
    this.#observers.add(observer)
    if (sync && !this.#state.sync) {
      this.#state = { ...this.#state, sync }
      this.reconcile()
    }
    this.dispatch('reopen')
    if (this.#port.isOpen) this.connected()
  }

  /** Lets go of a downlink; the link itself goes after a grace, unless somebody else wants it. */
  detach(observer: LinkObserver): void {
    // One that was closed before it began was never here; the link was made for it all the same.
    this.#observers.delete(observer)
    if (this.#observers.size > 0) return
    this.#grace?.()
    const { clock, unlinkDelayMs } = this.#port.options
    this.#grace = clock.timer(() => this.dispatch('close'), unlinkDelayMs)
  }

  connected(): void {
    if (this.phase !== 'offline' || this.#observers.size === 0) return
    this.#tell('connected')
    this.dispatch('connected')
  }

  /** @param refusal what the writes on the wire end with, where the host closed the socket over one of them */
  disconnected(refusal: SwimError | undefined): void {
    this.sinks.abandonSync()
    this.#sender?.disconnected(refusal)
    this.dispatch('disconnected')
  }

  /** An event frame. The hot path: nothing is done here that a sink does not need. */
  event(text: string, bodyAt: number): void {
    this.#heard = true
    this.sinks.event(text, bodyAt)
  }

  /** The replica is known to be off: asks for a sync that mends it. */
  reconcile(): void {
    this.dispatch('reconcile')
  }

  dispatch(event: LinkEvent, tag?: string): void {
    const isFirst = this.turns.begin()
    const [state, effects] = reduceLink(this.#state, event, tag)
    this.#state = state
    if (event === 'unlinked') this.#refusal = undefined
    for (const effect of effects) this.#do(effect)
    this.turns.end(isFirst)
    if (this.#isOpen) {
      this.#isOpen = false
      this.dispatch('fence')
    }
    // Kept for as long as the host may still answer its @unlink, which is then no news to a later link of the lane.
    if (state.phase === 'closed' && state.unlinks === 0) this.#port.released(this.address.route)
  }

  /** Ends all its timers. */
  dispose(): void {
    this.#grace?.()
    this.#awaited?.()
    this.#sender?.dispose()
  }

  /** Tells its downlinks of what befell the socket. */
  failed(error: SwimError): void {
    for (const observer of [...this.#observers]) observer.failed(error)
  }

  #do(effect: LinkEffect): void {
    const { node, lane, params, body } = this.address
    const { clock, requestTimeoutMs } = this.#port.options
    switch (effect) {
      case 'send-link':
        return this.#port.send(writeHead('link', node, lane, params) + body)
      case 'send-sync':
        if (this.phase === 'asked' && this.#port.linksFirst) this.#do('send-link')
        this.#syncedAtMs = clock.now()
        this.sinks.beginSync(this.#sender?.seq ?? 0)
        return this.#port.send(writeHead('sync', node, lane, params) + body)
      case 'send-unlink':
        return this.#port.send(writeHead('unlink', node, lane))
      case 'end-sync':
        this.#isOpen = this.sinks.endSync(this.#state.syncs) || this.#isOpen
        return
      case 'restart-syncs':
        return this.sinks.restartSyncs()
      case 'flush':
        return this.flush()
      case 'reject-writes':
        return this.#sender?.reject(this.refusal)
      case 'await-nothing':
        this.#awaited = void this.#awaited?.()
        return
      case 'await-answer':
        return this.#await('expired', requestTimeoutMs * 2 ** Math.min(this.#state.silences, 5))
      case 'await-retry':
        return this.#await('retry', backoffMs(this.#state.refusals - 1, this.#port.options, clock.random()))
      case 'await-again':
        // As long as the last one took: a host whose lane is cut all the time has half of its time for itself.
        return this.#await('again', clock.now() - this.#syncedAtMs)
      case 'drop-socket':
        return this.#port.drop(this.#silence())
      case 'tell-expired':
        return this.failed(this.#silence())
      default:
        return this.#tell(effect.slice('tell-'.length) as LinkNews)
    }
  }

  #silence(): TimeoutError {
    const afterMs = this.#port.options.requestTimeoutMs
    return new TimeoutError(`${this.where} did not answer within ${afterMs} ms; it is asked again`, afterMs)
  }

  #await(event: LinkEvent, delayMs: number): void {
    this.#awaited?.()
    this.#heard = false
    this.#awaited = this.#port.options.clock.timer(() => {
      // A long sync is no silence: as long as frames of the lane come, the wait begins anew.
      if (event === 'expired' && this.#heard) this.#await(event, delayMs)
      else this.dispatch(event)
    }, delayMs)
  }

  #tell(news: LinkNews): void {
    for (const observer of [...this.#observers]) observer.told(news)
  }
}
