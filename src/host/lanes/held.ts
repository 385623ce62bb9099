// Floor 3'. A value as a lane holds it: once. A scalar as it is; a record as its text, which links are sent, takes a
// tenth of the memory that its objects may, and is read again when code asks.
import { Record, equals, identity, Reader, stringify, type Value } from '../../recon/index.js'
import { writeBody } from './write-body.js'

/** A record, or data. */
export class RecordText {
  constructor(
    readonly text: string,
    /** The value itself where its text would read as another: an empty list, say, which is an empty record in Recon. */
    readonly value: Value,
  ) {}
}

export type Held = Exclude<Value, object> | null | RecordText

const reader = new Reader({ maxDepth: 1000, maxChars: Infinity })

const plainKey = /^[a-z_]\w*$/i

/** Whether the text of a value that code gave reads as the same value. May be false where it does. */
function readsBack(value: Value): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return !Object.is(value, -0)
    case 'object':
      break
    default:
      return false
  }
  if (Array.isArray(value)) return value.length > 0 && (value as readonly Value[]).every(readsBack)
  if (value === null || value instanceof Record || Object.getPrototypeOf(value) !== Object.prototype) return false
  const fields = Object.entries(value as { readonly [key: string]: Value })
  return fields.length > 0 && fields.every(([key, field]) => plainKey.test(key) && readsBack(field))
}

/**
 * @param isRead whether the value was read from Recon, so that its text reads as the same
 * @throws {ReconError} when the value has no Recon form
 */
export function hold(value: Value, isRead: boolean): Held {
  const text = writeBody(value)
  if (typeof value !== 'object' || value === null) return value as Held
  // To look at it makes the engine join the pieces it was written in.
  text.charCodeAt(0)
  return new RecordText(text, text !== '' && (isRead || readsBack(value)) ? undefined : value)
}

/** The value: a new one where it is read from its text. */
export const valueOf = (held: Held): Value =>
  held instanceof RecordText ? (held.value ?? reader.block(held.text)) : (held as Value)

/** The body of events. */
export const bodyOf = (held: Held): string => (held instanceof RecordText ? held.text : writeBody(held as Value))

/** The text that a store keeps: bodies are for hearing, and lose what is empty. */
export const keptOf = (held: Held): string =>
  held === undefined ? '' : held instanceof RecordText ? held.text || '{}' : stringify(held as Value)

export const isSame = (a: Held, b: Held): boolean =>
  a instanceof RecordText && b instanceof RecordText ? a.text === b.text : equals(a as Value, b as Value)

/** How many bytes a value takes, about: two for each UTF-16 unit of its text, or of itself. */
const bytesOfHeld = (held: Held): number =>
  held instanceof RecordText
    ? 32 + held.text.length * (held.value === undefined ? 2 : 32)
    : typeof held === 'string'
      ? held.length * 2
      : typeof held === 'bigint'
        ? held.toString(16).length
        : 0

/** How many bytes an entry takes, about. A key that is a record is held as objects, which take up to 16 times its text. */
export function bytesOf(key: Value, held: Held): number {
  const id = typeof key === 'object' && key !== null ? (identity(key) as string) : undefined
  const keyBytes = id === undefined ? (typeof key === 'string' ? key.length * 2 : 0) : id.length * 34
  return 64 + keyBytes + bytesOfHeld(held)
}
