// Floor 8. What a test is told that does not hold.

/** What a test host found: lanes and maps that differ, or what is left over at its end. The message says what, where and by which seed. */
export class TestHostError extends Error {
  override readonly name = 'TestHostError'
}
