// Floor 6. Errors of views.
import { ConfigError, messageOf, say, SwimError } from '../base/errors.js'

/** That a function of an operator threw for an entry, which is left out. */
export function failed(operator: string, key: unknown, cause: unknown): SwimError {
  const message = say`${operator} left out the entry ${key}, as its function threw: ${cause}`
  return Object.assign(new SwimError('callback', message, { cause }), { key })
}

/** @throws {ConfigError} where an argument is not a function */
export function checkFunction(name: string, given: unknown): void {
  if (typeof given !== 'function') throw new ConfigError(name, say`must be a function, got ${messageOf(given)}`)
}
