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

/**
 * The address of a lane in a head: `(node:…,lane:…)`. Most hosts spell it alike, so that it also is the key of a lane. It is joined,
 * because a text that is added together stays in memory in two pieces.
 */
export const writeAddress = (node: string, lane: string): string =>
  ['(node:', stringify(node), ',lane:', stringify(lane), ')'].join('')

/** An address with the parameters of a request. */
export function withParams(address: string, { prio = 0, rate = 0 }: LinkParams): string {
  let params = ''
  if (prio !== 0) params += `,prio:${stringify(prio)}`
  if (rate !== 0) params += `,rate:${stringify(rate)}`
  return params === '' ? address : address.slice(0, -1) + params + ')'
}

/** An envelope without its body: `@tag(node:…,lane:…)`. */
export const writeHead = (tag: EnvelopeTag, node: string, lane: string, params: LinkParams = {}): string =>
  `@${tag}${withParams(writeAddress(node, lane), params)}`

/** The text of a body after a head, with a space before it if needed; empty if the body is absent. */
export const writeBody = (body: Value): string => {
  const text = stringify(body)
  return text === '' || text.startsWith('@') || text.startsWith('{') ? text : ` ${text}`
}
