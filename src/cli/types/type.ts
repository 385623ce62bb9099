// Floor 9. Makes a type of what was seen, and checks values against a type.
import { Record, type Value } from 'swimlink/recon'
import { fieldsOf, show } from '../values.js'
import { mostTexts, type Seen, type SeenObject } from './seen.js'

/** A type as data. The printed module has it in a comment, for `--check`. */
export type Type =
  | { readonly is: 'unknown' | 'string' | 'number' | 'bigint' | 'boolean' | 'null' | 'undefined' | 'data' | 'record' }
  | { readonly is: 'texts'; readonly of: readonly string[] }
  | { readonly is: 'list' | 'dictionary'; readonly of: Type }
  | { readonly is: 'object'; readonly fields: readonly Field[] }
  | { readonly is: 'union'; readonly of: readonly Type[] }

export interface Field {
  readonly name: string
  readonly type: Type
  readonly isOptional: boolean
}

/** Texts are a fixed choice if each was seen this often on average, and all together at least `leastTexts` times. */
const repeats = 4
const leastTexts = 10
/** Objects are a dictionary if they have more different names than this, and the average name is in fewer than half of them. */
const mostNames = 24

const unknown = { is: 'unknown' } as const

export function typeOf(seen: Seen): Type {
  if (seen.isTooDeep) return unknown
  const all: Type[] = []
  if (seen.textCount > 0) all.push(textsOf(seen))
  const { plain } = seen
  for (const is of ['number', 'bigint', 'boolean', 'data', 'record'] as const) if (plain.has(is)) all.push({ is })
  if (seen.items !== undefined) all.push({ is: 'list', of: typeOf(seen.items) })
  // Tagged objects first: the type without a tag might also accept a tagged object.
  const objects = [...seen.objects].sort(([a], [b]) => Number(a === '') - Number(b === ''))
  for (const [, object] of objects) all.push(objectOf(object, plain.has('empty') && seen.items === undefined))
  for (const is of ['null', 'undefined'] as const) if (plain.has(is)) all.push({ is })
  // An empty list reads as an empty object, and a schema accepts it as either.
  if (plain.has('empty') && seen.items === undefined && !seen.objects.has(''))
    all.push({ is: 'dictionary', of: unknown })
  return all.length === 1 ? all[0]! : all.length === 0 ? unknown : { is: 'union', of: all }
}

function textsOf({ texts, textCount }: Seen): Type {
  const isChoice = texts.size < mostTexts && textCount >= Math.max(leastTexts, repeats * texts.size)
  return isChoice ? { is: 'texts', of: [...texts].sort() } : { is: 'string' }
}

/** @param hasEmpty whether an object without fields was seen: then every field is optional */
function objectOf({ count, fields }: SeenObject, hasEmpty: boolean): Type {
  const mean = [...fields.values()].reduce((sum, field) => sum + field.count, 0) / fields.size
  if (fields.size > mostNames && mean < count / 2) {
    const types = [...fields.values()].map(({ seen }) => typeOf(seen))
    const different = new Map(types.map(type => [JSON.stringify(type), type]))
    return {
      is: 'dictionary',
      of: different.size === 1 ? types[0]! : { is: 'union', of: flat([...different.values()]) },
    }
  }
  return {
    is: 'object',
    fields: Array.from(fields, ([name, field]) => {
      const isOptional = field.count < count || (hasEmpty && !name.startsWith('@'))
      // Without its own field, an object has one that it inherits, such as `toString`; compilers and schemas would see that.
      const type = isOptional && name in Object.prototype ? unknown : typeOf(field.seen)
      return { name, type, isOptional }
    }),
  }
}

const flat = (types: readonly Type[]): Type[] => {
  const all = types.flatMap(type => (type.is === 'union' ? type.of : [type]))
  return [...new Map(all.map(type => [JSON.stringify(type), type])).values()]
}

/** The first place where a value does not fit a type, in words; undefined if it fits. */
export function misfit(type: Type, value: Value, path = ''): string | undefined {
  const wrong = (wanted: string) =>
    `${path === '' ? 'it' : path.slice(1)} is ${show(value) || typeof value}, not ${wanted}`
  switch (type.is) {
    case 'unknown':
      return undefined
    case 'texts':
      return type.of.includes(value as string) ? undefined : wrong(`one of ${type.of.join(', ')}`)
    case 'data':
      return value instanceof Uint8Array ? undefined : wrong('data')
    case 'record':
      return value instanceof Record ? undefined : wrong('a record')
    case 'null':
      return value === null ? undefined : wrong('null')
    case 'list':
      if (isEmpty(value)) return undefined
      return Array.isArray(value)
        ? first(value, (item, i) => misfit(type.of, item as Value, `${path}[${i}]`))
        : wrong('a list')
    case 'dictionary': {
      const fields = fieldsOf(value)
      if (fields === undefined) return wrong('an object')
      return first(Object.entries(fields), ([name, field]) => misfit(type.of, field, `${path}.${name}`))
    }
    case 'object':
      return (
        misfitOfObject(type.fields, value, path) ?? (fieldsOf(value) === undefined ? wrong('an object') : undefined)
      )
    case 'union':
      return type.of.some(each => misfit(each, value) === undefined) ? undefined : wrong(`of the types it was`)
    default:
      return typeof value === type.is ? undefined : wrong(`a ${type.is}`)
  }
}

function misfitOfObject(wanted: readonly Field[], value: Value, path: string): string | undefined {
  const fields = fieldsOf(value)
  if (fields === undefined) return undefined
  return first(wanted, ({ name, type, isOptional }) => {
    if (Object.hasOwn(fields, name)) return misfit(type, fields[name], `${path}.${name}`)
    return isOptional ? undefined : `${`${path}.${name}`.slice(1)} is missing`
  })
}

const isEmpty = (value: Value): boolean => Object.keys(fieldsOf(value) ?? { some: 1 }).length === 0

function first<T>(all: readonly T[], look: (each: T, i: number) => string | undefined): string | undefined {
  for (const [i, each] of all.entries()) {
    const found = look(each, i)
    if (found !== undefined) return found
  }
  return undefined
}
