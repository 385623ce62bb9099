// The store in memory.
import { describe, expect, it } from 'vitest'
import { cacheSuite } from '../../../src/cache/cache-suite.js'
import { memoryCache } from '../../../src/cache/memory-store.js'
import { byScope, memory } from '../../support/cache-stores.js'

describe('memoryCache', () => {
  for (const { name, run } of cacheSuite(byScope(memory))) it(name, run)

  it('has no scope and holds 50e6 units by default', () => {
    expect(memoryCache()).toMatchObject({ scope: undefined, maxBytes: 50e6 })
    expect(memoryCache({ scope: 'a', maxBytes: 7 })).toMatchObject({ scope: 'a', maxBytes: 7 })
  })

  it('throws for invalid options', () => {
    const refused = (options: object, message: RegExp) => expect(() => memoryCache(options)).toThrow(message)
    refused({ scope: '' }, /scope: must be a string, got no text/)
    refused({ scope: 7 }, /scope: must be a string, got 7/)
    refused({ maxBytes: -1 }, /maxBytes: must be a number from 0/)
    refused({ maxByte: 1 }, /did you mean maxBytes/)
  })
})
