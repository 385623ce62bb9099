// Floor 7. Keeps one lane between visits: stores each change and each sync of the lane's model, and shows the entries of an earlier
// visit.
import type { MapObserver } from '../downlink/map/map-model.js'
import type { LinkSink } from '../link/link-port.js'
import { identity, type Value } from '../recon/index.js'
import type { OrderedMap } from '../store/ordered-map.js'
import type { Write } from '../write/write.js'
import type { Entries } from './entries.js'
import type { When } from './entries-port.js'
import type { Kept } from './unsent.js'
import { Writes, type WritesPort } from './writes.js'

/** How long changes are collected before they are written, in milliseconds. */
const flushMs = 1000

/** The part of the cache that keepers use. */
export interface KeeperPort extends WritesPort {
  /** When the shown entries were last those of the lane, by the wall clock: now, while it is live; undefined if not known. */
  liveMs(): number | undefined
  readonly entries: Entries
  /** The store has failed. */
  failed(cause: unknown): void
  /** Stored writes were added, or have ended. */
  writesChanged(): void
}

export class Keeper implements LinkSink, MapObserver {
  readonly kind: string
  readonly #port: KeeperPort
  readonly #writes: Writes
  hasSynced: boolean
  keepsWrites = false
  /** `off`: nothing is stored any more. `ended`: the last downlink of the lane is closed. */
  state: 'kept' | 'off' | 'ended' = 'kept'
  /** After the end: when the entries were last known to be those of the lane. */
  endedMs: number | undefined
  /** Cancels the wait for writes of other visits. */
  retry: (() => void) | undefined
  #timer: (() => void) | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(port: KeeperPort) {
    this.#port = port
    this.kind = `cache of ${port.model.kind}`
    this.#writes = new Writes(port)
    // The link may be used by other downlinks, or may just have been released by them, and so may be synced already.
    const { sync, phase } = port.link.state
    this.hasSynced = sync && (phase === 'live' || phase === 'stale')
  }

  /** Whether no other tab has the lane open. */
  get isAlone(): boolean {
    return this.#port.model.observers === this
  }

  get lane(): string {
    return this.#port.lane
  }

  /** Shows the stored entries. @param maxAgeMs -1: shows none */
  async begin(maxAgeMs: number): Promise<void> {
    const { entries, link, failed } = this.#port
    try {
      const asOf = await entries.read(maxAgeMs, page => this.seed(page))
      if (asOf !== undefined && !this.hasSynced && this.state === 'kept')
        link.showsCached({ state: 'stale', because: 'cached', asOf })
    } catch (cause) {
      failed(cause)
    }
    this.#later()
  }

  /** Shows entries of which the lane has not sent an event yet. Returns false if a sync, an own clear or a failure came first. */
  seed(entries: Iterable<readonly [Value, Value]>): boolean {
    const { model, writesChanged } = this.#port
    if (this.hasSynced || this.state !== 'kept' || model.pendingClear !== undefined) return false
    // The keeper need not see its own entries, and without one observer each costs half as much.
    model.detach(this)
    try {
      model.seed(entries)
    } finally {
      model.attach(this)
      writesChanged()
    }
    return true
  }

  /** Hides entries of an earlier visit that the lane has not confirmed, and stores nothing from now on. */
  forget(): void {
    this.state = 'off'
    if (this.hasSynced) return
    const { link, model } = this.#port
    const { shown } = model
    for (const id of [...shown.idsAsLaid()]) if (model.covered(id) === undefined) model.hostRemoved(shown.keyOf(id))
    link.showsCached(undefined)
  }

  /** The lane is closed: restored writes that are not sent wait until it is opened again. */
  release(): void {
    this.endedMs = this.#port.liveMs()
    const { link, model } = this.#port
    this.#writes.release()
    model.detach(this)
    link.sinks.delete(this)
    // A lane that is off is not written a last time either.
    if (this.state === 'kept') this.state = 'ended'
    this.retry?.()
  }

  /** Writes all changes now. */
  flush(when: When): Promise<void> {
    this.#timer = void this.#timer?.()
    const { entries, failed } = this.#port
    return (this.#writing = this.#writing.then(async () => {
      if (this.state === 'off' || !this.hasSynced) return
      await entries.write(when).catch(failed)
      if (entries.waitMs > 0) this.#later()
    }))
  }

  /** The writes that are not in the lane, and not stored yet. */
  fresh(): Kept[] {
    return this.#writes.fresh(this.keepsWrites && this.state === 'kept')
  }

  /** Sends writes of an earlier visit, in their order. Later own writes replace them. */
  restore(kept: readonly Kept[]): void {
    this.#writes.restore(kept)
    this.#port.writesChanged()
  }

  // ---- called by the model

  changed(id: unknown, key: Value): void {
    this.#port.entries.touch(id, key)
    this.#later()
  }

  cleared(taken: OrderedMap<Value, Value>): void {
    for (const id of taken.idsAsLaid()) this.changed(id, taken.keyOf(id))
  }

  pendingChanged(cover: Write['cover']): void {
    if (cover !== undefined) this.changed(identity(cover.key as Value), cover.key as Value)
    this.#port.writesChanged()
  }

  faulty(): void {}
  misfit(): void {
    this.state = 'off'
  }
  did(): void {}

  // ---- called by the link

  endSync(): boolean {
    this.hasSynced = true
    this.#later()
    return false
  }
  event(): void {}
  beginSync(): void {}
  restartSyncs(): void {}
  spoilSyncs(): void {}
  abandonSync(): void {}
  gaveUp(): void {}

  #later(): void {
    const { client, entries } = this.#port
    if (!this.hasSynced || this.state !== 'kept' || !entries.isDue) return
    this.#timer ??= client.options.clock.timer(() => void this.flush('due'), Math.max(flushMs, entries.waitMs))
  }
}
