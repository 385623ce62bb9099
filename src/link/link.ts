// Floor 4. One link: a lane of a node, over a host's socket. It carries out what link-table.ts decides. What the lane's events
// mean is its sinks' business, what becomes of its writes its sender's.
import { backoffMs } from '../base/backoff.js'
import type { Cancel } from '../base/clock.js'
import { Turns } from '../base/events.js'
import { excerpt, TimeoutError, UnlinkedError, type LaneKind } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'
import type { ReplicaPort } from '../store/replica.js'
import { writeHead } from '../warp/write-envelope.js'
import { Sender, type SenderPort } from '../write/sender.js'
import type { Write } from '../write/write.js'
import {
  initialLink,
  type LinkEffect,
  type LinkEvent,
  type LinkPhase,
  type LinkSync,
  type Moment,
} from './link-state.js'
import type { LinkAddress, LinkNews, LinkObserver, LinkPort, LinkSink } from './link-port.js'
import { reduceLink } from './link-table.js'
import { Sinks } from './sinks.js'

export class Link implements SenderPort, ReplicaPort {
  readonly address: LinkAddress
  /** Callbacks of its downlinks come one after another, and none in the midst of what the link is doing. */
  readonly turns = new Turns()
  #state
  readonly #port: LinkPort
  readonly #observers = new Set<LinkObserver>()
  readonly sinks = new Sinks()
  /** What the lane's events have shown it to be. An empty lane gives no sign of it. */
  laneKind: LaneKind | undefined
  #sender: Sender | undefined
  /** Events of the lane so far. Other frames end a wait, or are signs of life. */
  #events = 0
  /** When the wait for an answer began, by the clock. */
  #waitedAtMs = 0
  #refusal: UnlinkedError | undefined
  #commandHead: string | undefined
  #awaited: Cancel | undefined
  #pause: Cancel | undefined
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

  /** On the wire and not decided. */
  get underWay(): Write[] {
    return this.#sender?.underWay() ?? []
  }

  /** All own writes that have not ended. */
  get pending(): Write[] {
    return this.#sender?.all() ?? []
  }

  get where(): string {
    const { node, lane } = this.address
    return `lane ${excerpt(lane)} of node ${excerpt(node)}`
  }

  get isConnected(): boolean {
    return this.#port.isOpen
  }

  get keepsOrder(): boolean {
    return this.#port.keepsOrder
  }

  get nowMs(): number {
    return this.#port.options.clock.now()
  }

  get provenMs(): number {
    return this.#port.provenMs
  }

  get canSend(): boolean {
    return (this.phase === 'live' || this.phase === 'stale') && this.#port.canSend
  }

  mayRisk(write: Write): boolean {
    return this.#port.mayRisk(write)
  }

  risked(): void {
    this.#port.risked()
  }

  emptied(): void {}

  send(body: string): void {
    const { node, lane } = this.address
    this.#port.send((this.#commandHead ??= writeHead('command', node, lane)) + body)
  }

  echoIsLate(seq: number): boolean {
    // A sync under way that was asked for after it will tell.
    const last = this.#state.syncs.at(-1)
    if (last === undefined || last.fence < seq) this.dispatch('fence')
    return this.#state.sync
  }

  flush(): void {
    this.#sender?.flush()
  }

  /** Gives up the writes of one downlink. @param error why; where they are not to be sent at all */
  release(owner: Write['owner'], error?: SwimError): void {
    this.#sender?.release(owner, error)
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

  /** The error that reports a refusal: one object for each, so that it is reported once. */
  get refusal(): UnlinkedError {
    const { reason } = this.#state
    const [, missing] = /^(lane|node)NotFound$/.exec(reason) ?? []
    const advice = missing === undefined ? '' : `check the ${missing}Uri; `
    return (this.#refusal ??= new UnlinkedError(reason, this.where, advice + 'the client asks for it again'))
  }

  /** The sink of one kind, made at first use; one that comes late has missed the state, and asks for it. */
  sink<S extends LinkSink>(kind: string, create: (kind: string) => S): S {
    const known = this.sinks.get(kind)
    if (known !== undefined) return known as S
    const sink = create(kind)
    this.sinks.add(sink)
    this.dispatch('resync')
    return sink
  }

  attach(observer: LinkObserver, sync: boolean): void {
    this.#grace = void this.#grace?.()
    this.#observers.add(observer)
    if (sync && !this.#state.sync) {
      this.#state = { ...this.#state, sync }
      this.dispatch('resync')
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

  disconnected(): void {
    this.sinks.abandonSync()
    this.#sender?.disconnected()
    this.dispatch('disconnected')
  }

  /** An event frame. The hot path: nothing is done here that a sink does not need. */
  event(text: string, bodyAt: number): void {
    this.#events++
    this.sinks.event(text, bodyAt)
  }

  dispatch(event: LinkEvent, tag?: string): void {
    const [state, effects] = reduceLink(this.#state, event, this.#moment(tag))
    const before = this.#state
    let isOpen = false
    this.turns.run(() => {
      this.#state = state
      if (event === 'unlinked') this.#refusal = undefined
      for (const effect of effects) isOpen = this.#do(effect, before.syncs) || isOpen
    })
    // The sync that has ended left own writes undecided.
    if (isOpen) this.dispatch('fence')
    // Kept for as long as the host may still answer its @unlink, which is then no news to a later link of the lane.
    if (this.#state.phase === 'closed' && this.#state.unlinks === 0) this.#port.released(this.address.route)
  }

  /** Ends all its timers. */
  dispose(): void {
    this.#grace?.()
    this.#awaited?.()
    this.#pause?.()
    this.#sender?.dispose()
  }

  failed(error: SwimError): void {
    for (const observer of [...this.#observers]) observer.failed(error)
  }

  #moment(tag: string | undefined): Moment {
    const { options } = this.#port
    return { nowMs: this.nowMs, events: this.#events, seq: this.#sender?.seq ?? 0, tag, options }
  }

  /** @param syncs those under way before. Returns whether a sync has ended that left own writes undecided */
  #do(effect: LinkEffect, syncs: readonly LinkSync[]): boolean {
    if (typeof effect !== 'string') this.#schedule(effect)
    else if (effect.startsWith('send-')) this.#send(effect as `send-${'link' | 'sync' | 'unlink'}`)
    else if (effect === 'end-sync') return this.sinks.endSync(syncs[0]!)
    else if (effect === 'restart-syncs') this.sinks.restartSyncs()
    else if (effect === 'flush') this.flush()
    else if (effect === 'reject-writes') this.#sender?.reject(this.refusal)
    else if (effect === 'probe') this.#port.probe(() => this.dispatch('probed'))
    else if (effect === 'drop-socket') this.#port.drop(this.#silence())
    else if (effect === 'tell-expired') this.failed(this.#silence())
    else this.#tell(effect.slice('tell-'.length) as LinkNews)
    return false
  }

  #send(effect: `send-${'link' | 'sync' | 'unlink'}`): void {
    const { node, lane, params, body } = this.address
    if (effect === 'send-unlink') return this.#port.send(writeHead('unlink', node, lane))
    if (effect === 'send-link') return this.#port.send(writeHead('link', node, lane, params) + body)
    if (this.phase === 'asked' && this.keepsOrder) this.#send('send-link')
    this.sinks.beginSync(this.#state.syncs.at(-1)!)
    this.#port.send(writeHead('sync', node, lane, params) + body)
  }

  #schedule(effect: Exclude<LinkEffect, string>): void {
    const { clock } = this.#port.options
    if ('pause' in effect) {
      this.#pause?.()
      this.#pause = clock.timer(() => this.dispatch('paused'), effect.pause)
      return
    }
    this.#awaited = void this.#awaited?.()
    const { wait } = effect
    if (wait === 'none') return
    const delayMs = wait === 'retry' ? backoffMs(this.#state.refusals - 1, this.#port.options, clock.random()) : wait
    this.#waitedAtMs = this.nowMs
    this.#awaited = clock.timer(() => this.dispatch('expired'), delayMs)
  }

  #silence(): TimeoutError {
    const afterMs = this.nowMs - this.#waitedAtMs
    return new TimeoutError(`${this.where} did not answer within ${afterMs} ms; the client asks again`, afterMs)
  }

  #tell(news: LinkNews): void {
    for (const observer of [...this.#observers]) observer.told(news)
  }
}
