// Floor 1. The writer: values to text in the spelling that every SwimOS reader understands.
import { ReconError } from '../base/swim-error.js'
import { classes } from './source.js'
import { Attr, Slot, deepest, isAttrKey, isData, listOf, type Value } from './value.js'

/** Limits of writing. */
export interface WriteOptions {
  /** How deep records may nest: levels. More than 1,000 counts as 1,000. @default 256 */
  maxDepth?: number
}

/** Why a value can't be written. As the fault leaves a record, the record adds its step to the path. */
class Fault {
  path = ''
  constructor(
    public why: string,
    readonly deep?: object,
  ) {}
}

interface Writing {
  readonly maxDepth: number
  /** Whether equal values must give equal texts. These texts need not be Recon. */
  readonly canonical: boolean
}

/** The texts of keys that were written lately. */
const keys = new Map<string, string>()

function text(w: Writing, value: string): string {
  const { length } = value
  let kinds = length < 99 ? 5 : 0
  // Letters outside ASCII need no escapes; half of a pair does, if it is alone.
  for (let i = length; kinds && i--;) {
    const code = value.charCodeAt(i)
    kinds &= classes[code] ?? (code >> 11 === 27 ? 0 : 4)
  }
  if (kinds & 1 && classes[value.charCodeAt(0)]! & 2 && value !== 'true' && value !== 'false') return value
  if (kinds) return `"${value}"`
  const json = JSON.stringify(value)
  if (!w.canonical && json.includes('\\ud') && /\p{Surrogate}/u.test(value))
    throw new Fault('a lone surrogate is not text')
  return json
}

/** The text for a key: a slot's key between comma and colon, or an attribute's name with `@`. */
function keyText(w: Writing, key: string): string {
  let written = keys.get(key)
  if (!written) {
    written = isAttrKey(key) ? '@' + text(w, key.slice(1)) : `,${text(w, key)}:`
    if (key.length < 65 && !w.canonical) {
      if (keys.size > 999) keys.clear()
      keys.set(key, written)
    }
  }
  return written
}

/** Whether JSON writes it in the same way. */
const isPlain = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < 2 ** 53

const isScalar = (value: unknown) => typeof value !== 'object' || (value !== null && isData(value))

/** The text of one value; empty for extant. */
function write(w: Writing, value: unknown, depth: number, parameters = false): string {
  if (typeof value === 'string') return text(w, value)
  if (isPlain(value)) return '' + value
  if (typeof value === 'number') {
    if (value - value !== 0) throw new Fault(`${value} has no Recon form`)
    return w.canonical ? '' + BigInt(value) : value.toExponential().replace('+', '')
  }
  if (typeof value === 'bigint') {
    const digits = '' + value
    // No reader accepts more.
    if (digits.length > (value < 0 ? 10_001 : 10_000)) throw new Fault('an integer has more than 10000 digits')
    return digits
  }
  if (typeof value === 'boolean') return '' + value
  if (value === null) return ''
  if (value === undefined) throw new Fault('absent has no form inside a record: use null')
  if (typeof value !== 'object') throw new Fault(`a ${typeof value} has no Recon form`)
  if (!isData(value)) return record(w, value, depth, parameters)
  let bytes = ''
  for (let i = 0; i < value.length; i += 8192)
    bytes += String.fromCharCode.apply(null, value.subarray(i, i + 8192) as unknown as number[])
  return '%' + btoa(bytes)
}

const attribute = (w: Writing, name: string, held: unknown, depth: number) =>
  keyText(w, name) + (held === null ? '' : `(${write(w, held, depth + 1, true)})`)

function record(w: Writing, value: object, depth: number, parameters: boolean): string {
  if (depth > w.maxDepth) throw new Fault(`nested deeper than maxDepth (${w.maxDepth})`, value)
  // `out` is written and closed; `group` has the items of the open group. Attributes may come between groups.
  let out = ''
  let group = ''
  let count = 0
  let slots = false
  let extant = false
  let last: unknown
  let step: string | number = 0
  try {
    const items = listOf(value)
    if (items) {
      // JSON writes a list of numbers in half the time. A hole is found as well, and toJSON is never called.
      if (!('toJSON' in items) && items.length > 8 && items.findIndex(item => !isPlain(item)) < 0) {
        group = '{' + JSON.stringify(items).slice(1, -1)
        count = step = items.length
      }
      for (; step < items.length; step++) {
        const item = items[step]
        if (item instanceof Attr) {
          if (count) out += group + (last === null ? '()}' : '}')
          group = ''
          count = 0
          last = undefined
          out += attribute(w, '@' + item.name, item.value, depth)
          continue
        }
        let piece
        if (item instanceof Slot) {
          slots = true
          last = undefined
          extant ||= item.key === null
          piece = `${write(w, item.key, depth + 1)}:${write(w, item.value, depth + 1)}`
        } else {
          extant ||= item === null
          piece = write(w, item, depth + 1)
          last = item
        }
        group += (count++ ? ',' : '{') + piece
      }
    } else {
      const fields = value as { readonly [key: string]: unknown }
      for (step in fields) {
        const held = fields[step]
        if (held === undefined || !Object.hasOwn(fields, step)) continue
        if (isAttrKey(step)) {
          out += attribute(w, step, held, depth)
          continue
        }
        const piece = keyText(w, step)
        group += (count++ ? piece : '{' + piece.slice(1)) + write(w, held, depth + 1)
        slots = true
      }
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
  return parameters && !extant && (slots || count > 1) ? group.slice(1, -1) : group
}

/** Writes one value whole, for people (`stringify`) or for comparing (`identity`). */
export function writeWhole(value: Value, maxDepth: number, canonical: boolean): string {
  try {
    return write({ maxDepth: Math.min(maxDepth, deepest), canonical }, value, 1)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const path = '$' + error.path
    throw new ReconError(`Recon value ${path.slice(0, 120)}: ${error.why}`, { path })
  }
}

/**
 * Writes a value as Recon text. `parse(stringify(value))` equals `value`.
 * @throws {ReconError} with the path to the part that has no Recon form.
 * @example
 * stringify({ '@room': 12, guests: 2 }) // '@room(12){guests:2}'
 */
export function stringify(value: Value, { maxDepth = 256 }: WriteOptions = {}): string {
  return value === undefined ? '' : value === null ? '()' : writeWhole(value, maxDepth, false)
}
