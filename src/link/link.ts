// Floor 4. One link: a lane of a node, over a host's socket. The link carries out the decisions of link-table.ts. Its sinks read
// the lane's events, and its sender sends and settles its writes.
import { openly } from '../base/address.js'
import { Turns } from '../base/events.js'
import {
  about,
  ClosedError,
  frameError,
  say,
  type LaneKind,
  type SwimError,
  type UnlinkedError,
  type Where,
} from '../base/errors.js'
import { listed, withItem, withoutItem, type Few } from '../base/few.js'
import type { DoubtPort } from '../store/replica.js'
import { initialLink, type LinkEffect, type LinkEvent, type LinkPhase, type LinkSync } from './link-state.js'
import type { LinkAddress } from './link-address.js'
import type { LinkNews, LinkObserver, LinkPort, LinkSink } from './link-port.js'
import { reduceLink } from './link-table.js'
import { refusalOf, silenceOf } from './faults.js'
import { Sinks } from './sinks.js'
import { Waits } from './waits.js'
import { senderOf, type WritesLink } from './writes.js'
import type { Sender } from '../write/sender.js'

export class Link implements WritesLink, DoubtPort {
  readonly address: LinkAddress
  /** Runs the callbacks of its downlinks one after another, and never in the middle of a step of the link. */
  readonly turns: Turns
  state
  readonly #port: LinkPort
  #observers: Few<LinkObserver>
  readonly sinks = new Sinks()
  /** The kind of lane, as its events show. An empty lane does not show its kind. */
  laneKind: LaneKind | undefined
  /** Of its own writes; undefined before the first, as most links never write. */
  sender: Sender | undefined
  /** Events of the lane so far. Other frames are not counted: they end a wait, or are signs of life. */
  events = 0
  /** How often the lane's state was requested. */
  syncs = 0
  /** The status of its downlinks while their entries are from an earlier visit. */
  cached: object | undefined
  #refusal: UnlinkedError | undefined
  readonly #waits: Waits

  constructor(port: LinkPort, address: LinkAddress, sync: boolean) {
    this.address = address
    this.#port = port
    this.turns = new Turns(port.options.clock)
    this.state = initialLink(sync)
    this.#waits = new Waits(port.options)
  }

  get at(): Required<Where> {
    const { node, lane } = this.address
    return { hostUri: this.#port.options.host.uri, nodeUri: openly(node), laneUri: openly(lane) }
  }
  get where(): string {
    const { hostUri, nodeUri, laneUri } = this.at
    return say`lane ${laneUri} of node ${nodeUri} at ${hostUri}`
  }
  /** The sender, made for the first write. */
  get writes(): Sender {
    return (this.sender ??= senderOf(this, this.#port))
  }

  // Facts about the socket, for the lane's replicas and downlinks.

  get isConnected(): boolean {
    return this.#port.isOpen
  }
  get keepsOrder(): boolean {
    return this.#port.life.keepsOrder
  }
  get nowMs(): number {
    return this.#port.options.clock.now()
  }
  get provenMs(): number {
    return this.#port.life.provenMs
  }
  fence(seq: number): boolean {
    // A sync under way that was requested after the write will decide it.
    const last = this.state.syncs.at(-1)
    if (last === undefined || last.fence < seq) this.dispatch('fence')
    return this.state.sync
  }

  get phase(): LinkPhase {
    return this.state.phase
  }
  get isWanted(): boolean {
    return this.#observers !== undefined
  }

  /** The error that reports a refusal: one object for each refusal, so that each is reported once. */
  get refusal(): UnlinkedError {
    return (this.#refusal ??= about(refusalOf(this.state.reason, this.where), this.at))
  }

  /** The sink of one kind, made at first use. A sink made late has missed the state, which is then requested again. */
  sink<S extends LinkSink>(kind: string, create: (kind: string) => S): S {
    const known = this.sinks.get(kind)
    if (known !== undefined) return known as S
    const sink = create(kind)
    this.sinks.add(sink)
    this.dispatch('resync')
    return sink
  }

  attach(observer: LinkObserver, sync: boolean): void {
    this.#waits.end('grace')
    this.#observers = withItem(this.#observers, observer)
    if (sync) this.dispatch('syncs')
    this.dispatch('reopen')
    if (this.#port.isOpen) this.connected()
  }

  /** Removes a downlink. Without downlinks, the link closes after `unlinkDelayMs`. */
  detach(observer: LinkObserver): void {
    // A downlink closed before it began was never added, but the link was made for it.
    this.#observers = withoutItem(this.#observers, observer)
    if (this.isWanted) return
    this.#waits.begin('grace', () => this.dispatch('close'), this.#port.options.unlinkDelayMs)
  }

  connected(): void {
    if (this.phase !== 'offline' || !this.isWanted) return
    this.#tell('connected')
    if (this.#port.isOpen) this.dispatch('connected') // unless a callback has closed the client
  }

  disconnected(): void {
    this.sinks.each(sink => sink.abandonSync())
    this.sender?.disconnected()
    this.dispatch('disconnected')
  }

  /** An event frame. The hot path. */
  event(text: string, bodyAt: number): void {
    this.events++
    try {
      this.sinks.event(text, bodyAt)
    } catch (cause) {
      this.dispatch('spoilt')
      throw about(frameError(cause, text), this.at)
    }
  }

  /** The host has answered a @sync. */
  synced(): void {
    this.sinks.synced(
      this.state.syncs[0],
      work => this.inSteps(work),
      () => this.dispatch('synced'),
    )
  }

  /** As LinkPort.inSteps. */
  inSteps(work: Iterator<void>): void {
    this.#port.inSteps(work)
  }

  dispatch(event: LinkEvent, tag?: string): void {
    const { nowMs, events } = this
    const moment = { nowMs, events, seq: this.sender?.seq ?? 0, tag, options: this.#port.options }
    const [state, effects] = reduceLink(this.state, event, moment)
    const before = this.state
    let isOpen = false
    this.turns.run(() => {
      this.state = state
      if (event === 'unlinked') this.#refusal = undefined
      for (const effect of effects) isOpen = this.#do(effect, before.syncs) || isOpen
    })
    // The ended sync left own writes undecided.
    if (isOpen) this.dispatch('fence')
    // Kept while the host may still answer its @unlink: a later link of the lane must not take that answer as its own.
    if (this.state.phase === 'closed' && this.state.unlinks === 0) this.#port.released(this.address.route)
  }

  /** Ends all its timers. Writes that were sent and are not waited for any more will not be decided. */
  dispose(): void {
    this.#waits.dispose()
    this.sender?.dispose()
    this.sender?.reject(new ClosedError('the link is closed'))
  }

  /** Its entries are from an earlier visit or, where `status` is undefined, no longer are. */
  showsCached(status: object | undefined): void {
    this.cached = status
    this.#tell('cached')
  }

  failed(error: SwimError): void {
    for (const observer of listed(this.#observers)) observer.failed(error)
  }

  /** @param syncs the syncs under way before. Returns whether a sync ended that left own writes undecided */
  #do(effect: LinkEffect, syncs: readonly LinkSync[]): boolean {
    if (typeof effect !== 'string') this.#schedule(effect)
    else if (effect.startsWith('send-')) this.#send(effect.slice('send-'.length) as 'link' | 'sync' | 'unlink')
    else if (effect === 'end-sync') return this.sinks.endSync(syncs[0]!)
    else if (effect === 'restart-syncs') this.sinks.each(sink => sink.restartSyncs())
    else if (effect === 'spoil-syncs') this.sinks.each(sink => sink.spoilSyncs())
    else if (effect === 'flush') this.sender?.flush()
    else if (effect === 'reject-writes') this.sender?.reject(this.refusal)
    else if (effect === 'probe') this.#port.probe(() => this.dispatch('probed'))
    else if (effect === 'drop-socket') this.#port.drop(silenceOf(this.where, this.#waits.answerMs))
    else if (effect === 'tell-expired') this.failed(silenceOf(this.where, this.#waits.answerMs))
    else this.#tell(effect.slice('tell-'.length) as LinkNews)
    return false
  }

  #send(what: 'link' | 'sync' | 'unlink'): void {
    const { route, request, body } = this.address
    if (what === 'unlink') return this.#port.send(`@unlink${route}`)
    if (what === 'sync') {
      this.syncs++
      if (this.phase === 'asked' && this.keepsOrder) this.#port.send(`@link${request}${body}`)
      const begun = this.state.syncs.at(-1)!
      this.sinks.each(sink => sink.beginSync(begun))
    }
    this.#port.send(`@${what}${request}${body}`)
  }

  #schedule(effect: Exclude<LinkEffect, string>): void {
    const waits = this.#waits
    if ('pause' in effect) return waits.begin('pause', () => this.dispatch('paused'), effect.pause)
    const { wait } = effect
    if (wait === 'none') return waits.end('answer')
    if (wait === 'retry') {
      return waits.begin('answer', () => this.dispatch('expired'), waits.retryMs(this.state.refusals))
    }
    const { frames, receivedBytes = 0 } = this.#port.life
    const expired = () => {
      const now = this.#port.life
      // Bytes came, and no whole frame: a frame is on its way, and is the answer or comes before the answer.
      const isComing = now.frames === frames && (now.receivedBytes ?? 0) > receivedBytes
      if (isComing) this.#schedule(effect)
      else this.dispatch('expired')
    }
    waits.begin('answer', expired, wait)
  }

  #tell(news: LinkNews): void {
    if (news === 'synced') this.cached = undefined
    for (const observer of listed(this.#observers)) observer.told(news)
  }
}
