// Floor 2. Reads envelopes: the head at once, the body only when it is needed.
import { maxUriChars } from '../base/address.js'
import { ProtocolError, say } from '../base/errors.js'
import { Attr, Record, Slot, type Reader, type Value } from '../recon/index.js'
import { isAboutLane, isEnvelopeTag, type EnvelopeHead } from './envelope.js'

/** A name or URI, from any scalar: a lane named 5 is spelled as a number. Records mean nothing; they have their own `toString`. */
const textOf = (value: Value): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value)

/** The number that a value stands for: 0 if the value is missing, NaN if it is not a number. */
export const numberOf = (value: Value): number => (typeof value === 'object' && value ? NaN : Number(value ?? 0))

/** The parameters of an attribute: by name or, without a name, by position. If a name comes twice, the last one counts. */
function readParams(value: Value, names: readonly string[]): { [name: string]: Value } {
  const params: { [name: string]: Value } = Object.create(null) as { [name: string]: Value }
  const isList = Array.isArray(value) || value instanceof Record
  const items: readonly unknown[] = value instanceof Record ? value.items : Array.isArray(value) ? value : [value]
  if (!isList && typeof value === 'object' && value !== null) return Object.assign(params, value)
  items.forEach((item, i) => {
    if (item instanceof Slot) params[textOf(item.key) ?? ''] = item.value
    else if (!(item instanceof Attr) && i < names.length) params[names[i]!] = item as Value
  })
  return params
}

/**
 * The head of a frame: its kind, and its lane.
 * @param mostUriChars how long node and lane may be before they are made canonical. A canonical URI is up to nine times as long
 * @throws {ProtocolError} when the frame is not an envelope, or its node or lane is missing or too long
 * @throws {ReconError} when the frame is not even Recon
 * @source docs/PROTOCOL.md#envelopes
 */
export function readEnvelope(text: string, reader: Reader, mostUriChars: number = maxUriChars): EnvelopeHead {
  const head = reader.head(text)
  const bodyAt = reader.end
  if (head === undefined || !isEnvelopeTag(head.name)) {
    throw new ProtocolError(head === undefined ? 'no envelope' : say`unknown envelope @${head.name}`, text)
  }
  const { name: tag, value } = head
  if (!isAboutLane(tag)) return { tag, node: '', lane: '', prio: 0, rate: 0, bodyAt }
  const params = readParams(value, ['node', 'lane'])
  const node = textOf(params['node'])
  const lane = textOf(params['lane'])
  if (node === undefined || lane === undefined) {
    throw new ProtocolError(say`no ${node === undefined ? 'node' : 'lane'}`, text)
  }
  if (Math.max(node.length, lane.length) > mostUriChars)
    throw new ProtocolError(say`a URI has more than ${mostUriChars} characters`, text)
  return { tag, node, lane, prio: numberOf(params['prio']), rate: numberOf(params['rate']), bodyAt }
}

/** The name of the attribute at the start of a body, such as the reason of an @unlinked; undefined if there is none. */
export const readTag = (text: string, bodyAt: number, reader: Reader): string | undefined =>
  reader.head(text, bodyAt)?.name
