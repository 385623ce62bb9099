// Floor 2. Writes envelopes in a spelling that every host reads.
import { stringify, type Value } from '../recon/index.js'
import type { EnvelopeTag } from './envelope.js'

/** The parameters of a link beside its address. */
export interface LinkParams {
  /** From -1 to 1. @default 0 */
  readonly prio?: number
  /** @default 0 */
  readonly rate?: number
}

/** An envelope without its body: `@tag(node:…,lane:…)`. */
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

/** The text of a body after a head, with a space before it if needed; empty if the body is absent. */
export const writeBody = (body: Value): string => {
  const text = stringify(body)
  return text === '' || text.startsWith('@') || text.startsWith('{') ? text : ` ${text}`
}
