// Floor 5. Own writes that are not in the lane yet: how they are described, taken back, and made conditional.
import { dateOf, type Clock } from '../base/clock.js'
import { ClosedError, ConflictError, say, type SwimError } from '../base/errors.js'
import { stringify, type Value } from '../recon/index.js'
import type { Covered, Gone } from '../store/covered.js'
import { gone } from '../store/covered.js'
import type { Write } from '../write/write.js'
import { isAlike } from './echo.js'
import type { WaitOptions } from './wait.js'

/** The last own write of an entry that is not in the lane yet, as far as the client knows. */
export interface PendingWrite<V> {
  /** Whether it sets or removes the entry. */
  readonly type: 'set' | 'remove'
  /** The value of a `set`. */
  readonly value?: V
  /** `waiting` for its link, or `sent` and not answered. */
  readonly state: 'waiting' | 'sent'
  /** When it began to wait, or was last sent. */
  readonly since: Date
  /** The lane's value, as far as the client knows; undefined where it has no such entry. */
  readonly under: V | undefined
}

/** Options of a write with a promise. */
export interface PutOptions extends WaitOptions {
  /**
   * Whether the write is sent only while the lane still has the value that was shown at the call; otherwise the promise rejects with
   * ConflictError. The client compares, not the host: it misses a change that is under way when the write is sent. @default false
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

/** The pending write of an entry. */
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

/** Takes back the writes of an entry that were never sent. Returns whether the newest was never sent. */
export function discard(entry: Covered<unknown, Value> | undefined): boolean {
  let isDone = false
  for (;;) {
    const write = entry?.newest as Write | undefined
    if (write?.isFresh !== true) return isDone
    write.end(new ClosedError('the write was taken back by discard(), before it was sent', true))
    isDone = true
  }
}

/** Checked each time before a write is sent: an error ends the write unsent. */
export type Condition = () => SwimError | undefined

/** The condition that the lane's value is the shown value, or the lane's own value, as of when the write was made. */
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
