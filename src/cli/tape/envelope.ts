// Floor 9. Reads the address of a frame, of a tape or of a client.
import { Attr, parse, Record, stringify, type Value } from 'swimlink/recon'
import { fieldsOf } from '../values.js'

export interface Envelope {
  readonly tag: string
  /** Without queries and fragments: tapes leave them out. */
  readonly nodeUri: string
  readonly laneUri: string
  /** A text that is the same for equal frames, however they are spelled. */
  readonly spelled: string
}

const bare = (uri: string): string => uri.replace(/[?#].*$/s, '')

/** The first attribute of a frame: its name and value. */
function headOf(read: Value): readonly [string, Value] | undefined {
  if (read instanceof Record) {
    const [first] = read.items
    return first instanceof Attr ? [first.name, first.value] : undefined
  }
  const [first] = Object.entries(fieldsOf(read) ?? {})
  return first?.[0].startsWith('@') === true ? [first[0].slice(1), first[1]] : undefined
}

/** `node` and `lane`, given by name or by position. */
function lanesOf(value: Value): readonly [Value, Value] {
  if (Array.isArray(value)) return [value[0] as Value, value[1] as Value]
  const { node, lane } = fieldsOf(value) ?? {}
  return [node, lane]
}

/** Reads a frame; undefined if the frame is not an envelope. */
export function envelopeOf(text: string): Envelope | undefined {
  let read: Value
  try {
    read = parse(text)
  } catch {
    return undefined
  }
  const [tag, params] = headOf(read) ?? []
  if (tag === undefined) return undefined
  const [node, lane] = lanesOf(params)
  const isOfHost = /^(de)?auth(ed)?$/.test(tag)
  if (!isOfHost && (typeof node !== 'string' || typeof lane !== 'string')) return undefined
  return {
    tag,
    nodeUri: isOfHost ? '' : bare(node as string),
    laneUri: isOfHost ? '' : bare(lane as string),
    spelled: isOfHost ? tag : stringify(read),
  }
}

/** A frame from a host about a lane. */
export const respond = (tag: string, { nodeUri, laneUri }: Envelope, body = ''): string =>
  `${stringify(new Record([new Attr(tag, { node: nodeUri, lane: laneUri })]))}${body}`
