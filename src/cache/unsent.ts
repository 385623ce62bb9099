// Floor 7. The writes of a client that are not in their lanes, kept: those of this visit as they come and end, and those of visits
// that have ended, which are taken over under the lock of each. docs/CACHE.md#writes.
import type { CacheStore } from '../client/caching.js'
import type { Write } from '../write/write.js'
import { allWrites, place, readPage, writePage, writesKey } from './rows.js'

/** A write that is kept. */
export interface Kept {
  /** The operation, as it is sent; what can't be sent again has a question mark before it. */
  readonly body: string
  /** The lane that it is of. */
  readonly lane: string
  /** Whether it is of an earlier visit. */
  readonly isRestored: boolean
  /** Undefined: no map of its lane is open. */
  write: Write | undefined
  /** Whether it need not be kept any more. */
  isOver: boolean
}

interface Row {
  readonly key: string
  readonly kept: readonly Kept[]
  /** How many of them it has in the store. */
  written: number
}

export class Unsent {
  readonly #store: CacheStore
  readonly #visit: string
  #rows: Row[] = []
  #count = 0
  #release: (() => void) | undefined
  readonly #fail: (cause: unknown) => void

  constructor(store: CacheStore, visit: string, fail: (cause: unknown) => void) {
    this.#store = store
    this.#visit = visit
    this.#fail = fail
  }

  /** All that is kept and not over, in order. */
  get all(): Kept[] {
    return this.#rows.flatMap(({ kept }) => kept.filter(({ isOver }) => !isOver))
  }

  /** Keeps writes that are new, and forgets those that are over. */
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
    // A page that holds a lock is not kept to come back to.
    if (this.#rows.length + fresh.length === 0) this.end()
    if (fresh.length > 0) {
      if (!(await this.#lock())) return
      put.push([this.#add(fresh), textOf(fresh)])
    }
    if (put.length + remove.length > 0) await this.#store.write({ put, remove })
  }

  /** Takes over what visits have left that have ended. */
  async takeOver(): Promise<void> {
    const found = await this.#store.read(allWrites)
    const visits = new Set(found.map(([key]) => key.split('\n')[1]!))
    for (const visit of visits) {
      if (visit === this.#visit) continue
      const release = await this.#store.lock(`visit ${visit}`)
      if (release === undefined) continue
      try {
        // Read again: until now it may have gone on.
        const rows = await this.#store.read(writesKey(visit))
        if (rows.length === 0 || !(await this.#lock())) continue
        const put = rows.map(([key, text]) => {
          const [, , , ...lane] = key.split('\n')
          const kept = (readPage(text) ?? []).map(body => keptOf(body, lane.join('\n'), true))
          return [this.#add(kept), textOf(kept)] as const
        })
        await this.#store.write({ remove: [writesKey(visit)], put })
      } finally {
        release()
      }
    }
  }

  /** The visit has ended. */
  end(): void {
    this.#release?.()
    this.#release = undefined
  }

  #add(kept: readonly Kept[]): string {
    const key = `${writesKey(this.#visit)}${place(this.#count++)}\n${kept[0]?.lane ?? ''}`
    this.#rows.push({ key, kept, written: kept.length })
    return key
  }

  async #lock(): Promise<boolean> {
    this.#release ??= await this.#store.lock(`visit ${this.#visit}`)
    if (this.#release === undefined) this.#fail('this platform has no locks, so that it is not known which tab is to send them')
    return this.#release !== undefined
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
