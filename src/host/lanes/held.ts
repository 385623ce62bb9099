// Floor 3'. A value as a lane holds it. A scalar is held as it is. A record is held as its text, which links are sent: a text takes a
// tenth of the memory that objects may take. When code asks for the record, the text is read again.
import { Record, equals, identity, Reader, stringify, type Value } from '../../recon/index.js'
import { writeBody } from './write-body.js'

/** A record or data, as its text. */
export class RecordText {
  constructor(
    readonly text: string,
    /** The value itself, if its text would read as another value: an empty list, for example, is an empty record in Recon. */
    readonly value: Value,
  ) {}
}

export type Held = Exclude<Value, object> | null | RecordText

const reader = new Reader({ maxDepth: 1000, maxChars: Infinity })

const plainKey = /^[a-z_]\w*$/i

/** Whether the text of a value from code reads as the same value. May return false for some values that do. */
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
  // Reading a character makes the engine join the pieces of the text, which takes less memory.
  text.charCodeAt(0)
  return new RecordText(text, text !== '' && (isRead || readsBack(value)) ? undefined : value)
}

/** The value. A record is read from its text, and so is a new object. */
export const valueOf = (held: Held): Value =>
  held instanceof RecordText ? (held.value ?? reader.block(held.text)) : (held as Value)

/** The value as the body of an event. */
export const bodyOf = (held: Held): string => (held instanceof RecordText ? held.text : writeBody(held as Value))

/** The value as a text for the store. Bodies of events leave out empty values, so they can't be stored. */
export const keptOf = (held: Held): string =>
  held === undefined ? '' : held instanceof RecordText ? held.text || '{}' : stringify(held as Value)

export const isSame = (a: Held, b: Held): boolean =>
  a instanceof RecordText && b instanceof RecordText ? a.text === b.text : equals(a as Value, b as Value)

/** The approximate size of a value in bytes: two for each UTF-16 unit of its text, or of the value itself. */
const bytesOfHeld = (held: Held): number =>
  held instanceof RecordText
    ? 32 + held.text.length * (held.value === undefined ? 2 : 32)
    : typeof held === 'string'
      ? held.length * 2
      : typeof held === 'bigint'
        ? held.toString(16).length
        : 0

/** The approximate size of an entry in bytes. A key that is a record is held as objects, which take up to 16 times its text. */
export function bytesOf(key: Value, held: Held): number {
  const id = typeof key === 'object' && key !== null ? (identity(key) as string) : undefined
  const keyBytes = id === undefined ? (typeof key === 'string' ? key.length * 2 : 0) : id.length * 34
  return 64 + keyBytes + bytesOfHeld(held)
}
