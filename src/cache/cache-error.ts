// Floor 7. What goes wrong with what is kept between visits.
import { SwimError } from '../base/swim-error.js'

/** Something that could not be kept, read or sent again. Reported; maps go on without. */
export class CacheError extends SwimError {
  declare readonly name: 'CacheError'
  /** What it is known by. */
  declare readonly code: 'cache'

  constructor(message: string, options?: ErrorOptions) {
    super('cache', message, options)
  }
}
