// Floor 7. The stored writes of one lane: finds those that are new or over, and sends those of an earlier visit again.
import { about, say, SwimError } from '../base/errors.js'
import type { CachedClient } from '../client/caching.js'
import type { DownlinkCore } from '../downlink/parts.js'
import type { MapModel } from '../downlink/map/map-model.js'
import type { Link } from '../link/link.js'
import { identity } from '../recon/index.js'
import type { MapOpReader } from '../warp/map-op.js'
import type { Write, WriteHome, WriteOutcome, WriteOwner } from '../write/write.js'
import { CacheError } from './cache-error.js'
import { keptOf, type Kept } from './unsent.js'

export interface WritesPort {
  readonly client: CachedClient
  /** The name of the lane. */
  readonly lane: string
  readonly link: Link
  readonly model: MapModel
  readonly ops: MapOpReader
}

export class Writes implements WriteOwner {
  readonly home: WriteHome
  readonly #port: WritesPort
  readonly #known = new Map<Write, Kept>()
  /** The write that is being sent again. */
  #posted: Kept | undefined
  /** Whether the write that ends next was given back unsent, because the lane was closed. */
  #isGivenBack = false

  constructor(port: WritesPort) {
    this.#port = port
    this.home = port.link.writes
  }

  /**
   * The writes that are not in the lane, and were not returned before. Writes that have ended are marked as over.
   * @param isWanted whether to return new writes at all
   */
  fresh(isWanted: boolean): Kept[] {
    const { link, model, lane } = this.#port
    const fresh: Kept[] = []
    for (const write of isWanted ? link.writes.all() : []) {
      const { cover, kind, watcher } = write
      const isOurs =
        cover === undefined ? /^(clear|drop|take)$/.test(kind) : model.covered(identity(write.key)) === cover
      // A write that another keeper resends is stored already. A closed map reports the outcomes of its own writes.
      const { owner } = write
      const isKept = owner instanceof Writes || (owner as Partial<DownlinkCore<never>>).isClosed === true
      if (!isOurs || isKept || this.#known.has(write)) continue
      // A conditional write compares with what was shown at that time. A drop or take would remove other entries the next time.
      const isRepeatable = watcher.ready === undefined && kind !== 'drop' && kind !== 'take'
      const kept = keptOf((isRepeatable ? '' : '?') + write.body, lane, false, write)
      this.#known.set(write, kept)
      fresh.push(kept)
    }
    for (const [write, kept] of this.#known) {
      if (write.state !== 'done') continue
      kept.isOver = true
      this.#known.delete(write)
    }
    return fresh
  }

  /** Sends writes of an earlier visit, in their order. Later own writes replace them. */
  restore(kept: readonly Kept[]): void {
    const { model, link, ops } = this.#port
    const newer = new Set(model.coveredEntries().keys())
    const isCleared = model.pendingClear !== undefined
    for (const each of kept) {
      const body = each.body.replace(/^\?/, '')
      try {
        const op = ops.demand(body, 0)
        const isSure = op === 'update' || op === 'remove' || (op === 'clear' && newer.size === 0)
        if (body !== each.body || !isSure) {
          const why = 'was not in its lane when a visit ended, and is not sent again: it would not mean the same now'
          throw new CacheError(say`${body} ` + why)
        }
        each.isOver = isCleared || (op !== 'clear' && newer.has(identity(ops.key)))
        if (each.isOver) continue
        this.#posted = each
        const to = { owner: this }
        if (op === 'update') model.set(ops.key, ops.value, to)
        else if (op === 'remove') model.remove(ops.key, to)
        else model.clear(to)
      } catch (error) {
        each.isOver = true
        this.#report(error as SwimError)
      }
    }
    link.writes.flush()
  }

  /** The lane is closed. New writes end with their owners, which report them. Resent writes wait until the lane is opened again. */
  release(): void {
    for (const [write, kept] of this.#known) kept.isOver ||= write.owner !== this
    this.#port.link.writes.release(this)
  }

  // The owner of the resent writes.

  made(write: Write): void {
    this.#posted!.write = write
    this.#known.set(write, this.#posted!)
    this.#port.model.pendingChanged(write.cover)
  }

  ended(end: WriteOutcome | SwimError): void {
    this.#isGivenBack = end instanceof SwimError && end.code === 'closed' && !end.discarded
    if (end instanceof SwimError && end.code !== 'closed') this.#report(end)
  }

  changed(write: Write, cover: Write['cover']): void {
    // The write is sent when the lane is opened again.
    if (write.state === 'done' && this.#isGivenBack) {
      this.#known.get(write)!.write = undefined
      this.#known.delete(write)
      this.#isGivenBack = false
    }
    this.#port.model.pendingChanged(cover)
  }

  #report(error: SwimError): void {
    const { client, link } = this.#port
    client.report(about(error, link.at), link.at)
  }
}
