// Floor 7. The stored writes of a client that are not in their lanes yet: those of this visit, and those of ended visits, which are
// taken over under the lock of each visit. docs/CACHE.md#writes.
import type { CacheRow, CacheStore, RestoredWrite } from '../client/caching.js'
import type { MapOpReader } from '../warp/map-op.js'
import type { Write } from '../write/write.js'
import { allWrites, place, readPage, writePage, writesKey } from './rows.js'

/** A stored write. */
export interface Kept {
  /** The operation, as it is sent. A question mark before it means that it can't be sent again. */
  readonly body: string
  /** The lane's name. */
  readonly lane: string
  /** Whether it is from an earlier visit. */
  readonly isRestored: boolean
  /** Undefined while no map of the lane is open. */
  write: Write | undefined
  /** Whether the write need not be stored any more. */
  isOver: boolean
}

interface Row {
  readonly key: string
  readonly kept: readonly Kept[]
  /** How many of the writes are in the store. */
  written: number
}

export class Unsent {
  readonly #store: CacheStore
  readonly #visit: string
  #rows: Row[] = []
  #count = 0
  #release: (() => void) | undefined
  readonly #report: (message: string) => void
  #hasNoLocks = false

  constructor(store: CacheStore, visit: string, report: (message: string) => void) {
    this.#store = store
    this.#visit = visit
    this.#report = report
  }

  /** All stored writes that are not over, in order. */
  get all(): Kept[] {
    return this.#rows.flatMap(({ kept }) => kept.filter(({ isOver }) => !isOver))
  }

  /** Stores new writes, and removes those that are over. */
  async save(fresh: readonly Kept[]): Promise<void> {
    const put: [string, string][] = []
    const remove: string[] = []
    for (const row of this.#rows) {
      const left = row.kept.filter(({ isOver }) => !isOver)
      if (left.length === row.written) continue
      row.written = left.length
      if (left.length === 0) remove.push(row.key)
      else put.push([row.key, textOf(left)])
    }
    this.#rows = this.#rows.filter(({ written }) => written > 0)
    if (fresh.length > 0) {
      if (!(await this.#lock())) return
      for (const lane of new Set(fresh.map(({ lane }) => lane))) {
        const kept = fresh.filter(each => each.lane === lane)
        put.push([this.#add(lane, kept), textOf(kept)])
      }
    }
    if (put.length + remove.length > 0) await this.#store.write({ put, remove })
    // Without this, the lock would keep the page out of the back-forward cache.
    if (this.#rows.length === 0) this.end()
  }

  /**
   * Takes over the writes of a lane from visits that have ended, and passes them to `take`.
   * @returns whether other visits that have not ended, or are being taken over, hold writes of the lane
   */
  async takeOver(lane: string, take: (kept: readonly Kept[]) => void): Promise<boolean> {
    const isOf = ([key]: CacheRow) => key.split('\n').slice(3).join('\n') === lane
    const found = (await this.#store.read(allWrites)).filter(isOf)
    let isMore = false
    const taken: Kept[] = []
    for (const visit of new Set(found.map(([key]) => key.split('\n')[1]!))) {
      if (visit === this.#visit) continue
      const release = await this.#store.lock(`visit ${visit}`)
      isMore ||= release === undefined
      if (release === undefined) continue
      try {
        // Reads again under the lock: the other visit may have changed its writes until now.
        const rows = (await this.#store.read(writesKey(visit))).filter(isOf)
        if (rows.length === 0 || !(await this.#lock())) continue
        const put = rows.map(([, text]) => {
          const bodies = readPage(text)
          if (bodies === undefined) this.#report('writes that an earlier visit has left can not be read, and are lost')
          const kept = (bodies ?? []).map(body => keptOf(body, lane, true))
          taken.push(...kept)
          return [this.#add(lane, kept), textOf(kept)] as const
        })
        await this.#store.write({ remove: rows.map(([key]) => key), put })
      } finally {
        release()
      }
    }
    take(taken)
    return isMore
  }

  /** A lane is closed: leaves its unsent writes to the next tab that opens it. @param name a name that no visit has */
  async leave(lane: string, name: string): Promise<void> {
    const rows = this.#rows.filter(({ key }) => key.endsWith(`\n${lane}`))
    this.#rows = this.#rows.filter(row => !rows.includes(row))
    const put = rows.map(({ key, kept }) => {
      const left = kept.filter(({ isOver }) => !isOver)
      return [writesKey(name) + key.slice(writesKey(this.#visit).length), textOf(left)] as const
    })
    if (rows.length > 0) await this.#store.write({ remove: rows.map(({ key }) => key), put })
  }

  /** Ends the visit. */
  end(): void {
    this.#release?.()
    this.#release = undefined
  }

  #add(lane: string, kept: readonly Kept[]): string {
    const key = `${writesKey(this.#visit)}${place(this.#count++)}\n${lane}`
    this.#rows.push({ key, kept, written: kept.length })
    return key
  }

  async #lock(): Promise<boolean> {
    if (this.#hasNoLocks) return false
    this.#release ??= await this.#store.lock(`visit ${this.#visit}`)
    this.#hasNoLocks = this.#release === undefined
    if (this.#hasNoLocks) this.#report('writes are not kept: without locks nobody knows which tab is to send them')
    return !this.#hasNoLocks
  }
}

export const keptOf = (body: string, lane: string, isRestored: boolean, write?: Write): Kept => ({
  body,
  lane,
  isRestored,
  write,
  isOver: false,
})

const textOf = (kept: readonly Kept[]): string => writePage(kept.map(({ body }) => body))

/** A stored write, as the application sees it. */
export function restoredOf({ body, lane }: Kept, ops: MapOpReader): RestoredWrite {
  const [hostUri, nodeUri, laneUri] = lane.split(' ') as [string, string, string]
  const op = ops.demand(body.replace(/^\?/, ''), 0)
  const { key, value } = ops
  const [type, has] = op === 'update' ? (['set', true] as const) : ([op === 'remove' ? op : 'clear', false] as const)
  return { hostUri, nodeUri, laneUri, type, key: type === 'clear' ? undefined : key, value: has ? value : undefined }
}
