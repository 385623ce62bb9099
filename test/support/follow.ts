// What became of a promise, as a value that a test can look at.
import type { SwimError } from '../../src/index.js'

export interface Followed {
  /** `'pending'`, what it resolved with, or the code of what it rejected with. */
  end: unknown
  error: (SwimError & { readonly [field: string]: unknown }) | undefined
}

export function follow(promise: Promise<unknown>): Followed {
  const followed: Followed = { end: 'pending', error: undefined }
  promise.then(
    value => (followed.end = value),
    (error: Followed['error']) => Object.assign(followed, { end: error!.code, error }),
  )
  return followed
}
