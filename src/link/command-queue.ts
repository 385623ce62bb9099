// Floor 3. Commands that go without a link: they wait for the socket, and nobody hears what became of them.
import type { LaneAddress } from '../base/address.js'
import type { SwimError } from '../base/swim-error.js'
import type { Value } from '../recon/index.js'
import { writeBody, writeHead } from '../warp/write-envelope.js'
import { Outbox, Write, type Budget, type WriteOptions } from './outbox.js'

export interface CommandPort {
  readonly canSend: boolean
  send(text: string): void
}

export class CommandQueue {
  readonly #outbox: Outbox
  readonly #port: CommandPort

  constructor(budget: Budget, port: CommandPort) {
    this.#outbox = new Outbox(budget)
    this.#port = port
  }

  get isEmpty(): boolean {
    return this.#outbox.isEmpty
  }

  /** @throws {OverflowError} when it would not fit; {ReconError} when the body has no Recon form */
  add({ node, lane }: LaneAddress, command: Value, settle: WriteOptions['settle']): void {
    const body = writeHead('command', node, lane) + writeBody(command)
    if (!this.#port.canSend) this.#outbox.admit('plain', undefined)
    this.#outbox.add(new Write({ body, kind: 'plain', owner: this, settle }))
  }

  /** Sends as much as the socket takes. */
  flush(): void {
    while (!this.#outbox.isEmpty && this.#port.canSend) {
      const write = this.#outbox.next()
      if (write === undefined) return
      this.#port.send(write.body)
      write.end('taken')
    }
  }

  /** Gives up all that waits. */
  reject(error: SwimError): void {
    for (const write of this.#outbox.all()) write.end(error)
  }
}
