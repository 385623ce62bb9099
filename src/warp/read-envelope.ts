// Floor 2. Text to envelope: the head at once, the body when somebody wants it.
import { ProtocolError, say } from '../base/errors.js'
import { Attr, Record, Slot, type Head, type Reader, type Value } from '../recon/index.js'
import { isAboutLane, isEnvelopeTag, type EnvelopeHead } from './envelope.js'

/** The parameters of an attribute: by name, or, where they have none, by position. Of two with one name, the last. */
function readParams(value: Value, names: readonly string[]): { [name: string]: Value } {
  const params: { [name: string]: Value } = Object.create(null) as { [name: string]: Value }
  const isList = Array.isArray(value) || value instanceof Record
  const items: readonly unknown[] = value instanceof Record ? value.items : Array.isArray(value) ? value : [value]
  if (!isList && typeof value === 'object' && value !== null) return Object.assign(params, value)
  items.forEach((item, i) => {
    if (item instanceof Slot) params[String(item.key)] = item.value
    else if (!(item instanceof Attr) && i < names.length) params[names[i]!] = item as Value
  })
  return params
}

/** A URI may come as any scalar: a lane named 5 is spelled as a number. */
const readUri = (value: Value): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value)

/**
 * The head of a frame: what it is, and about which lane. `head` is what the reader has just read of it.
 * @throws {ProtocolError} when the frame is no envelope, or misses its node or lane
 * @throws {ReconError} when it is not even Recon
 * @source docs/PROTOCOL.md#envelopes
 */
export function readEnvelope(text: string, reader: Reader, head: Head | undefined = reader.head(text)): EnvelopeHead {
  const bodyAt = reader.end
  if (head === undefined || !isEnvelopeTag(head.name)) {
    throw new ProtocolError(head === undefined ? 'no envelope' : say`unknown envelope @${head.name}`, text)
  }
  const { name: tag, value } = head
  if (!isAboutLane(tag)) return { tag, node: '', lane: '', prio: 0, rate: 0, bodyAt }
  const params = readParams(value, ['node', 'lane'])
  const node = readUri(params['node'])
  const lane = readUri(params['lane'])
  if (node === undefined || lane === undefined) {
    throw new ProtocolError(say`no ${node === undefined ? 'node' : 'lane'}`, text)
  }
  return { tag, node, lane, prio: Number(params['prio'] ?? 0), rate: Number(params['rate'] ?? 0), bodyAt }
}

/** The name of the attribute that a body starts with, such as the reason of an @unlinked; undefined where it has none. */
export const readTag = (text: string, bodyAt: number, reader: Reader): string | undefined =>
  reader.head(text, bodyAt)?.name
