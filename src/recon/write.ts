// Floor 1. The writer: values to text in the spelling that every SwimOS reader understands.
import { ReconError } from '../base/swim-error.js'
import { base64 } from './chars.js'
import { Attr, Slot, deepest, isAttrKey, isData, keysOf, listOf, type Item, type Value } from './value.js'

/** Limits of writing. */
export interface WriteOptions {
  /** How deep records may nest: levels. More than 1,000 counts as 1,000. @default 256 */
  maxDepth?: number
}

/** Why a value can't be written: on its way out each record adds its step to the path. */
class Fault {
  path = ''
  constructor(
    readonly why: string,
    readonly deep?: object,
  ) {}
}

interface Writing {
  maxDepth: number
  /** Whether equal values must give equal texts, and any text will do. */
  canonical: boolean
}

const bare = /^(?!(?:true|false)$)[A-Za-z_][-\w]*$/
const surrogate = /\p{Surrogate}/u

function text(w: Writing, value: string): string {
  if (bare.test(value)) return value
  if (!w.canonical && surrogate.test(value)) throw new Fault('a lone surrogate is not text')
  return JSON.stringify(value)
}

function number(w: Writing, value: number): string {
  if (Number.isSafeInteger(value)) return String(value + 0)
  if (value - value !== 0) throw new Fault(`${value} has no Recon form`)
  if (Number.isInteger(value)) return w.canonical ? String(BigInt(value)) : value.toExponential().replace('+', '')
  return String(value)
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

const isScalar = (value: Value) => typeof value !== 'object' || (value !== null && isData(value))

/** One value: extant is empty. */
function write(w: Writing, value: Value, depth: number, parameters = false): string {
  if (typeof value === 'string') return text(w, value)
  if (typeof value === 'number') return number(w, value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
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
  let scalar = false
  let slots = false
  let extant = false
  let last: unknown
  let step = ''
  const put = (item: string) => (group += count++ ? ',' + item : item)
  const close = () => `{${group}${last === null ? '()' : ''}}`
  const one = (item: Item) => {
    if (item instanceof Attr) {
      if (count) out += close()
      group = ''
      count = 0
      last = undefined
      out += '@' + text(w, item.name)
      if (item.value !== null) out += `(${write(w, item.value, depth + 1, true)})`
      return
    }
    if (item instanceof Slot) {
      const key = write(w, item.key, depth + 1)
      put(key + ':' + write(w, item.value, depth + 1))
      slots = true
      extant ||= key === ''
      last = undefined
    } else {
      put(write(w, item, depth + 1))
      scalar = isScalar(item)
      extant ||= item === null
      last = item
    }
  }
  try {
    const items = listOf(value)
    if (items) {
      for (let i = 0; i < items.length; i++) {
        step = `[${i}]`
        one(items[i])
      }
    } else {
      for (const key of keysOf(value as { [key: string]: Value })) {
        step = '.' + key
        const held = (value as { [key: string]: Value })[key]
        one(isAttrKey(key) ? new Attr(key.slice(1), held) : new Slot(key, held))
      }
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error instanceof ReconError ? new Fault(error.message) : error
    error.path = error.deep === value ? '' : step + error.path
    throw error
  }
  if (out === '') return parameters && !extant && (slots || count > 1) ? group : close()
  if (!count) return out
  return count === 1 && !slots && scalar ? `${out} ${group}` : out + close()
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
 * @throws {ReconError} with the path to what has no Recon form.
 */
export function stringify(value: Value, { maxDepth = 256 }: WriteOptions = {}): string {
  return value === undefined ? '' : value === null ? '()' : writeWhole(value, maxDepth, false)
}
