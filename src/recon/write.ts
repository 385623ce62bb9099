// Floor 1. The writer: values to text in the spelling that every SwimOS reader understands.
import { ReconError } from '../base/swim-error.js'
import { base64, ident } from './chars.js'
import { Attr, Slot, deepest, isAttrKey, isData, fieldsOf, listOf, type Item, type Value } from './value.js'

/** Limits of writing. */
export interface WriteOptions {
  /** How deep records may nest: levels. More than 1,000 counts as 1,000. @default 256 */
  maxDepth?: number
}

/** Why a value can't be written: on its way out each record adds its step to the path. */
class Fault {
  path = ''
  constructor(
    public why: string,
    readonly deep?: object,
  ) {}
}

interface Writing {
  maxDepth: number
  /** Whether equal values must give equal texts, and any text will do. */
  canonical: boolean
  looked: number
}

const surrogate = /\p{Surrogate}/u
// How the key at each position was written last: like objects follow each other.
const keys: string[] = []
const texts: string[] = []

function text(w: Writing, value: string): string {
  let i = value.length
  if (i && ident[value.charCodeAt(0)] === 3) {
    while (--i && ident[value.charCodeAt(i)]);
    if (!i && value !== 'true' && value !== 'false') return value
  }
  const quoted = JSON.stringify(value)
  if (quoted.length > value.length + 2 && !w.canonical && surrogate.test(value)) {
    throw new Fault('a lone surrogate is not text')
  }
  return quoted
}

/** A slot's key between comma and colon, or an attribute's name with its sign, from the key of an object at position `i`. */
function keyText(w: Writing, key: string, i: number): string {
  if (keys[i] === key) return texts[i]!
  const written = isAttrKey(key) ? '@' + text(w, key.slice(1)) : `,${text(w, key)}:`
  if (i < 64 && key.length < 65 && !w.canonical) {
    keys[i] = key
    texts[i] = written
  }
  return written
}

function number(w: Writing, value: number): string {
  if ((value | 0) === value || Number.isSafeInteger(value)) return '' + value
  if (value - value !== 0) throw new Fault(`${value} has no Recon form`)
  if (value < 2 ** 53 && value > -(2 ** 53)) return '' + value
  return w.canonical ? '' + BigInt(value) : value.toExponential().replace('+', '')
}

function data(bytes: Uint8Array): string {
  let out = '%'
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    out += base64[bits >> 18]! + base64[(bits >> 12) & 63]!
    out += (i + 1 < bytes.length ? base64[(bits >> 6) & 63]! : '=') + (i + 2 < bytes.length ? base64[bits & 63]! : '=')
  }
  return out
}

const isScalar = (value: unknown) => typeof value !== 'object' || (value !== null && isData(value))

/** One value: extant is empty. */
function write(w: Writing, value: Value, depth: number, parameters = false): string {
  if (typeof value === 'string') return text(w, value)
  if (typeof value === 'number') return number(w, value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'bigint') return '' + value
  if (value === null) return ''
  if (value === undefined) throw new Fault('absent has no form inside a record: use null')
  if (typeof value !== 'object') throw new Fault(`a ${typeof value} has no Recon form`)
  return isData(value) ? data(value) : record(w, value, depth, parameters)
}

function record(w: Writing, value: object, depth: number, parameters: boolean): string {
  if (depth > w.maxDepth) throw new Fault(`nested deeper than maxDepth (${w.maxDepth})`, value)
  // What is written and closed, and the items of the group that is open: attributes may come between groups.
  let out = ''
  let group = ''
  let count = 0
  let slots = false
  let extant = false
  let last: unknown
  let step: string | number = 0
  try {
    const items = listOf(value)
    const fields = items ? undefined : fieldsOf(value)
    const all = items ?? fields!.values
    for (let i = 0; i < all.length; i++) {
      let name
      let key: Value
      let held: Item = all[i]
      if (fields) step = name = fields.keys[i]!
      else {
        step = i
        if (held instanceof Attr) {
          name = '@' + held.name
          held = held.value
        } else if (held instanceof Slot) {
          key = held.key
          name = typeof key === 'string' && !isAttrKey(key) ? key : ''
          if (held.value === undefined || key === undefined) write(w, undefined, 0)
        }
      }
      if (name !== undefined && isAttrKey(name)) {
        if (count) out += group + (last === null ? '()}' : '}')
        group = ''
        count = 0
        last = undefined
        out += keyText(w, name, i)
        if (held !== null) out += `(${write(w, held as Value, depth + 1, true)})`
        continue
      }
      let piece = ','
      if (held instanceof Slot) {
        piece = name || key === '' ? keyText(w, key as string, i) : `,${write(w, key, depth + 1)}:`
        extant ||= key === null
        held = held.value
        name = ''
      } else if (name !== undefined) piece = keyText(w, name, i)
      else {
        extant ||= held === null
        last = held
      }
      if (name !== undefined) {
        slots = true
        last = undefined
      }
      group += (count++ ? piece : '{' + piece.slice(1)) + write(w, held as Value, depth + 1)
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error instanceof ReconError ? new Fault(error.message) : error
    error.path = (typeof step === 'number' ? `[${step}]` : '.' + step) + error.path
    if (error.deep === value) {
      error.path = ''
      error.why = 'a cycle'
    }
    throw error
  }
  if (!count) return out || '{}'
  group += last === null ? '()}' : '}'
  if (out) return count === 1 && !slots && isScalar(last) ? `${out} ${group.slice(1, -1)}` : out + group
  // To look at it makes the engine join the pieces, while they are few and young.
  w.looked = group.charCodeAt(0)
  return parameters && !extant && (slots || count > 1) ? group.slice(1, -1) : group
}

/** Writes one value whole, for people (`stringify`) or for comparing (`identity`). */
export function writeWhole(value: Value, maxDepth: number, canonical: boolean): string {
  try {
    return write({ maxDepth: Math.min(maxDepth, deepest), canonical, looked: 0 }, value, 1)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const path = '$' + error.path
    throw new ReconError(`Recon value ${path.slice(0, 120)}: ${error.why}`, { path })
  }
}

/**
 * Writes a value as Recon text. `parse(stringify(value))` equals `value`.
 * @throws {ReconError} with the path to what has no Recon form.
 */
export function stringify(value: Value, { maxDepth = 256 }: WriteOptions = {}): string {
  return value === undefined ? '' : value === null ? '()' : writeWhole(value, maxDepth, false)
}
