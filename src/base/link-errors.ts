// Floor 0. The errors of a link to one lane: refused or ended by the host, or opened as the wrong kind.
import { excerpt, say } from './excerpt.js'
import { SwimError } from './swim-error.js'

/**
 * A link that the host refused or ended.
 * @example
 * const rooms = client
 *   .downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms' })
 *   .didFail(error => {
 *     if (error instanceof UnlinkedError && error.reason === 'nodeNotFound') console.warn('no node', error.nodeUri)
 *   })
 *   .open()
 */
export class UnlinkedError extends SwimError {
  declare readonly name: 'UnlinkedError'
  /** The stable code of this class. */
  declare readonly code: 'unlinked'

  /** `laneNotFound`, `nodeNotFound`, another tag (at most 120 characters), or `unlinked` where the host gave none. */
  readonly reason: string

  constructor(reason: string, where: string, advice: string) {
    super('unlinked', where + say` was unlinked by its host (${reason}): ` + advice)
    this.reason = excerpt(reason)
  }
}

/** The kind of a lane. Its events show the kind: changes of a map's entries, changes of a list's items, or values. */
export type LaneKind = 'map' | 'value' | 'list'

const adviceOnValues = 'downlinkValue(), or downlinkEvent() where it is a command lane'

/**
 * A downlink of another kind than its lane. Nothing is sent to such a lane.
 * @example
 * try {
 *   await rooms.whenSynced()
 * } catch (error) {
 *   if (error instanceof LaneKindError) console.warn(error.laneUri, 'is a', error.found, 'lane, not a', error.wanted, 'lane')
 * }
 */
export class LaneKindError extends SwimError {
  declare readonly name: 'LaneKindError'
  /** The stable code of this class. */
  declare readonly code: 'laneKind'

  constructor(
    where: string,
    /** The kind that the lane's events show. `value` stands for every lane that is neither map nor list. */
    readonly found: LaneKind,
    /** The kind that the downlink is for. */
    readonly wanted: LaneKind,
  ) {
    const advice = found === 'map' ? 'downlinkMap()' : found === 'list' ? 'downlinkList()' : adviceOnValues
    super('laneKind', where + say` is a ${found} lane, and this is a ${wanted} downlink: open it by ` + advice)
  }
}
