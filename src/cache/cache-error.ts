// Floor 7. The error of the cache.
import { SwimError } from '../base/swim-error.js'

/**
 * The cache could not keep, read or resend something. Reported; maps go on without it.
 * @example
 * client.on('error', error => {
 *   if (error.code === 'cache') console.warn('not kept:', error.message)
 * })
 */
export class CacheError extends SwimError {
  declare readonly name: 'CacheError'
  /** The stable code of this class. */
  declare readonly code: 'cache'

  constructor(message: string, options?: ErrorOptions) {
    super('cache', message, options)
  }
}
