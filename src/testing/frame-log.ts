// Floor 8. What went over the wire of a test: the last of it.

/** A frame that went over the wire of a test. */
export interface TestFrame {
  /** Milliseconds of the test's clock. */
  readonly at: number
  /** Which client's: the first is 0. */
  readonly client: number
  /** `in`: from the host; `out`: from the client. */
  readonly direction: 'in' | 'out'
  /** The frame, as it went over the wire. */
  readonly text: string
}

export class FrameLog {
  readonly #most: number
  #frames: TestFrame[] = []

  constructor(most: number) {
    this.#most = most
  }

  get all(): readonly TestFrame[] {
    return this.#most === 0 ? [] : this.#frames.slice(-this.#most)
  }

  add(frame: TestFrame): void {
    this.#frames.push(frame)
    if (this.#frames.length > 2 * this.#most + 16) this.#frames = this.#frames.slice(-this.#most)
  }
}
