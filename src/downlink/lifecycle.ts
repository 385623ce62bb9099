// Floor 5. The life of a downlink: opened, linked, synced, lost, closed. Every kind has one, by composition.
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
import { onAbort, type Emitter } from '../base/events.js'
import type { LinkNews, LinkObserver } from '../link/link-port.js'
import type { WriteOwner } from '../write/write.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { LifecycleOptions, LifecycleOwner } from './lifecycle-port.js'
import { statusOf, type DownlinkStatus } from './status.js'
import { wait, type Waiter, type WaitOptions } from './wait.js'

export class Lifecycle implements LinkObserver {
  readonly #options: LifecycleOptions
  readonly #events: Emitter<DownlinkCallbacks>
  readonly #owner: LifecycleOwner & WriteOwner & { readonly pending: number }
  #waiters: Waiter<void>[] = []
  /** Whether callbacks have begun. */
  isStarted = false
  #isClosed = false
  #misfit: LaneKindError | undefined
  #wasSynced = false
  #status: DownlinkStatus
  /** The last reported error. */
  #failed: SwimError | undefined
  /** The last error that kept the lane from being synced. */
  #trouble: SwimError | undefined
  #undo: (() => void) | undefined
  /** Cancels the time limit of delivery after `close`. */
  #delivery: Cancel | undefined

  /** @param events calls the listeners of the callbacks */
  constructor(
    options: LifecycleOptions,
    events: Emitter<DownlinkCallbacks>,
    owner: LifecycleOwner & WriteOwner & { readonly pending: number },
  ) {
    this.#options = options
    this.#events = events
    this.#owner = owner
    this.#status = this.#readStatus()
  }

  /** Called once, after the downlink is made: a downlink that can't be made schedules nothing. */
  begin(): void {
    const { signal } = this.#options
    if (signal !== undefined) this.#undo = onAbort(signal, () => this.close())
    // After the code that opened the downlink has had its turn, so that it can add listeners.
    queueMicrotask(() => (signal?.aborted === true ? this.close() : this.start()))
  }

  get status(): DownlinkStatus {
    return this.#status
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isLinked(): boolean {
    return !this.#isClosed && /^(syncing|live|stale)$/.test(this.#options.link.phase)
  }

  get isSynced(): boolean {
    return this.#status.state === 'synced'
  }

  /** The error, where the lane is of another kind than the downlink. */
  get misfit(): LaneKindError | undefined {
    return this.#misfit
  }

  /** The lane is of another kind: nothing is sent to it. */
  misfitted(error: LaneKindError): void {
    this.#misfit = error
    this.#options.link.writes.release(this.#owner, error)
    this.#changeStatus()
    this.#wake(waiter => waiter.reject(error))
    this.report(error)
  }

  /** Begins, once: reports the present state, and requests what is missing. */
  start(): void {
    if (this.isStarted || this.#isClosed) return
    this.isStarted = true
    const { link, syncs } = this.#options
    const events = this.#events
    events.emit('didOpen')
    const joined = link.phase
    if (joined !== 'offline' && joined !== 'closed') events.emit('didConnect')
    if (joined === 'asked') this.told('asking')
    if (joined === 'refused') this.told('unlinked')
    if (this.isLinked) this.told('linked')
    // Own writes from before the link, and entries that a link of other downlinks has brought.
    this.#owner.replay()
    link.attach(this, syncs)
    // A link that requested only events has just requested the lane's state.
    if (joined === 'live' && link.phase === 'live') this.told('synced')
    this.#changeStatus()
  }

  told(news: LinkNews): void {
    if (this.#isClosed) return
    const { syncs, link, relinks } = this.#options
    const events = this.#events
    if (news === 'synced') this.#wasSynced = syncs
    this.#changeStatus()
    switch (news) {
      case 'connected':
        return events.emit('didConnect')
      case 'asking':
        return events.emit(syncs ? 'willSync' : 'willLink')
      case 'linked':
        return events.emit('didLink')
      case 'stale':
        return events.emit('willSync')
      case 'synced':
        if (!syncs || this.#misfit !== undefined) return
        this.#trouble = undefined
        events.emit('didSync')
        return this.#wake(waiter => waiter.resolve())
      case 'unlinking':
        return events.emit('willUnlink')
      case 'unlinked': {
        const error = link.refusal
        events.emit('didUnlink', error.reason)
        this.failed(error)
        this.#wake(waiter => waiter.reject(error))
        if (!relinks) this.close(error)
        return
      }
      case 'refused':
        return this.#wake(waiter => waiter.reject(link.refusal))
      case 'disconnected':
        events.emit('didDisconnect')
        if (!relinks) this.close(new ClosedError('the link was lost, with relinks(false)'))
        return
      case 'cached':
    }
  }

  failed(error: SwimError): void {
    if (/^(transport|timeout|auth|unlinked)$/.test(error.code)) this.#trouble = error
    if (!this.#isClosed) this.report(error)
  }

  /** Reports an error, also of a closed downlink's write. */
  report(error: SwimError): void {
    this.about(error)
    // One error may end thousands of writes.
    if (error === this.#failed) return
    this.#failed = error
    // Waits for a socket go on. Refused credentials end the wait: only other credentials would help.
    if (error.code === 'auth') this.#wake(waiter => waiter.reject(error))
    if (this.#events.has('didFail')) this.#events.emit('didFail', error)
    else this.#options.report(error, this.#options.link.at)
  }

  /** Adds this lane's address to an error without one. */
  about<E extends SwimError>(error: E): E {
    return about(error, this.#options.link.at)
  }

  /** See Downlink.whenSynced. */
  whenSynced(options?: WaitOptions): Promise<void> {
    const { syncs, clock, link } = this.#options
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
      else if (this.#isClosed) waiter.reject(this.about(new ClosedError('the downlink is closed')))
      else if (this.#misfit !== undefined) waiter.reject(this.#misfit)
      else if (this.#status.state === 'unlinked') waiter.reject(this.#status.error)
      else this.#waiters.push(waiter)
      waiter.onend = () => (this.#waiters = this.#waiters.filter(each => each !== waiter))
    })
  }

  /**
   * Ends the downlink: entries stay readable, and writes are delivered for up to `closeTimeoutMs`.
   * @param error why the link is lost for good: nothing is delivered then
   */
  close(error?: SwimError): void {
    if (this.#isClosed) return
    const { clock, closeTimeoutMs, link } = this.#options
    const delivers = error === undefined && this.#owner.pending > 0 && closeTimeoutMs > 0
    // Writes given up are reported while somebody listens.
    if (!delivers && this.#owner.pending > 0) link.writes.release(this.#owner)
    this.#isClosed = true
    this.#undo?.()
    this.#owner.released()
    const why = this.about(error ?? new ClosedError('the downlink was closed'))
    this.#wake(waiter => waiter.reject(why))
    this.#changeStatus()
    if (delivers && this.#owner.pending > 0) this.#delivery = clock.timer(() => this.#letGo(), closeTimeoutMs)
    else this.#letGo()
  }

  /** All own writes have ended. */
  delivered(): void {
    if (this.#delivery !== undefined) this.#letGo()
  }

  #letGo(): void {
    const { link, released } = this.#options
    this.#delivery = void this.#delivery?.()
    if (this.#owner.pending > 0) link.writes.release(this.#owner)
    link.detach(this)
    released()
    this.#events.emit('didClose')
    this.#events.clear()
  }

  #wake(how: (waiter: Waiter<void>) => void): void {
    const waiters = this.#waiters
    this.#waiters = []
    waiters.forEach(how)
  }

  #readStatus(): DownlinkStatus {
    const { link, syncs } = this.#options
    const error = this.#misfit
    if (error !== undefined && !this.#isClosed) return { state: 'unlinked', reason: error.code, error }
    return statusOf(this.#isClosed ? 'closed' : link.phase, syncs, this.#wasSynced, () => link.refusal, link.cached)
  }

  #changeStatus(): void {
    const [status, old] = [this.#readStatus(), this.#status]
    if (status === old || (!this.#isClosed && old.state === 'unlinked' && old.error === this.#misfit)) return
    this.#status = status
    this.#events.emit('didChangeStatus', status)
  }
}
