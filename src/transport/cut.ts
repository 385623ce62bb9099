// Floor 1. Which bytes of a WebSocket are plain texts, and which are left to `ws`: a pure reducer over bytes.
// A plain text is one frame, all of it in one chunk: final, without reserved bits or a mask, and not within another message.
// All else is passed on as it came, and no byte is kept here. So `ws` finds what is wrong, and says so in its own words.

/** Where the stream is between two chunks. */
export type Place =
  /** Before a frame. `isWithin` a message of several frames. */
  | { readonly tag: 'before'; readonly isWithin: boolean }
  /** In a header, of which these bytes have come. */
  | { readonly tag: 'header'; readonly isWithin: boolean; readonly bytes: readonly number[] }
  /** In a frame that `ws` gets: the bytes that are still to come, and the events of `ws` that follow them. */
  | { readonly tag: 'body'; readonly isWithin: boolean; readonly left: number; readonly events: number }
  /** `ws` gets all that comes. */
  | { readonly tag: 'over' }

/** What becomes of the bytes. */
export interface Sink {
  /** The body of a plain text. Returns whether it was taken; if not, `ws` gets the frame. */
  text(from: number, to: number): boolean
  /** Bytes for `ws`, and how many of its events they cause. Returns whether these came; if not, `ws` gets all that comes. */
  pass(from: number, to: number, events: number): boolean
}

/** Before a frame, and not within a message. */
export const between: Place = { tag: 'before', isWithin: false }
const within: Place = { tag: 'before', isWithin: true }
export const over: Place = { tag: 'over' }

const plainText = 0x81
const [later, binary, close, pong] = [0, 2, 8, 10]

/** Where the body of a plain text begins, as its header says. */
const bodyAt = (chunk: Uint8Array, at: number): number => (chunk[at + 1] === 126 ? at + 4 : at + 2)

/** Where a plain text ends that begins here; 0 where none does, or the chunk has not all of it. */
function endOfText(chunk: Uint8Array, at: number, longest: number): number {
  if (chunk[at] !== plainText) return 0
  let length = chunk[at + 1]!
  if (length === 126) length = (chunk[at + 2]! << 8) | chunk[at + 3]!
  else if (!(length < 126)) return 0
  const end = bodyAt(chunk, at) + length
  return length <= longest && end <= chunk.length ? end : 0
}

/** What follows a header; undefined where more of it is to come. A close frame is the end, and so is what `ws` refuses. */
function afterHeader(bytes: readonly number[], isWithin: boolean): Place | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const opcode = first & 15
  const isFinal = first >= 128
  const isControl = opcode > close
  const fits = isControl
    ? opcode <= pong && isFinal && second <= 125
    : opcode <= binary && (opcode === later) === isWithin
  // Reserved bits, and that of a mask.
  if (!fits || (first & 0x70) !== 0 || second >= 128) return over
  const more = second === 127 ? 8 : second === 126 ? 2 : 0
  if (bytes.length < 2 + more) return undefined
  const left = more === 0 ? second : bytes.slice(2).reduce((sum, byte) => sum * 256 + byte)
  return { tag: 'body', isWithin: isControl ? isWithin : !isFinal, left, events: isFinal ? 1 : 0 }
}

/** Through the rest of a header, as far as it has come. */
function throughHeader(
  place: Place & { isWithin: boolean },
  chunk: Uint8Array,
  at: number,
): [place: Place, at: number] {
  const { isWithin } = place
  const bytes = place.tag === 'header' ? [...place.bytes] : []
  while (at < chunk.length) {
    bytes.push(chunk[at++]!)
    const next = afterHeader(bytes, isWithin)
    if (next !== undefined) return [next, at]
  }
  return [{ tag: 'header', isWithin, bytes }, at]
}

/**
 * Goes through a chunk, and returns the place behind it.
 * @param longest so many bytes a plain text may have
 */
export function cut(place: Place, chunk: Uint8Array, longest: number, sink: Sink): Place {
  const end = chunk.length
  let at = 0
  /** All bytes before this were given to the sink. */
  let from = 0
  /** The events that what is not passed on yet will cause. */
  let events = 0
  while (at < end && place.tag !== 'over') {
    const to = place === between ? endOfText(chunk, at, longest) : 0
    if (to > 0) {
      if (from < at) {
        if (!sink.pass(from, at, events)) place = over
        from = at
        events = 0
        continue
      }
      at = to
      if (sink.text(bodyAt(chunk, from), to)) from = to
      else events++
      continue
    }
    if (place.tag !== 'body') [place, at] = throughHeader(place, chunk, at)
    // Of a frame without a body, too, all has come with its header.
    if (place.tag !== 'body') continue
    const { isWithin, left } = place
    const come = Math.min(left, end - at)
    at += come
    if (come < left) place = { ...place, left: left - come }
    else {
      events += place.events
      place = isWithin ? within : between
    }
  }
  return from < end && !sink.pass(from, end, events) ? over : place
}
