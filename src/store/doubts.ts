// Floor 1. Whether a remove that the host reports may be older than what it removes (docs/PROTOCOL.md#overtaking).
import type { Marks } from './marks.js'
import { Recent } from './recent.js'

/** What doubts go by: the link. */
export interface DoubtPort {
  /** A host whose removes and clears never come behind a newer update. */
  readonly keepsOrder: boolean
  /** By the client's clock, in milliseconds. */
  readonly nowMs: number
  /** A time at which the socket is known to have delivered all that the host had sent. */
  readonly provenMs: number
}

export class Doubts {
  readonly #port: DoubtPort
  readonly #marks: Marks
  /** Entries that were updated, from the first remove or clear on: a lane without any pays nothing. */
  #updated: Recent | undefined
  /** Own writes that a sync has shown to be taken. */
  #own: Recent | undefined

  constructor(port: DoubtPort, marks: Marks) {
    this.#port = port
    this.#marks = marks
  }

  /** The host has reported the value of an entry, outside of a sync. */
  updated(id: unknown): void {
    if (this.#updated !== undefined) this.#updated.add(id, this.#port.nowMs, this.#port.provenMs)
  }

  /** A sync has shown an own value to be the lane's. */
  tookOwn(id: unknown): void {
    if (!this.#port.keepsOrder) (this.#own ??= new Recent()).add(id, this.#port.nowMs, this.#port.provenMs)
  }

  /** A sync has ended that named these entries, or any. */
  synced(named: Set<unknown> | undefined): void {
    this.#updated?.beginWith(named, this.#port.nowMs)
  }

  /** Whether a remove of an entry that comes now may be older than its value. */
  isRecent(id: unknown): boolean {
    if (this.#port.keepsOrder) return false
    if (this.#updated === undefined) {
      // Nothing is known of what came before.
      this.#updated = new Recent()
      this.#updated.beginWith(undefined, this.#port.nowMs)
    }
    return this.#marks.has(id) || this.#updated.has(id, this.#port.provenMs)
  }

  /** Whether a doubtful remove is of an own value, which then goes on to show. */
  isOwn(id: unknown): boolean {
    return this.#own?.has(id, this.#port.provenMs) === true
  }

  /** The socket is lost: what comes on the next is not older than what came on this. */
  clear(): void {
    this.#updated?.clear()
  }
}
