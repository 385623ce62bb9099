// Floor 8. What a test is told that does not hold.

/** What a test host found: lanes and maps that differ, or what is left over at its end. The message says what, where and by which seed. */
export class TestHostError extends Error {
  /** What it is told apart from other errors by. */
  override readonly name = 'TestHostError'
}
