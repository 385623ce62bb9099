// What can be wrong with a history. Imports nothing of the client.
import type { Line } from '../lines.js'

export type FaultKind =
  /** A value is shown that the host held before one that this client has shown already. */
  | 'stale'
  /** The same of an entry that was gone here. */
  | 'resurrected'
  /** A value that nobody wrote. */
  | 'ghost'
  /** A value that was written to another key. */
  | 'other key'
  /** A value of another client that the host never held. */
  | 'never held'
  /** A value, or that there is none, before the host held it. */
  | 'too early'
  /** An own write goes back before the host has had it, to what was there before. */
  | 'gave way'
  /** `taken`, and the host did not hold it between the write and the promise. */
  | 'falsely taken'
  /** `discard` took a write back, and the host has held it. */
  | 'not taken back'
  /** The host was said to have taken it, nothing came after it, and it is not there after quiet. */
  | 'lost'
  /** After quiet the map is not the host's. */
  | 'unequal'
  /** After quiet the map is not synced, or promises have not settled. */
  | 'unsettled'
  /** What callbacks told does not make what the map shows. */
  | 'missing callback'
  /** A callback told what had been told. */
  | 'doubled callback'
  /** A callback told another old value than the one told before. */
  | 'wrong old value'
  /** What batches told does not make what the map shows. */
  | 'wrong batches'

export interface Fault {
  readonly kind: FaultKind
  /** Whose history shows it. */
  readonly by: string
  readonly key: string | undefined
  readonly text: string
  /** The line at which it shows. */
  readonly line: Line
}
