// Floor 9. Values as text: JSON, Recon, and short texts for people.
import { Attr, parse, Record, Slot, stringify, type Value } from 'swimlink/recon'
import { misuse, plain } from './fault.js'

/** Output formats. */
export const formats = ['json', 'jsonl', 'recon', 'table'] as const
export type Format = (typeof formats)[number]

/** Whether a value survives JSON: without a bigint, data, or a record that is neither object nor list. */
export function isJson(value: Value): boolean {
  if (value === undefined || typeof value === 'bigint' || value instanceof Uint8Array || value instanceof Record)
    return false
  if (typeof value !== 'object' || value === null) return true
  return (Array.isArray(value) ? value : Object.values(value)).every(isJson)
}

/** JSON of any value. A value without a JSON form becomes text: large integers as digits, data as base64, records as Recon. */
export function toJson(value: Value): string {
  if (value === undefined) return 'null'
  if (typeof value === 'bigint') return `"${value}"`
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (value instanceof Record) return JSON.stringify(stringify(value))
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}:${toJson(field as Value)}`)}}`
  return JSON.stringify(value)
}

/** One entry as a Recon slot: `a:{id:1}`, or `a:` without a value. */
export const toSlot = (key: Value, value: Value): string =>
  stringify(new Record([new Slot(key, value ?? null)])).replace(/^\{([^]*)\}$/, '$1')

/** Reads a slot written by {@link toSlot}; undefined if the text is not exactly one entry. @throws {ReconError} */
export function readSlot(text: string): Slot | undefined {
  const read = parse(`{${text}}`)
  const slots =
    read instanceof Record
      ? read.items
      : Object.entries(fieldsOf(read) ?? {}).map(([key, value]) => new Slot(key, value))
  const [slot] = slots
  if (slots.length !== 1 || !(slot instanceof Slot)) return undefined
  // Lanes can't hold `null`: a host reads it as no value.
  return slot.value === null ? new Slot(slot.key, undefined) : slot
}

/** The frame body that a lane gets for a change: `@update(key:a)1`. */
export function toUpdate(key: Value, value: Value): string {
  const text = value === undefined ? '' : stringify(value)
  return head('update', key) + (/^[{@]/.test(text) || text === '' ? text : ` ${text}`)
}

export const toRemove = (key: Value): string => head('remove', key)

const head = (tag: string, key: Value) => stringify(new Record([new Attr(tag, { key })]))

/** One entry as a line of JSON. */
export const toLine = (key: Value, value: Value): string =>
  value === undefined ? `{"key":${toJson(key)}}` : `{"key":${toJson(key)},"value":${toJson(value)}}`

/** All entries as one JSON text: an object if all keys are texts, otherwise a list of pairs. */
export function toJsonMap(entries: readonly (readonly [Value, Value])[]): string {
  if (entries.every(([key]) => typeof key === 'string')) {
    const slots = entries.map(([key, value]) => `  ${JSON.stringify(key)}: ${toJson(value)}`)
    return slots.length === 0 ? '{}' : `{\n${slots.join(',\n')}\n}`
  }
  return `[\n${entries.map(([key, value]) => `  [${toJson(key)}, ${toJson(value)}]`).join(',\n')}\n]`
}

/** Reads a typed value, as JSON or Recon. */
export function read(text: string, isJson: boolean | undefined, name: string): Value {
  if (!isJson) return parse(text)
  try {
    return JSON.parse(text) as Value
  } catch (error) {
    throw misuse(`${name} is not JSON (${(error as Error).message}); give it as '{"id":1}', or without --json as Recon`)
  }
}

const mostLetters = 200

/** A value for a cell or a sentence: on one line, texts without quotes, control characters escaped. */
export function show(value: Value): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : stringify(value)
  return plain(text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text)
}

/** The fields of an object; undefined for any other value. */
export const fieldsOf = (value: Value): { readonly [name: string]: Value } | undefined =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof Record)
    ? (value as { readonly [name: string]: Value })
    : undefined
