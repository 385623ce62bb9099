// Floor 6. Errors of views.
import { ConfigError, quote, say, SwimError } from '../base/errors.js'

/** A value as a message shows it: what is a text, a list or a bigint is seen to be one. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return String(value) + 'n'
  return Array.isArray(value) ? 'a list' : say`${value}`
}

const shownKey = (key: unknown): unknown => {
  try {
    return typeof key === 'object' ? JSON.stringify(key) : key
  } catch {
    return key
  }
}

/** That a function of an operator threw for an entry, or gave what is of no use: it is left out. */
export function failed(operator: string, key: unknown, cause: unknown): SwimError {
  const message = say`${operator} left out the entry ${shownKey(key)}: ${cause}`
  return Object.assign(new SwimError('callback', message, { cause }), { key })
}

/** @throws {ConfigError} where an argument is not a function */
export function checkFunction(name: string, given: unknown, argument = ''): void {
  if (typeof given !== 'function') throw new ConfigError(name, argument + 'must be a function, got ' + shown(given))
}
