// Floor 5. What every kind of downlink is made with, and what they all have in common.
import { ClosedError, ReconError, say, SwimError } from '../base/errors.js'
import { Emitter, type ReportFault, type Unsubscribe } from '../base/events.js'
import { parse, type Reader } from '../recon/index.js'
import type { Tap } from '../link/link-port.js'
import type { Write, WriteHome, WriteOutcome, WriteOwner, WriteWatcher } from '../write/write.js'
import type { DownlinkCallbacks } from './callbacks.js'
import { Lifecycle } from './lifecycle.js'
import type { LifecycleOptions, LifecycleOwner } from './lifecycle-port.js'
import type { Changes } from './feed.js'
import type { MapCache } from './map/map-cache.js'
import type { Condition } from './pending.js'
import { PutWatcher } from './put-watcher.js'
import type { Wait, WaitOptions } from './wait.js'

export interface DownlinkParts<C extends DownlinkCallbacks> extends LifecycleOptions {
  readonly reader: Reader
  readonly callbacks: readonly (readonly [type: keyof C, callback: C[keyof C]])[]
  /** How long put and remove wait at most from when they are sent, in milliseconds. */
  readonly writeTimeoutMs: number
  /** Whether what is given out is frozen. */
  readonly freezeValues: boolean
  /** Resolves when all these writes have ended. */
  readonly settled: (writes: readonly Write[], options: WaitOptions | undefined, link: Wait['link']) => Promise<void>
  /** Called with what callbacks throw. */
  readonly fault: ReportFault
  /** What is kept between visits. @throws {ConfigError} where src/cache was not imported */
  readonly cache: () => MapCache
}

/** Who writes, and who hears what became of it, where that is not the writer. */
export interface WriteTo {
  readonly owner: WriteOwner
  readonly watcher?: WriteWatcher | undefined
  /** Whether the write is a change even where its value equals the one that shows: that object may itself have been changed. */
  readonly isForced?: boolean
}

/** What a kind of downlink adds to the life of all. */
export interface DownlinkKind extends LifecycleOwner {
  /** A write of an entry waits, is sent or has ended; of all entries, where `cover` is undefined. */
  pendingChanged(cover: Write['cover']): void
  /** Adds a callback `didChange`, where it has any. */
  onChange?(listener: (changes: Changes<never, never>) => unknown): Unsubscribe
}

/** Callbacks, life and writes of one downlink. */
export class DownlinkCore<C extends DownlinkCallbacks> implements LifecycleOwner, WriteOwner {
  readonly events: Emitter<C>
  readonly life: Lifecycle
  readonly parts: DownlinkParts<C>
  readonly #kind: DownlinkKind
  /** Made when first wanted, as all that only some downlinks need: there may be ten thousand. */
  #tap: Tap | undefined
  /** Own writes that have not ended. */
  pending = 0

  /** @param kind what it adds to the life of all */
  constructor(parts: DownlinkParts<C>, kind: DownlinkKind) {
    this.parts = parts
    this.#kind = kind
    this.events = new Emitter<C>(parts.fault, parts.link.turns)
    this.life = new Lifecycle(parts, this.#common, this)
  }

  /** Where its writes wait. */
  get home(): WriteHome {
    return this.parts.link.writes.sender
  }

  /** Adds the callbacks that the downlink was opened with. Once, when its kind is ready for them, and before its life begins. */
  listen(): void {
    for (const [type, callback] of this.parts.callbacks) this.on(type, callback)
  }

  /** The events of all kinds are among those of this one; TypeScript can't see that of a type parameter. */
  get #common(): Emitter<DownlinkCallbacks> {
    return this.events as unknown as Emitter<DownlinkCallbacks>
  }

  on<T extends keyof C>(type: T, listener: C[T]): Unsubscribe {
    const { link, reader } = this.parts
    if (type === 'didChange' && typeof listener === 'function') return this.#kind.onChange!(listener as never)
    const undo = this.events.on(type, listener)
    if (type === 'onEvent' && !this.life.isClosed) {
      this.#tap ??= (text, bodyAt) => this.#common.emit('onEvent', reader.block(text, bodyAt))
      link.sinks.tap(this.#tap)
    }
    return undo
  }

  get isConnected(): boolean {
    return !this.life.isClosed && this.parts.link.isConnected
  }

  replay(): void {
    this.#kind.replay()
  }

  released(): void {
    if (this.#tap !== undefined) this.parts.link.sinks.untap(this.#tap)
    this.#kind.released()
  }

  /**
   * Makes a write: `post` checks it, shows it, queues it and returns the command's body, undefined where there is nothing to send.
   * It is then reported, and sent where the link allows.
   * @throws {ClosedError} when the downlink is closed
   * @throws {ReconError} when a key or value throws as it is read: a getter, a revoked proxy
   */
  write(post: (to: WriteTo) => string | undefined, watcher?: WriteWatcher, isForced = false): void {
    const { life } = this
    if (life.isClosed) throw life.about(new ClosedError('the downlink is closed; open another to write to its lane'))
    life.start()
    if (life.misfit !== undefined) throw life.misfit
    let body: string | undefined
    try {
      body = post({ owner: this, watcher, isForced })
    } catch (cause) {
      const why = say`what was to be written threw as it was read: ${cause}`
      throw life.about(cause instanceof SwimError ? cause : new ReconError(why, {}, { cause }))
    }
    if (body === undefined) return
    if (this.events.has('onCommand')) this.#common.emit('onCommand', parse(body))
    this.parts.link.writes.flush()
  }

  /** A write that nobody waits for has ended. */
  ended(end: WriteOutcome | SwimError, wasSent: boolean): void {
    // What is on the wire when its downlink closes is not lost, and what was taken back was to be.
    const isWanted = end instanceof ClosedError && (wasSent || end.discarded)
    if (end instanceof SwimError && !isWanted) this.life.report(end)
  }

  made({ cover }: Write): void {
    this.pending++
    this.#kind.pendingChanged(cover)
  }

  changed({ state }: Write, cover: Write['cover']): void {
    this.#kind.pendingChanged(cover)
    if (state === 'done' && --this.pending === 0) this.life.delivered()
  }

  /** See MapDownlink.settled. */
  settled(options: WaitOptions | undefined): Promise<void> {
    return this.parts.settled(this.parts.link.writes.all(), options, this.parts.link)
  }

  /** A promise of what becomes of a write; `post` makes the write, which goes out while `ready` finds nothing against it. */
  promise(
    post: (watcher: WriteWatcher) => void,
    options: WaitOptions | undefined,
    ready?: Condition,
  ): Promise<WriteOutcome> {
    const watcher = new PutWatcher(this, this.parts, options, ready)
    const { waiter } = watcher
    try {
      if (!waiter.isOver) post(watcher)
    } catch (error) {
      waiter.reject(error)
      if (error instanceof SwimError) this.life.failed(error)
    }
    return waiter.promise
  }
}
