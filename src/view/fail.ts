// Floor 6. Errors of views.
import { ConfigError, quote, say, SwimError } from '../base/errors.js'

/** A value for a message: a text in quotes, a bigint with its n, a list as `a list`. */
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

/** The error for an entry that is left out: a function threw, or returned an unusable value. */
export function failed(operator: string, key: unknown, cause: unknown): SwimError {
  const message = say`${operator} left out the entry ${shownKey(key)}: ${cause}`
  return Object.assign(new SwimError('callback', message, { cause }), { key })
}

/** @throws {ConfigError} when `given` is not a function */
export function checkFunction(name: string, given: unknown, argument = ''): void {
  if (typeof given !== 'function') throw new ConfigError(name, argument + 'must be a function, got ' + shown(given))
}
