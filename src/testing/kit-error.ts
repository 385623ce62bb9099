// Floor 8. The error of the test host.

/**
 * The error of a test host: maps that differ from their lanes, or leftovers at its end. The message names them and the seed.
 * @example
 * await expect(host.converged(1000)).rejects.toThrow(TestHostError)
 */
export class TestHostError extends Error {
  /** The name of this class. */
  override readonly name = 'TestHostError'
}
