// Floor 3'. What lanes hold, and what code has of it: the same, unless a schema says otherwise.
import { SchemaError } from '../../base/errors.js'
import type { Value } from '../../recon/index.js'
import { formOf, type Form, type Schema } from '../../schema/schema.js'

const plain: Form<unknown> = { decode: wire => wire, encode: app => app as Value }

/** @throws {ConfigError} for a schema that is none, or validates asynchronously */
export const formFor = <App>(option: string, schema: Schema<unknown, App> | undefined): Form<App> =>
  schema === undefined ? (plain as Form<App>) : formOf(option, schema)

/** Runs what a client asked for; where a schema refuses it, `refused` instead. */
export function unlessRefused(run: () => void, refused: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    refused()
  }
}
