// Floor 8. The error of the test host.

/**
 * A finding of a test host: lanes and maps that differ, or what is left over at its end. The message names them and the seed.
 * @example
 * await expect(host.converged(1000)).rejects.toThrow(TestHostError)
 */
export class TestHostError extends Error {
  /** The name of this class. */
  override readonly name = 'TestHostError'
}
