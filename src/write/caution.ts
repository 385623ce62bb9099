// Floor 3. Finds the write that makes a host close its socket. A close names no write, so suspects are sent a few at a time, while
// other writes go on (docs/PROTOCOL.md#writes-that-a-host-hangs-up-on). A suspect was on the wire when a socket ended.
import { RefusedError, say, type SwimError } from '../base/errors.js'
import type { Write } from './write.js'

/** How many suspects are sent alone, one after another, before several are sent at a time. */
const alone = 8

const tooBig = 1009

/**
 * The culprit: the write that made the socket end, out of those on the wire then; undefined while unknown. Adds one to the
 * `losses` of each.
 */
export function findCulprit(underWay: readonly Write[], end: SocketEnd): Write | undefined {
  for (const write of underWay) write.losses++
  const isAlone = underWay.length === 1 && !end.isUnsure
  if (end.closeCode === tooBig && !end.isUnsure)
    return underWay.reduce((a, b) => (b.body.length > a.body.length ? b : a), underWay[0]!)
  if (end.isForbidden && isAlone) return underWay[0]
  const [worst, other] = [...underWay].sort((a, b) => b.losses - a.losses)
  if (worst === undefined || worst.losses < 2 || worst.losses === other?.losses) return undefined
  // If other writes are new on the wire, or have ended there, one of those may be the culprit: try once more.
  return isAlone || worst.losses > 2 ? worst : undefined
}

/** Lets suspects be sent again: one at a time at first, then twice as many each time. */
export class Caution {
  #isOn = false
  #underWay = 0
  #passed = 0
  #most = 1

  /** Whether a write may be sent now. If the write is a suspect, counts it as sent. */
  mayRisk({ losses }: Write): boolean {
    if (!this.#isOn || losses === 0) return true
    if (this.#underWay >= this.#most) return false
    this.#underWay++
    return true
  }

  /** A sent suspect has ended while the socket is still open. Returns whether others may follow. */
  passed(): boolean {
    if (!this.#isOn || --this.#underWay > 0) return false
    if (++this.#passed >= alone) this.#most *= 2
    return true
  }

  /**
   * The socket has ended. If the culprit is known, gives that write up. Returns whether a write was given up.
   * @param underWay the writes that were on the wire
   */
  ended(underWay: readonly Write[], end: SocketEnd, hostUrl: string): boolean {
    const { isPeers, isFault, isForbidden, closeCode, cause } = end
    // If the client ended the socket itself, no write is the culprit.
    const culprit = isPeers ? findCulprit(underWay, end) : undefined
    // A loss alone is common. After a first loss, writes on the wire are sent again at once; after a second, as suspects.
    this.#isOn = isFault || underWay.some(({ losses }) => losses > 1)
    this.#underWay = this.#passed = 0
    this.#most = 1
    if (culprit === undefined) return false
    const why = isForbidden ? 'forbids' : `ended the socket (${closeCode}) over`
    const message = say`${hostUrl} ${why} ${culprit.body}; the client does not send it again`
    culprit.end(new RefusedError(message, culprit.key, { cause }))
    return true
  }
}

/** How a socket ended. */
export interface SocketEnd {
  readonly cause: SwimError | undefined
  readonly closeCode: number
  /** Whether the host or the network ended the socket, and not the client. */
  readonly isPeers: boolean
  /** Whether the host's close code reports a fault. */
  readonly isFault: boolean
  /** Whether the host says that a command is forbidden. */
  readonly isForbidden: boolean
  /** Whether writes that have ended may have been on the wire as well. */
  readonly isUnsure: boolean
}
