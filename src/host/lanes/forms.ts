// Floor 3'. Converts between the values that lanes hold and those that code sees. They differ only with a schema.
import { SchemaError } from '../../base/errors.js'
import type { Value } from '../../recon/index.js'
import { formOf, type Form, type Schema } from '../../schema/schema.js'

const plain: Form<unknown> = { decode: wire => wire, encode: app => app as Value }

/** @throws {ConfigError} for a schema that is invalid, or validates asynchronously */
export const formFor = <App>(option: string, schema: Schema<unknown, App> | undefined): Form<App> =>
  schema === undefined ? (plain as Form<App>) : formOf(option, schema)

/** Runs a client's request. If a schema refuses the request, calls `refused` instead. */
export function unlessRefused(run: () => void, refused: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    refused()
  }
}
