// Floor 4. The errors of a link.
import { say, TimeoutError, UnlinkedError } from '../base/errors.js'

/** The host has refused the link. @param reason as the host says it */
export function refusalOf(reason: string, where: string): UnlinkedError {
  const [, missing] = /^(lane|node)NotFound$/.exec(reason) ?? []
  const advice = missing === undefined ? '' : `check the ${missing}Uri; `
  return new UnlinkedError(reason, where, advice + 'the client asks for it again')
}

/** The host has not answered a request within `afterMs`. */
export function silenceOf(where: string, afterMs: number): TimeoutError {
  const late = say`${where} did not answer within ${afterMs} ms`
  return new TimeoutError(late + ': its host may be busy, or no WARP host. The client asks again', afterMs)
}
