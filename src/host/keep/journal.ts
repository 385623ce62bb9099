// Floor 3'. Stores changes before links see them. Without a store there is nothing to wait for.
import type { Clock } from '../../base/clock.js'
import type { Change, LaneStore } from './store.js'

export interface Journal {
  /** Stores `changes`, then runs `tell`; in the order of the calls. */
  record(changes: readonly Change[], tell: () => void): void
  /** Resolves when all that was recorded is stored and sent. */
  settle(): Promise<void>
  /** Whether so many changes wait to be stored that clients should wait too. */
  readonly isBehind: boolean
  /** Calls back, once, when it is no longer behind. */
  whenAhead(go: () => void): void
}

export const memoryJournal: Journal = {
  record: (_, tell) => tell(),
  settle: () => Promise.resolve(),
  isBehind: false,
  whenAhead: go => go(),
}

/** How many waiting changes make clients wait too. */
const most = 10_000

/** Collects the changes of a turn, and those made during a write, into one write. */
export class StoreJournal implements Journal {
  readonly #store: LaneStore
  readonly #clock: Clock
  readonly #fail: (cause: unknown) => void
  #changes = new Map<string, Change>()
  #tells: (() => void)[] = []
  #ahead: (() => void)[] = []
  #writing: Promise<void> | undefined
  #hasFailed = false

  /** @param fail called when the store fails; no later change is sent to clients */
  constructor(store: LaneStore, clock: Clock, fail: (cause: unknown) => void) {
    this.#store = store
    this.#clock = clock
    this.#fail = fail
  }

  get isBehind(): boolean {
    return this.#tells.length >= most
  }

  whenAhead(go: () => void): void {
    if (this.isBehind) this.#ahead.push(go)
    else go()
  }

  record(changes: readonly Change[], tell: () => void): void {
    if (this.#hasFailed) return
    // Of several changes to one entry, the last is stored.
    for (const change of changes) this.#changes.set(`${change.node} ${change.lane} ${change.key}`, change)
    if (this.#writing === undefined && this.#changes.size === 0) return tell()
    this.#tells.push(tell)
    this.#writing ??= this.#write()
  }

  async settle(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    await new Promise<void>(soon => this.#clock.turn(soon))
    try {
      while (this.#tells.length > 0) {
        const changes = [...this.#changes.values()]
        const tells = this.#tells
        this.#changes = new Map()
        this.#tells = []
        if (changes.length > 0) await this.#store.write(changes)
        for (const tell of tells) tell()
        for (const go of this.#ahead.splice(0)) go()
      }
      this.#writing = undefined
    } catch (cause) {
      // A change that could not be stored is never sent, nor is any later one.
      this.#hasFailed = true
      this.#tells = []
      this.#changes = new Map()
      this.#fail(cause)
    }
  }
}
