// Floor 0. The error of schemas, and the issues that they find.
import { excerpt, messageOf } from './excerpt.js'
import { SwimError } from './swim-error.js'

/** What a schema found, in the terms of Standard Schema: `path` leads to the part at fault. */
export interface SchemaIssue {
  /** What is wrong, for people. */
  readonly message: string
  /** From the value itself to the part at fault. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The steps of an issue's path, as texts. */
export const pathOf = ({ path = [] }: SchemaIssue): string[] =>
  path.map(part => messageOf(typeof part === 'object' ? part.key : part))

const shown = (issue: SchemaIssue): string => {
  const where = pathOf(issue).join('.')
  return excerpt(where === '' ? issue.message : `${where}: ${issue.message}`)
}

/**
 * An entry or a local value that its schema refuses.
 * @example
 * client.on('error', error => {
 *   if (error instanceof SchemaError) console.warn(error.laneUri, error.issues)
 * })
 */
export class SchemaError extends SwimError {
  declare readonly name: 'SchemaError'
  /** The stable code of this class. */
  declare readonly code: 'schema'

  /** All that the schema found, each message cut to 120 characters; the error's message names the first three. */
  readonly issues: readonly SchemaIssue[]

  constructor(
    message: string,
    /** The key of the entry, as the lane has it; `undefined` for a lane without keys. */
    readonly key: unknown,
    issues: readonly SchemaIssue[],
    options?: ErrorOptions,
  ) {
    // Some libraries have path and message on the prototypes of their issues.
    const cut = issues.map(issue => ({ ...issue, path: issue.path, message: messageOf(issue.message) }))
    super('schema', message + ': ' + cut.slice(0, 3).map(shown).join('; '), options)
    this.issues = cut
  }
}
