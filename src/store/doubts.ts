// Floor 1. Whether a reported remove may be older than the value that it removes (docs/PROTOCOL.md#overtaking).
import type { Marks } from './marks.js'
import { Recent } from './recent.js'

/** The facts about the link that doubts depend on. */
export interface DoubtPort {
  /** Whether the host's removes and clears never arrive after a newer update. */
  readonly keepsOrder: boolean
  /** The time by the client's clock, in milliseconds. */
  readonly nowMs: number
  /** A time at which the socket is known to have delivered all that the host had sent. */
  readonly provenMs: number
}

export class Doubts {
  readonly #port: DoubtPort
  readonly #marks: Marks
  /** The entries updated since the first remove or clear. A lane without removes and clears pays nothing. */
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

  /** A sync has shown that the lane holds an own value. */
  tookOwn(id: unknown): void {
    if (!this.#port.keepsOrder) (this.#own ??= new Recent()).add(id, this.#port.nowMs, this.#port.provenMs)
  }

  /** A sync has ended that named these entries; undefined if it may have named any. */
  synced(named: Set<unknown> | undefined): void {
    this.#updated?.beginWith(named, this.#port.nowMs)
  }

  /** Whether a remove of an entry that comes now may be older than its value. */
  isRecent(id: unknown): boolean {
    if (this.#port.keepsOrder) return false
    if (this.#updated === undefined) {
      // Earlier updates are not known.
      this.#updated = new Recent()
      this.#updated.beginWith(undefined, this.#port.nowMs)
    }
    return this.#marks.has(id) || this.#updated.has(id, this.#port.provenMs)
  }

  /** Whether a doubtful remove concerns an own value. If so, the value goes on to show. */
  isOwn(id: unknown): boolean {
    return this.#own?.has(id, this.#port.provenMs) === true
  }

  /** The socket is lost. What the next socket brings is not older than what this one brought. */
  clear(): void {
    this.#updated?.clear()
  }
}
