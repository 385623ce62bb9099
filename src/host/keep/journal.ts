// Floor 3'. Stores changes before links see them. Without a store there is nothing to wait for.
import type { Clock } from '../../base/clock.js'
import type { Change, LaneStore } from './store.js'

export interface Journal {
  /** Stores `changes`, then runs `publish`; in the order of the calls. */
  record(changes: readonly Change[], publish: () => void): void
  /** Resolves when everything recorded is stored and sent. */
  settle(): Promise<void>
  /** Whether so many changes wait for the store that clients should wait too. */
  readonly isBehind: boolean
  /** Calls `go` once, when the journal is no longer behind. */
  whenAhead(go: () => void): void
}

export const memoryJournal: Journal = {
  record: (_, publish) => publish(),
  settle: () => Promise.resolve(),
  isBehind: false,
  whenAhead: go => go(),
}

/** From how many waiting changes on clients have to wait too. */
const most = 10_000

/** Collects the changes of a turn, and those made during a write, for one write. */
export class StoreJournal implements Journal {
  readonly #store: LaneStore
  readonly #clock: Clock
  readonly #fail: (cause: unknown) => void
  #changes = new Map<string, Change>()
  #publishers: (() => void)[] = []
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
    return this.#publishers.length >= most
  }

  whenAhead(go: () => void): void {
    if (this.isBehind) this.#ahead.push(go)
    else go()
  }

  record(changes: readonly Change[], publish: () => void): void {
    if (this.#hasFailed) return
    // Of several changes to one entry, only the last is stored.
    for (const change of changes) this.#changes.set(`${change.node} ${change.lane} ${change.key}`, change)
    if (this.#writing === undefined && this.#changes.size === 0) return publish()
    this.#publishers.push(publish)
    this.#writing ??= this.#write()
  }

  async settle(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    await new Promise<void>(soon => this.#clock.turn(soon))
    try {
      while (this.#publishers.length > 0) {
        const changes = [...this.#changes.values()]
        const publishers = this.#publishers
        this.#changes = new Map()
        this.#publishers = []
        if (changes.length > 0) await this.#store.write(changes)
        for (const publish of publishers) publish()
        for (const go of this.#ahead.splice(0)) go()
      }
      this.#writing = undefined
    } catch (cause) {
      // If a change can't be stored, neither this change nor any later one is sent.
      this.#hasFailed = true
      this.#publishers = []
      this.#changes = new Map()
      this.#fail(cause)
    }
  }
}
