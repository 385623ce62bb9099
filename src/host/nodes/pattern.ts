// Floor 3'. Node patterns: which node URIs a definition is for, and the names of their parts.
import { canonicalUri } from '../../base/address.js'
import { ConfigError, quote, say } from '../../base/errors.js'

/** The parts of a node URI by the names its pattern gives them, decoded: `/unit/:id` on `/unit/a%20b` gives `{ id: 'a b' }`. */
export type Params<Name extends string = string> = { readonly [N in Name]: string }

/** The names in a pattern: those of `/building/:floor/:room` are `floor` and `room`. */
export type ParamNames<P extends string> = string extends P
  ? string
  : P extends `${string}/:${infer Name}/${infer Rest}`
    ? Name | ParamNames<`/${Rest}`>
    : P extends `${string}/:${infer Name}`
      ? Name
      : never

/** A parsed pattern: fixed texts, and names of parts. */
export interface Pattern {
  readonly text: string
  readonly segments: readonly { readonly name: string | undefined; readonly text: string }[]
}

/**
 * Reads a pattern such as `/unit/:id`.
 * @throws {ConfigError} when it does not start with `/`, or names a part twice or not at all
 */
export function readPattern(text: string): Pattern {
  if (typeof text !== 'string' || !text.startsWith('/'))
    throw new ConfigError('node', say`${quote(text)} is not a valid pattern; write it like "/unit/:id"`)
  const names = new Set<string>()
  const segments = text
    .slice(1)
    .split('/')
    .map(segment => {
      const name = segment.startsWith(':') ? segment.slice(1) : undefined
      if (name === '' || (name !== undefined && names.has(name))) {
        throw new ConfigError('node', say`${quote(text)}: give each ":part" a name of its own`)
      }
      if (name !== undefined) names.add(name)
      return { name, text: canonicalUri(segment) }
    })
  return { text, segments }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // An escape that is not UTF-8 stays as it is.
    return segment
  }
}

/** The named parts of a canonical path; undefined if the pattern does not match. */
export function match(pattern: Pattern, path: string): Params | undefined {
  const segments = path.slice(1).split('/')
  if (segments.length !== pattern.segments.length) return undefined
  const params = Object.create(null) as { [name: string]: string }
  for (const [i, { name, text }] of pattern.segments.entries()) {
    const segment = segments[i]!
    if (name === undefined ? segment !== text : segment === '') return undefined
    if (name !== undefined) params[name] = decode(segment)
  }
  return params
}

/** Sorts patterns: below 0 if `a` goes first. A fixed text goes before a part that may be anything. */
export function bySpecificity(a: Pattern, b: Pattern): number {
  for (const [i, { name }] of a.segments.entries()) {
    const other = b.segments[i]
    if (other !== undefined && (name === undefined) !== (other.name === undefined)) return name === undefined ? -1 : 1
  }
  return 0
}
