// What a map says of its own writes that have not ended, beside what was written: at every step, after what is taken back, and when
// it closes.
import type { MapDownlink, PendingWrite } from '../../../src/index.js'
import { identity, stringify, type Value } from '../../../src/recon/index.js'
import { isHeard, isSame, repeated } from './values.js'

/** The last write of a key. */
interface Last {
  readonly key: Value
  /** Undefined for a remove, and for an entry without a value. */
  readonly value: Value | undefined
  readonly type: 'set' | 'remove'
  /** Whether its promise goes on; undefined where it has none, or where it ended while the write itself goes on. */
  isOpen: boolean | undefined
}

export class PendingWatch {
  readonly #map: MapDownlink<Value, Value>
  readonly #heard: ReadonlySet<string>
  readonly #fail: (message: string) => void
  readonly #last = new Map<unknown, Last>()
  /** Values that were taken back before they were sent. */
  readonly #withdrawn: Value[] = []
  readonly #takenBack = new Set<unknown>()
  readonly #unfollowed = new Set<unknown>()
  /** A clear covers any entry; a drop or take, whichever it takes away. */
  #hasSwept = false

  /** @param heard the values that the host was told to put */
  constructor(map: MapDownlink<Value, Value>, heard: ReadonlySet<string>, fail: (message: string) => void) {
    this.#map = map
    this.#heard = heard
    this.#fail = fail
  }

  /** A write was made. Returns what to call once its promise has ended; `goesOn`: the write itself has not. */
  wrote(key: Value, type: Last['type'], value: Value | undefined, hasPromise: boolean): (goesOn: boolean) => void {
    const last: Last = { key, type, value, isOpen: hasPromise ? true : undefined }
    this.#last.set(identity(key), last)
    this.#unfollowed.delete(identity(key))
    return goesOn => (last.isOpen = goesOn ? undefined : false)
  }

  /** The last write of a key may be given up without a promise: then the one before it is pending again. */
  lost(id: unknown): void {
    this.#last.delete(id)
    this.#unfollowed.add(id)
  }

  /** A clear, drop or take was made: what is pending before it may end by it. */
  swept(): void {
    this.#hasSwept = true
    for (const last of this.#last.values()) last.isOpen = undefined
  }

  /** Takes back the last write of a key. Returns whether that was done. */
  discard(key: Value): boolean {
    const id = identity(key)
    const was = this.#map.isPending(key)
    const isDone = this.#map.discard(key)
    if (!isDone) return false
    if (!was) this.#fail(`discard(${String(id)}) took back what was not pending`)
    const last = this.#last.get(id)
    if (last !== undefined && isUnique(last)) this.#withdrawn.push(last.value)
    this.#takenBack.add(id)
    // What was sent before it is on its way still.
    this.#last.delete(id)
    const left = this.#pending().get(id)
    if (left?.state === 'waiting' && !this.#hasSwept) this.#fail(`discard(${String(id)}) left a write waiting`)
    if (left !== undefined) this.wrote(key, left.type, left.value, false)
    return true
  }

  /** Whether writes of a key were taken back. */
  hasTakenBack(id: unknown): boolean {
    return this.#takenBack.has(id)
  }

  /** Between two steps: what is pending is what was written and has not ended, and shows. */
  check(): void {
    const map = this.#map
    const pending = this.#pending()
    for (const [id, { key, type, value }] of pending) {
      if (this.#unfollowed.has(id)) continue
      const last = this.#last.get(id)
      const what = `${String(id)} is pending (${type} ${spell(value)})`
      const isSweep = this.#hasSwept && type === 'remove'
      if (last === undefined || last.type !== type) {
        if (!isSweep) this.#fail(`${what}, and was not written`)
      } else if (!isSame(last.value, value)) this.#fail(`${what}, and was written as ${spell(last.value)}`)
      else if (last.isOpen === false && !isSweep) this.#fail(`${what}, and its promise has ended`)
      if (type === 'set' && !isSame(map.get(key), value)) this.#fail(`${what}, and shows as ${spell(map.get(key))}`)
      if (type === 'remove' && map.has(key)) this.#fail(`${what}, and shows`)
    }
    for (const [id, { key, isOpen }] of this.#last) {
      if (map.isPending(key) !== pending.has(id)) this.#fail(`${String(id)}: isPending and pending differ`)
      if (isOpen === true && !map.isPending(key))
        this.#fail(`${String(id)} is not pending, and its promise has not ended`)
    }
  }

  /** What is pending, by identity. */
  #pending(): Map<unknown, PendingWrite<Value> & { readonly key: Value }> {
    return new Map(Array.from(this.#map.pending, ([key, write]) => [identity(key), { ...write, key }]))
  }

  /** The values that wait, or are on their way: what a close has to deliver. */
  undelivered(): Value[] {
    return [...this.#map.pending.values()].filter(isUnique).map(({ value }) => value)
  }

  /** At the end: what was taken back has never gone out. */
  checkWithdrawn(): void {
    for (const value of this.#withdrawn)
      if (isHeard(this.#heard, value)) this.#fail(`${spell(value)} was taken back by discard, and reached the host`)
  }
}

/** Whether no other write is of this value. */
const isUnique = ({ type, value }: Pick<PendingWrite<Value>, 'type' | 'value'>): boolean =>
  type === 'set' && value !== undefined && !isSame(value, repeated) && !isSame(value, {})

const spell = (value: Value | undefined): string => (value === undefined ? 'none' : stringify(value))
