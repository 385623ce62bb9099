// Two ends of a connection in memory, as a network has it: bytes, in order, until it is cut after so many of them.
import { Duplex } from 'node:stream'

/** Where a connection ends: behind so many bytes of those that go up to the host, or come down from it. */
export interface Cut {
  readonly way: 'up' | 'down'
  readonly after: number
  /** `end`: both ends are told in order that nothing more comes. `reset`: both fail. */
  readonly how: 'end' | 'reset'
}

class End extends Duplex {
  /** Takes what this end writes. */
  pass: (bytes: Buffer) => void = () => {}
  other!: End

  override _read(): void {}

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.pass(bytes)
    done()
  }

  /** What is written in one piece leaves in one. */
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.pass(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    done()
  }

  override _final(done: () => void): void {
    queueMicrotask(() => {
      if (!this.other.destroyed) this.other.push(null)
    })
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error)
    queueMicrotask(() => {
      if (!this.other.destroyed) this.other.destroy()
    })
  }
}

export class BytePair {
  readonly client = new End()
  readonly host = new End()
  /** Bytes that have passed. */
  up = 0
  down = 0
  #isCut = false
  readonly #cut: Cut | undefined
  readonly #onCut: () => void

  constructor(cut?: Cut, onCut = () => {}) {
    this.#cut = cut
    this.#onCut = onCut
    this.client.other = this.host
    this.host.other = this.client
    // Later, and in order: nobody hears of an answer while still asking.
    this.client.pass = bytes => queueMicrotask(() => this.#pass('up', this.host, bytes))
    this.host.pass = bytes => queueMicrotask(() => this.#pass('down', this.client, bytes))
    for (const end of [this.client, this.host]) end.on('error', () => {})
    if (cut?.after === 0) this.#end()
  }

  #pass(way: 'up' | 'down', to: End, bytes: Buffer): void {
    if (this.#isCut || to.destroyed) return
    const cut = this.#cut
    const left = cut?.way === way ? cut.after - this[way] : Infinity
    const some = bytes.subarray(0, left)
    this[way] += some.length
    if (some.length > 0) to.push(some)
    if (this[way] >= (cut?.way === way ? cut.after : Infinity)) this.#end()
  }

  /** What has passed is read first. */
  #end(): void {
    this.#isCut = true
    setImmediate(() => {
      this.#onCut()
      for (const end of [this.client, this.host]) {
        if (this.#cut?.how === 'reset') end.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
        else if (!end.destroyed) end.push(null)
      }
      // A half that is never closed holds nothing up.
      setImmediate(() => [this.client, this.host].forEach(end => end.destroy()))
    })
  }
}
