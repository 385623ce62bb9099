// Floor 3'. What carries a client's frames: a socket, or what stands for one in memory.

/** One open connection, as its peer uses it. Who makes it hands the peer what comes: `receive`, `heard`, `drained`, `ended`. */
export interface Wire {
  /** Hands a frame on; what the other end does not take at once is buffered. */
  send(frame: string): void
  /** How many bytes are buffered. */
  readonly bufferedBytes: number
  /** Runs `write`; the frames it sends leave in one piece. */
  together(write: () => void): void
  /** Reads no further until `resume`. A few frames that were read already may still come. */
  pause(): void
  resume(): void
  /** Asks the other end for a sign of life. */
  ping(): void
  /** Sends what is buffered, then closes. A reason longer than 123 bytes of UTF-8 is cut. */
  close(code: number, reason: string): void
  /** Ends at once. */
  terminate(): void
}
