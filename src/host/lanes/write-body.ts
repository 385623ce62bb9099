// Floor 3'. Writes bodies as SwimOS Java does: which have a space before them, which are left out, and which are written as prose.
import { Attr, Record, stringify, type Item, type Value } from '../../recon/index.js'

/** A text that markup can't hold, or that would not be read back. Then the record is written in braces. */
const unfit = /^\(|^$|[\0-\b\v\x0e-\x1f]/

/**
 * Whether items are prose: texts with marked words in between, such as `[Hello @em[world]!]`. SwimOS Java writes more lists as markup.
 * Written in braces they mean the same, and every reader can read braces.
 */
function isProse(items: readonly Item[]): boolean {
  let marked = false
  let last = ''
  for (const item of items) {
    const kind = typeof item === 'string' ? 'text' : 'mark'
    if (kind === 'text' ? last === 'text' || unfit.test(item as string) : !(item instanceof Record)) return false
    if (kind === 'mark') {
      if (!((item as Record).items[0] instanceof Attr)) return false
      marked = true
    }
    last = kind
  }
  return marked && typeof items[0] === 'string'
}

const escapes: { readonly [char: string]: string } = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escapeText = (text: string): string => text.replace(/[\\@{}[\]\b\f\n\r\t]/g, char => escapes[char] ?? `\\${char}`)

function writeMark({ items }: Record): string {
  const from = items.findIndex(item => !(item instanceof Attr))
  if (from < 0) return stringify(new Record(items))
  const head = stringify(new Record(items.slice(0, from)))
  const rest = items.slice(from)
  if (rest.length === 1 && typeof rest[0] === 'string' && !unfit.test(rest[0])) return `${head}[${escapeText(rest[0])}]`
  if (isProse(rest)) return head + writeProse(rest)
  const body = stringify(new Record(rest))
  return head + (body.startsWith('{') ? body : `{${body}}`)
}

const writeProse = (items: readonly Item[]): string =>
  `[${items.map(item => (typeof item === 'string' ? escapeText(item) : writeMark(item as Record))).join('')}]`

/**
 * A body as it follows the head of a frame. An empty value has no body, as in SwimOS Java.
 * @throws {ReconError} when the value has no Recon form
 */
export function writeBody(value: Value): string {
  if (value === undefined || value === null) return ''
  const text =
    Array.isArray(value) && isProse(value as readonly Item[]) ? writeProse(value as readonly Item[]) : stringify(value)
  if (text === '{}') return ''
  return /^["{[@%]/.test(text) ? text : ` ${text}`
}

/** The body of an update, made from the body of its value. */
export const updateBody = (key: Value, body: string): string => `@update(key:${stringify(key)})${body}`
