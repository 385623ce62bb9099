// Floor 3'. The connection that carries a client's frames: a socket, or its replacement in memory.

/** One open connection, as its peer uses it. Its maker calls the peer's `receive`, `heard`, `drained` and `ended`. */
export interface Wire {
  /** Sends a frame. What the client does not take at once is buffered. */
  send(frame: string): void
  /** The number of buffered bytes. */
  readonly bufferedBytes: number
  /** Runs `write`. The frames that it sends leave in one piece. */
  together(write: () => void): void
  /** Stops reading until `resume`. A few frames that were read already may still come. */
  pause(): void
  resume(): void
  /** Asks the client for a sign of life. */
  ping(): void
  /** Sends what is buffered, then closes. A reason longer than 123 bytes of UTF-8 is cut. */
  close(code: number, reason: string): void
  /** Ends the connection at once. */
  terminate(): void
}
