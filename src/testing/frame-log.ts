// Floor 8. The last frames on the wire of a test.

/** A frame on the wire of a test. */
export interface TestFrame {
  /** Milliseconds of the test's clock. */
  readonly at: number
  /** The number of the client; the first is 0. */
  readonly client: number
  /** `in`: from the host; `out`: from the client. */
  readonly direction: 'in' | 'out'
  /** The frame, as on the wire. */
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
