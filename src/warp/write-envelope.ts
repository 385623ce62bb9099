// Floor 2. Envelopes to text, in the one spelling that every host reads.
import { stringify, type Value } from '../recon/index.js'
import type { EnvelopeTag } from './envelope.js'

/** What a link may be asked to carry beside its address. */
export interface LinkParams {
  /** From -1 to 1. @default 0 */
  readonly prio?: number
  /** @default 0 */
  readonly rate?: number
}

/** `@tag(node:…,lane:…)`: all of an envelope but its body. */
export function writeHead(
  tag: EnvelopeTag,
  node: string,
  lane: string,
  { prio = 0, rate = 0 }: LinkParams = {},
): string {
  let params = `node:${stringify(node)},lane:${stringify(lane)}`
  if (prio !== 0) params += `,prio:${stringify(prio)}`
  if (rate !== 0) params += `,rate:${stringify(rate)}`
  return `@${tag}(${params})`
}

/** A body as it stands behind a head: nothing where it is absent, else one space or none. */
export const writeBody = (body: Value): string => {
  const text = stringify(body)
  return text === '' || text.startsWith('@') || text.startsWith('{') ? text : ` ${text}`
}
