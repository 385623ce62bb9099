// Floor 9. What was seen of values: kinds, fields, texts, how often. Types are made of it when all was seen.
import { Record, type Value } from 'swimlink/recon'
import { fieldsOf } from '../values.js'

/** Kinds of values that have nothing inside. */
export type Plain = 'number' | 'bigint' | 'boolean' | 'null' | 'undefined' | 'data' | 'record' | 'empty'

/** Deeper than this nothing is looked at. */
const maxDepth = 12
/** More texts than this are no choice of a few. */
export const mostTexts = 12

/** What was seen in one place: the values of a lane, or one field of them. */
export class Seen {
  readonly plain = new Set<Plain>()
  /** How many texts, and which, up to {@link mostTexts}. */
  textCount = 0
  readonly texts = new Set<string>()
  /** Of lists: what was in them. */
  items: Seen | undefined
  /** Of objects, by their tag: `@circle` of `@circle{r:1}`, '' of those without one. */
  readonly objects = new Map<string, SeenObject>()
  isTooDeep = false

  add(value: Value, depth = 0): void {
    if (typeof value === 'string') {
      this.textCount++
      if (this.texts.size <= mostTexts) this.texts.add(value)
    } else if (Array.isArray(value)) {
      this.items ??= new Seen()
      if (depth >= maxDepth) this.items.isTooDeep = true
      else for (const item of value) this.items.add(item as Value, depth + 1)
    } else {
      const fields = fieldsOf(value)
      if (fields === undefined) this.plain.add(kindOf(value))
      else this.#addObject(fields, depth)
    }
  }

  #addObject(fields: { readonly [name: string]: Value }, depth: number): void {
    const names = Object.keys(fields)
    // Recon has one empty record: it may be a list.
    if (names.length === 0) return void this.plain.add('empty')
    if (depth >= maxDepth) return void (this.isTooDeep = true)
    const tag = names[0]!.startsWith('@') ? names[0]! : ''
    let seen = this.objects.get(tag)
    if (seen === undefined) this.objects.set(tag, (seen = new SeenObject()))
    seen.count++
    for (const name of names) {
      let field = seen.fields.get(name)
      if (field === undefined) seen.fields.set(name, (field = { count: 0, seen: new Seen() }))
      field.count++
      field.seen.add(fields[name], depth + 1)
    }
  }
}

/** Objects of one tag. */
export class SeenObject {
  count = 0
  readonly fields = new Map<string, { count: number; readonly seen: Seen }>()
}

function kindOf(value: Value): Plain {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return 'data'
  if (value instanceof Record) return 'record'
  return typeof value as Plain
}
