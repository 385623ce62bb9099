// Whether what a write's promise says of it is true, as far as a client can know it (docs/PROTOCOL.md#outcomes).
//
// - `taken`: the lane has held the value after the write was made. Of a value that was written before, by anybody, it may have held it
//   before the write: the event of that one and the echo of this are one and the same frame. Of a remove: it has been without the
//   entry since it held what showed when the write was made.
// - `superseded`: something else happened to the entry since what showed at the time, or the client wrote to it again; or the lane was
//   cleared or cut since, or the link was lost, and with it what the lane said.
// - `refused`: the lane has never held it since; or what it held before came back, as a host that folds the two only says that.
// - `RefusedError`: the host hung up over that command, or two sockets ended with it on the wire.
// - Nothing was refused that the lane was not told.
import { stringify, type Value } from '../../../src/recon/index.js'
import { SwimError } from '../../../src/index.js'
import type { HostLane } from '../../support/host-lane.js'
import { isSame, repeated } from './values.js'

export interface Made {
  readonly lane: HostLane
  readonly id: unknown
  /** As the host spells it; undefined for a remove. */
  readonly value: Value | undefined
  /** Whether the lane takes such a value, as it is or as another. */
  readonly isTasty: boolean
  /** How long the lane's history was. */
  readonly madeAt: number
  /** The place of what showed at the key when the write was made; -1 where the lane has never held that, or nothing showed. */
  readonly knownAt: number
  /** Whether the client has written to the entry again since. */
  readonly isWrittenAgain: () => boolean
  /** Whether the client has been linked again since. */
  readonly wasInterrupted: () => boolean
  /** Whether a hang-up may be about it. */
  readonly isHungUpOver: () => boolean
  readonly isClosed: () => boolean
}

/** What is untrue of an outcome; undefined where nothing is. */
export function lieOf(made: Made, end: unknown): string | undefined {
  const { lane, id, value, madeAt, knownAt } = made
  const isUnique = value !== undefined && !isSame(value, repeated) && !isSame(value, {})
  const held = lane.placeOf(id, value, isUnique ? madeAt : 0)
  if (end === 'taken') {
    // A key that has just gone is named without a value, too: where entries have none, the two can't be told apart.
    if (isSame(value, {})) return undefined
    if (value !== undefined) return held === undefined ? `taken, and the lane never held it` : undefined
    const wasWithout = knownAt < 0 || lane.placeOf(id, undefined, knownAt) !== undefined
    return wasWithout ? undefined : `the remove is taken, and the lane has had the entry all along`
  }
  if (end === 'superseded') {
    const isSwept = lane.sweeps.some(place => place >= knownAt)
    const isChanged =
      isSwept ||
      made.wasInterrupted() ||
      lane.putsOf(id).some(put => put.place > knownAt && !(isUnique && isSame(put.value, value)))
    return isChanged || made.isWrittenAgain() ? undefined : `superseded, and nothing else happened to the entry`
  }
  if (end === 'refused') {
    // What the lane took, as it was or as another, was followed by what it has.
    const isPutBack = lane.putsOf(id).filter(({ place }) => place >= (held ?? madeAt)).length > 1
    if (isUnique && held !== undefined && !isPutBack) return `refused, and the lane holds it`
    return isUnique && !isPutBack && made.isTasty && !made.isHungUpOver()
      ? `refused, and the lane refuses no such value`
      : undefined
  }
  if (!(end instanceof SwimError)) return `ended by ${String(end)}`
  switch (String(end.code)) {
    case 'timeout':
    case 'overflow':
      return undefined
    case 'closed':
      return made.isClosed() ? undefined : `ended by ${end.message}`
    case 'refused':
      return made.isHungUpOver() ? undefined : `rejected, and no host hung up over it: ${end.message}`
    default:
      return `ended by ${end.message}`
  }
}

/** For messages. */
export const nameOf = ({ id, value }: Made): string =>
  `${String(id)}=${value === undefined ? 'none' : stringify(value)}`
