// Floor 5. What of own writes is not in the lane yet: how it is described, taken back, and made conditional.
import { dateOf, type Clock } from '../base/clock.js'
import { ClosedError, ConflictError, say, type SwimError } from '../base/errors.js'
import { stringify, type Value } from '../recon/index.js'
import type { Covered, Gone } from '../store/covered.js'
import { gone } from '../store/covered.js'
import type { Write } from '../write/write.js'
import { isAlike } from './echo.js'
import type { WaitOptions } from './wait.js'

/** An own write that is not in the lane yet, as far as is known: the last of its entry. */
export interface PendingWrite<V> {
  /** Whether the entry is to be set, or removed. */
  readonly type: 'set' | 'remove'
  /** What is to be set. */
  readonly value?: V
  /** `waiting` for its link; `sent`, and not answered. */
  readonly state: 'waiting' | 'sent'
  /** Since when it waits, or when it was sent last. */
  readonly since: Date
  /** What the lane has, as far as is known: undefined where it has no such entry. */
  readonly under: V | undefined
}

/** How a write's promise may end. */
export interface PutOptions extends WaitOptions {
  /**
   * Whether it is sent only if the lane still has what was shown when the call was made; the promise rejects with ConflictError if
   * not. The client compares, not the host: a change that is on its way while the write is sent goes unseen. @default false
   */
  readonly unlessChanged?: boolean
}

/** The last write that covers an entry, its own or a clear of all; undefined where none does. */
function writeOf(entry: Covered<unknown, Value>, clear: Write | undefined): Write | undefined {
  const write = (entry.newest ?? (entry.isPastClears ? undefined : clear)) as Write | undefined
  return write === clear && entry.truth === gone ? undefined : write
}

/** Whether the last write that covers an entry waits or is sent. O(1). */
export function pendingState(
  entry: Covered<unknown, Value> | undefined,
  clear?: Write,
): PendingWrite<never>['state'] | undefined {
  const write = entry && writeOf(entry, clear)
  return write && (write.state === 'waiting' ? 'waiting' : 'sent')
}

/** What is pending of an entry. */
export function pendingOf<V>(
  entry: Covered<unknown, Value>,
  clear: Write | undefined,
  clock: Clock,
  decode: (wire: Value | Gone) => V | undefined,
): PendingWrite<V> | undefined {
  const write = writeOf(entry, clear)
  const state = pendingState(entry, clear)
  if (write === undefined || state === undefined) return undefined
  const since = dateOf(clock, write.sinceMs)
  const under = decode(entry.truth)
  if (write === clear || write.value === gone) return { type: 'remove', state, since, under }
  return { type: 'set', value: decode(write.value) as V, state, since, under }
}

/** Takes back the writes of an entry that were never sent. Returns whether the newest was one. */
export function discard(entry: Covered<unknown, Value> | undefined): boolean {
  let isDone = false
  for (;;) {
    const write = entry?.newest as Write | undefined
    if (write?.isFresh !== true) return isDone
    write.end(new ClosedError('the write was taken back by discard(), before it was sent', true))
    isDone = true
  }
}

/** What a write asks before it goes out, each time: an error ends it unsent. */
export type Condition = () => SwimError | undefined

/** That the lane has what was shown, or what it had, when the write was made. */
export function unlessChanged(
  entry: () => Covered<unknown, Value> | undefined,
  shown: Value | Gone,
  app: { readonly key: unknown; readonly mine: unknown; readonly base: unknown; decode(wire: Value | Gone): unknown },
): Condition {
  const had = entry()?.truth ?? shown
  const isSame = (a: Value | Gone, b: Value | Gone) => (a === gone || b === gone ? a === b : isAlike(a, b))
  return () => {
    const theirs = entry()?.truth ?? gone
    if (isSame(theirs, shown) || isSame(theirs, had)) return undefined
    const { key, mine, base } = app
    const what = key === undefined ? 'the value' : say`the entry of key ${stringify(key as Value)}`
    const message = `the lane changed ${what} after it was shown; read what it has now (theirs), and decide again`
    return new ConflictError(message, key, mine, app.decode(theirs), base)
  }
}
