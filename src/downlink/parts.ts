// Floor 5. The parts that every kind of downlink is made with, and their common core.
import { ClosedError, ReconError, say, SwimError } from '../base/errors.js'
import type { Emitter, SignalLike, Unsubscribe } from '../base/events.js'
import { parse, type Reader } from '../recon/index.js'
import type { Tap } from '../link/link-port.js'
import type { Write, WriteHome, WriteOutcome, WriteOwner, WriteWatcher } from '../write/write.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { Deadlines } from './deadlines.js'
import { Lifecycle } from './lifecycle.js'
import type { LifecycleEnds, LifecycleOptions } from './lifecycle-port.js'
import type { Changes } from './feed.js'
import type { MapCache } from './map/map-cache.js'
import type { Condition } from './pending.js'
import { PutWatcher } from './put-watcher.js'
import type { Awaited, WaitOptions } from './wait.js'

/** What the downlinks of a client share. */
export interface SharedParts extends Omit<LifecycleOptions, 'link' | 'syncs' | 'relinks'> {
  /** The longest wait of put and remove, from when they are sent. */
  readonly deadlines: Deadlines
  /** Whether keys and values that are read are frozen. */
  readonly freezeValues: boolean
  /** Resolves when all these writes have ended. */
  readonly settled: (writes: readonly Write[], options: WaitOptions | undefined, link: Awaited['link']) => Promise<void>
  /** The cache. @throws {ConfigError} where src/cache was not imported */
  readonly cache: () => MapCache
}

export interface DownlinkParts extends SharedParts, LifecycleOptions {
  readonly reader: Reader
}

/** What a downlink begins with, and does not keep. */
export interface Given<C extends DownlinkCallbacks> {
  readonly callbacks: readonly (readonly [type: keyof C, callback: C[keyof C]])[]
  readonly signal?: SignalLike | undefined
}

/** The owner of a write, and its watcher, if the owner is not the watcher. */
export interface WriteTo {
  readonly owner: WriteOwner
  readonly watcher?: WriteWatcher | undefined
  /** Whether the write is a change even if its value equals the shown one, which may have been changed in place. */
  readonly isForced?: boolean
}

/** What a kind of downlink adds to the common lifecycle. */
export interface DownlinkKind extends LifecycleEnds {
  /** The model of the lane, if it has one: told of own writes. */
  readonly model?: { pendingChanged(cover: Write['cover']): void }
  /** For `console.log`: the value, or size and first entries. */
  shown?(): object
  /** Adds a callback `didChange`, in kinds that have it. */
  onChange?(listener: (changes: Changes<never, never>) => unknown): Unsubscribe
}

/** Callbacks, life and writes of one downlink. */
export class DownlinkCore<C extends DownlinkCallbacks> extends Lifecycle {
  declare readonly parts: DownlinkParts
  readonly kind: DownlinkKind
  /** Made at first use, as there may be ten thousand downlinks. */
  #tap: Tap | undefined

  /** @param kind what the kind of downlink adds to the common lifecycle */
  constructor(parts: DownlinkParts, kind: DownlinkKind) {
    super(parts)
    this.kind = kind
  }

  /** The place where the downlink's writes wait. */
  get home(): WriteHome {
    return this.parts.link.writes
  }

  /** Adds the callbacks given to `open`. Called once, when the kind is ready for them and before the lifecycle begins. */
  hear({ callbacks }: Given<C>): void {
    for (const [type, callback] of callbacks) this.listen(type, callback)
  }

  /** TypeScript can't infer for a type parameter that every kind has the common events. */
  get events(): Emitter<C> {
    return this as unknown as Emitter<C>
  }

  /** Adds a callback. */
  listen<T extends keyof C>(type: T, listener: C[T]): Unsubscribe {
    const { link, reader } = this.parts
    if (type === 'didChange' && typeof listener === 'function') return this.kind.onChange!(listener as never)
    const undo = this.events.on(type, listener)
    if (type === 'onEvent' && !this.isClosed) {
      this.#tap ??= (text, bodyAt) => this.emit('onEvent', reader.block(text, bodyAt))
      link.sinks.tap(this.#tap)
    }
    return undo
  }

  get isConnected(): boolean {
    return !this.isClosed && this.parts.link.isConnected
  }

  replay(): void {
    this.kind.replay()
  }

  released(): void {
    if (this.#tap !== undefined) this.parts.link.sinks.untap(this.#tap)
    this.kind.released()
  }

  /**
   * Makes a write: `post` checks it, shows it, queues it and returns the command's body, undefined where there is nothing to send.
   * The write is then reported, and sent as soon as the link allows.
   * @throws {ClosedError} when the downlink is closed
   * @throws {ReconError} when a key or value throws as it is read: a getter, a revoked proxy
   */
  write(post: (to: WriteTo) => string | undefined, watcher?: WriteWatcher, isForced = false): void {
    if (this.isClosed) throw this.about(new ClosedError('the downlink is closed; open another to write to its lane'))
    this.start()
    if (this.misfit !== undefined) throw this.misfit
    let body: string | undefined
    try {
      body = post({ owner: this, watcher, isForced })
    } catch (cause) {
      const why = say`the key or value threw when read: ${cause}`
      throw this.about(cause instanceof SwimError ? cause : new ReconError(why, {}, { cause }))
    }
    if (body === undefined) return
    if (this.has('onCommand')) this.emit('onCommand', parse(body))
    this.parts.link.sender?.flush()
  }

  /** A write without a promise has ended. */
  ended(end: WriteOutcome | SwimError, wasSent: boolean): void {
    // A write on the wire when its downlink closes is not lost, and a discarded one was meant to end.
    const isWanted = end instanceof ClosedError && (wasSent || end.discarded)
    if (end instanceof SwimError && !isWanted) this.report(end)
  }

  made({ cover }: Write): void {
    this.pending++
    this.kind.model?.pendingChanged(cover)
  }

  changed({ state }: Write, cover: Write['cover']): void {
    this.kind.model?.pendingChanged(cover)
    if (state === 'done' && --this.pending === 0) this.delivered()
  }

  /** See MapDownlink.settled. */
  settled(options: WaitOptions | undefined): Promise<void> {
    return this.parts.settled(this.parts.link.sender?.all() ?? [], options, this.parts.link)
  }

  /** A promise of a write's outcome. `post` makes the write, which is sent unless `ready` returns an error. */
  promise(
    post: (watcher: WriteWatcher) => void,
    options: WaitOptions | undefined,
    ready?: Condition,
  ): Promise<WriteOutcome> {
    const watcher = new PutWatcher(this, options, ready)
    try {
      if (!watcher.isOver) post(watcher)
    } catch (error) {
      watcher.reject(error)
      if (error instanceof SwimError) this.failed(error)
    }
    return watcher.promise
  }
}
