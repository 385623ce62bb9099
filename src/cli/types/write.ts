// Floor 9. Writes types as source: TypeScript, and zod.
import { plain } from '../fault.js'
import type { Field, Type } from './type.js'

export type Language = 'zod' | 'ts'

export interface Described {
  /** The name of the types, such as `Elevators`. */
  readonly name: string
  readonly key: Type | undefined
  readonly value: Type
  /** Where the types come from, in words. */
  readonly from: string
}

const mark = '// swimlink types: '

/** A module with the types of a lane. Its last line has the types as data, for {@link readTypes}. */
export function writeTypes({ name, key, value, from }: Described, language: Language): string {
  const write = language === 'zod' ? zod : ts
  const all = { ...(key === undefined ? {} : { [`${name}Key`]: key }), [name]: value }
  const uses = (is: string) => JSON.stringify(all).includes(`"is":"${is}"`)
  const lines = [`// ${plain(from)} Made by swimlink types.`]
  if (language === 'zod') lines.push("import { z } from 'zod'")
  if (uses('record'))
    lines.push(`import ${language === 'ts' ? 'type ' : ''}{ Record as ReconRecord } from 'swimlink/recon'`)
  for (const [each, type] of Object.entries(all)) {
    lines.push('')
    if (language === 'zod')
      lines.push(`export const ${each} = ${write(type, '')}`, `export type ${each} = z.infer<typeof ${each}>`)
    else lines.push(`export type ${each} = ${write(type, '')}`)
  }
  const data = JSON.stringify({ key, value }).replace(
    /[\u2028\u2029]/g,
    each => `\\u${each.charCodeAt(0).toString(16)}`,
  )
  return [...lines, '', mark + data, ''].join('\n')
}

/** The types in a module made by {@link writeTypes}; undefined for any other module. */
export function readTypes(module: string): Pick<Described, 'key' | 'value'> | undefined {
  const line = module
    .split('\n')
    .filter(each => each.startsWith(mark))
    .at(-1)
  return line === undefined ? undefined : (JSON.parse(line.slice(mark.length)) as Pick<Described, 'key' | 'value'>)
}

/** The name of the types of a lane: `ShoppingCart` for `shoppingCart`. */
export const typeName = (laneUri: string): string => {
  const words = laneUri.match(/[A-Za-z0-9]+/g) ?? []
  const name = words.map(word => word[0]!.toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]/.test(name) ? name : `Lane${name}`
}

const reserved = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof new null return super switch this throw true try typeof var void while with yield ' +
    'arguments eval implements interface let package private protected public static undefined globalThis ' +
    'any bigint boolean never number object string symbol unknown z ReconRecord Uint8Array'
  ).split(' '),
)

/** Whether a type can't have this name: a word of TypeScript, one of its own types, or a name that the module uses. */
export const isReserved = (name: string): boolean => reserved.has(name)

const propertyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))

/** Writes items between brackets, on one line if they fit. */
function list(open: string, items: readonly string[], close: string, indent: string, gap = '', comma = ','): string {
  const line = `${open}${gap}${items.join(`${comma} `)}${gap}${close}`
  if (items.length === 0) return open + close
  if (line.length + indent.length <= 100 && !line.includes('\n')) return line
  return `${open}\n${items.map(item => `${indent}  ${item}${comma}\n`).join('')}${indent}${close}`
}

function zod(type: Type, indent: string): string {
  const deeper = `${indent}  `
  switch (type.is) {
    case 'texts':
      return type.of.length === 1
        ? `z.literal(${JSON.stringify(type.of[0])})`
        : list(
            'z.enum([',
            type.of.map(text => JSON.stringify(text)),
            '])',
            indent,
            '',
          )
    case 'data':
      return 'z.instanceof(Uint8Array)'
    case 'record':
      return 'z.instanceof(ReconRecord)'
    case 'list':
      return `z.array(${zod(type.of, indent)})`
    case 'dictionary':
      return `z.record(z.string(), ${zod(type.of, indent)})`
    case 'union': {
      const rest = type.of.filter(each => each.is !== 'null' && each.is !== 'undefined')
      const tail = type.of
        .map(each => (each.is === 'null' ? '.nullable()' : each.is === 'undefined' ? '.optional()' : ''))
        .join('')
      if (rest.length === 0) return 'z.null().optional()'
      return (
        (rest.length === 1
          ? zod(rest[0]!, indent)
          : list(
              'z.union([',
              rest.map(each => zod(each, deeper)),
              '])',
              indent,
              '',
            )) + tail
      )
    }
    case 'object': {
      const field = ({ name, type: of, isOptional }: Field) =>
        // In an object literal, `__proto__: …` would set the prototype.
        `${name === '__proto__' ? `['__proto__']` : propertyOf(name)}: ${zod(of, deeper)}${isOptional ? '.optional()' : ''}`
      return list('z.object({', type.fields.map(field), '})', indent, ' ')
    }
    default:
      return `z.${type.is}()`
  }
}

function ts(type: Type, indent: string): string {
  const deeper = `${indent}  `
  switch (type.is) {
    case 'texts':
      return type.of.map(text => JSON.stringify(text)).join(' | ')
    case 'data':
      return 'Uint8Array'
    case 'record':
      return 'ReconRecord'
    case 'list':
      return `readonly (${ts(type.of, indent)})[]`.replace(/^readonly \((\w+)\)\[\]$/, 'readonly $1[]')
    case 'dictionary':
      return `{ readonly [name: string]: ${ts(type.of, indent)} }`
    case 'union':
      return type.of.map(each => ts(each, indent)).join(' | ')
    case 'object': {
      const field = ({ name, type: of, isOptional }: Field) =>
        `readonly ${propertyOf(name)}${isOptional ? '?' : ''}: ${ts(of, deeper)}`
      return list('{', type.fields.map(field), '}', indent, ' ', ';')
    }
    default:
      return type.is
  }
}
