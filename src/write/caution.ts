// Floor 3. Which write it is that a host closes its socket over. A close names none, so the suspects go out by few at a time, and
// all else goes on (docs/PROTOCOL.md#writes-that-a-host-hangs-up-on).
import { RefusedError, say, type SwimError } from '../base/errors.js'
import type { Write } from './write.js'

/** How many suspects go out alone, one after another, before more than one is risked at a time. */
const alone = 8

const tooBig = 1009

/**
 * The write that a socket ended over, out of those on the wire at its end; undefined while that is not known. Each of them
 * is counted to have lost one more socket.
 */
export function findCulprit(underWay: readonly Write[], end: SocketEnd): Write | undefined {
  for (const write of underWay) write.losses++
  const isAlone = underWay.length === 1 && !end.isUnsure
  if (end.closeCode === tooBig && !end.isUnsure)
    return underWay.reduce((a, b) => (b.body.length > a.body.length ? b : a), underWay[0]!)
  if (end.isForbidden && isAlone) return underWay[0]
  const [worst, other] = [...underWay].sort((a, b) => b.losses - a.losses)
  if (worst === undefined || worst.losses < 2 || worst.losses === other?.losses) return undefined
  // Beside others that are new on the wire, or that have ended there, it may be one of them: once more.
  return isAlone || worst.losses > 2 ? worst : undefined
}

/** Lets suspects go out again: one at a time at first, then twice as many each time. */
export class Caution {
  #isOn = false
  #underWay = 0
  #passed = 0
  #most = 1

  /** Whether a write may be sent now; counts it where it is a suspect. */
  mayRisk({ losses }: Write): boolean {
    if (!this.#isOn || losses === 0) return true
    if (this.#underWay >= this.#most) return false
    this.#underWay++
    return true
  }

  /** A suspect that was sent has ended, and the socket has not. Returns whether others may follow. */
  passed(): boolean {
    if (!this.#isOn || --this.#underWay > 0) return false
    if (++this.#passed >= alone) this.#most *= 2
    return true
  }

  /**
   * The socket has ended. Gives up the write that it ended over, where that is known. Returns whether it gave one up.
   * @param underWay the writes that were on the wire
   */
  ended(underWay: readonly Write[], end: SocketEnd, hostUrl: string): boolean {
    const { isPeers, isFault, isForbidden, closeCode, cause } = end
    // What the client ended by itself, it ended over no write.
    const culprit = isPeers ? findCulprit(underWay, end) : undefined
    // A loss alone is everyday: what was on the wire goes out at once the first time, and with care the second.
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
  /** Whether the host or the network ended it, and not the client. */
  readonly isPeers: boolean
  /** Whether the host says that something was wrong with it. */
  readonly isFault: boolean
  /** Whether the host says that it forbids a command. */
  readonly isForbidden: boolean
  /** Whether writes that have ended may have been on the wire as well. */
  readonly isUnsure: boolean
}
