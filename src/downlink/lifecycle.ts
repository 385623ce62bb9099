// Floor 5. The life of a downlink: opened, linked, synced, lost, closed. Writes and callbacks are in parts.ts.
import type { Cancel } from '../base/clock.js'
import {
  about,
  ClosedError,
  ConfigError,
  type LaneKindError,
  say,
  type SwimError,
  TimeoutError,
} from '../base/errors.js'
import { Emitter, onAbort, type SignalLike } from '../base/events.js'
import { listed, withItem, withoutItem, type Few } from '../base/few.js'
import type { LinkNews, LinkObserver } from '../link/link-port.js'
import type { Write, WriteHome, WriteOutcome, WriteOwner } from '../write/write.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { LifecycleOptions } from './lifecycle-port.js'
import { statusOf, type DownlinkStatus } from './status.js'
import { wait, type Waiter, type WaitOptions } from './wait.js'

export abstract class Lifecycle extends Emitter<DownlinkCallbacks> implements LinkObserver, WriteOwner {
  readonly parts: LifecycleOptions
  status: DownlinkStatus
  /** Whether callbacks have begun. */
  isStarted = false
  isClosed = false
  /** The error, where the lane is of another kind than the downlink. */
  misfit: LaneKindError | undefined
  /** Own writes that have not ended. */
  pending = 0
  #wasSynced = false
  #waiters: Few<Waiter<void>>
  /** The last reported error. */
  #failed: SwimError | undefined
  /** The last error that kept the lane from being synced. */
  #trouble: SwimError | undefined
  /** Stops to wait for its signal; once it is closed, for the end of its writes. */
  #cancel: Cancel | undefined

  constructor(parts: LifecycleOptions) {
    super(parts.fault, parts.link.turns)
    this.parts = parts
    this.status = this.#readStatus()
  }

  abstract readonly home: WriteHome
  abstract made(write: Write): void
  abstract changed(write: Write, cover: Write['cover']): void
  abstract ended(end: WriteOutcome | SwimError, wasSent: boolean): void
  /** An existing link was joined: reports its present state to the callbacks. */
  protected abstract replay(): void
  /** The downlink is closed: releases all it holds, except its writes. */
  protected abstract released(): void

  /** Called once, after the downlink is made: a downlink that can't be made schedules nothing. */
  begin({ signal }: { readonly signal?: SignalLike | undefined }): void {
    if (signal !== undefined) this.#cancel = onAbort(signal, () => this.close())
    // After the code that opened the downlink has had its turn, so that it can add listeners.
    queueMicrotask(() => (signal?.aborted === true ? this.close() : this.start()))
  }

  get isLinked(): boolean {
    return !this.isClosed && /^(syncing|live|stale)$/.test(this.parts.link.phase)
  }

  get isSynced(): boolean {
    return this.status.state === 'synced'
  }

  /** The lane is of another kind: nothing is sent to it. */
  misfitted(error: LaneKindError): void {
    this.misfit = error
    this.parts.link.sender?.release(this, error)
    this.#changeStatus()
    this.#wake(waiter => waiter.reject(error))
    this.report(error)
  }

  /** Begins, once: reports the present state, and requests what is missing. */
  start(): void {
    if (this.isStarted || this.isClosed) return
    this.isStarted = true
    const { link, syncs } = this.parts
    this.emit('didOpen')
    const joined = link.phase
    if (joined !== 'offline' && joined !== 'closed') this.emit('didConnect')
    if (joined === 'asked') this.told('asking')
    if (joined === 'refused') this.told('unlinked')
    if (this.isLinked) this.told('linked')
    // Own writes from before the link, and entries that a link of other downlinks has brought.
    this.replay()
    link.attach(this, syncs)
    // A link that requested only events has just requested the lane's state.
    if (joined === 'live' && link.phase === 'live') this.told('synced')
    this.#changeStatus()
  }

  told(news: LinkNews): void {
    if (this.isClosed) return
    const { syncs, link, relinks } = this.parts
    if (news === 'synced') this.#wasSynced = syncs
    this.#changeStatus()
    switch (news) {
      case 'connected':
        return this.emit('didConnect')
      case 'asking':
        return this.emit(syncs ? 'willSync' : 'willLink')
      case 'linked':
        return this.emit('didLink')
      case 'stale':
        return this.emit('willSync')
      case 'synced':
        if (!syncs || this.misfit !== undefined) return
        this.#trouble = undefined
        this.emit('didSync')
        return this.#wake(waiter => waiter.resolve())
      case 'unlinking':
        return this.emit('willUnlink')
      case 'unlinked': {
        const error = link.refusal
        this.emit('didUnlink', error.reason)
        this.failed(error)
        this.#wake(waiter => waiter.reject(error))
        if (!relinks) this.close(error)
        return
      }
      case 'refused':
        return this.#wake(waiter => waiter.reject(link.refusal))
      case 'disconnected':
        this.emit('didDisconnect')
        if (!relinks) this.close(new ClosedError('the link was lost, with relinks(false)'))
        return
      case 'cached':
    }
  }

  failed(error: SwimError): void {
    if (/^(transport|timeout|auth|unlinked)$/.test(error.code)) this.#trouble = error
    if (!this.isClosed) this.report(error)
  }

  /** Reports an error, also of a closed downlink's write. */
  report(error: SwimError): void {
    this.about(error)
    // One error may end thousands of writes.
    if (error === this.#failed) return
    this.#failed = error
    // Waits for a socket go on. Refused credentials end the wait: only other credentials would help.
    if (error.code === 'auth') this.#wake(waiter => waiter.reject(error))
    if (this.has('didFail')) this.emit('didFail', error)
    else this.parts.report(error, this.parts.link.at)
  }

  /** Adds this lane's address to an error without one. */
  about<E extends SwimError>(error: E): E {
    return about(error, this.parts.link.at)
  }

  /** See Downlink.whenSynced. */
  whenSynced(options?: WaitOptions): Promise<void> {
    const { syncs, clock, link } = this.parts
    if (this.isSynced) return Promise.resolve()
    const late = (afterMs: number) => {
      const cause = this.#trouble
      const why = cause === undefined ? '' : say` (${cause})`
      return new TimeoutError(
        say`not synced within ${afterMs} ms` + why + '; the client goes on trying',
        afterMs,
        false,
        { cause },
      )
    }
    return wait<void>(clock, { late, link }, options, waiter => {
      if (!syncs) waiter.reject(this.about(new ConfigError('syncs', 'a downlink with syncs(false) is never synced')))
      else if (this.isClosed) waiter.reject(this.about(new ClosedError('the downlink is closed')))
      else if (this.misfit !== undefined) waiter.reject(this.misfit)
      else if (this.status.state === 'unlinked') waiter.reject(this.status.error)
      else this.#waiters = withItem(this.#waiters, waiter)
      waiter.onend = () => (this.#waiters = withoutItem(this.#waiters, waiter))
    })
  }

  /**
   * Ends the downlink: entries stay readable, and writes are delivered for up to `closeTimeoutMs`.
   * @param error why the link is lost for good: nothing is delivered then
   */
  close(error?: SwimError): void {
    if (this.isClosed) return
    const { clock, closeTimeoutMs, link } = this.parts
    const delivers = error === undefined && this.pending > 0 && closeTimeoutMs > 0
    // Writes given up are reported while somebody listens.
    if (!delivers && this.pending > 0) link.sender?.release(this)
    this.isClosed = true
    this.#cancel = void this.#cancel?.()
    this.released()
    const why = this.about(error ?? new ClosedError('the downlink was closed'))
    this.#wake(waiter => waiter.reject(why))
    this.#changeStatus()
    if (delivers && this.pending > 0) this.#cancel = clock.timer(() => this.#letGo(), closeTimeoutMs)
    else this.#letGo()
  }

  /** All own writes have ended. */
  delivered(): void {
    if (this.isClosed && this.#cancel !== undefined) this.#letGo()
  }

  #letGo(): void {
    const { parts, pending } = this
    this.#cancel = void this.#cancel?.()
    if (pending > 0) parts.link.sender?.release(this)
    parts.link.detach(this)
    parts.released(parts)
    this.emit('didClose')
    this.clear()
  }

  #wake(how: (waiter: Waiter<void>) => void): void {
    const waiters = this.#waiters
    this.#waiters = undefined
    listed(waiters).forEach(how)
  }

  #readStatus(): DownlinkStatus {
    const { link, syncs } = this.parts
    const error = this.misfit
    if (error !== undefined && !this.isClosed) return { state: 'unlinked', reason: error.code, error }
    return statusOf(this.isClosed ? 'closed' : link.phase, syncs, this.#wasSynced, () => link.refusal, link.cached)
  }

  #changeStatus(): void {
    const [status, old] = [this.#readStatus(), this.status]
    if (status === old || (!this.isClosed && old.state === 'unlinked' && old.error === this.misfit)) return
    this.status = status
    this.emit('didChangeStatus', status)
  }
}
