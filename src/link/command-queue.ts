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

export class CommandQueue extends Outbox {
  readonly #port: CommandPort

  constructor(budget: Budget, port: CommandPort) {
    super(budget)
    this.#port = port
  }

  /** @throws {OverflowError} when it would not fit; {ReconError} when the body has no Recon form */
  command({ node, lane }: LaneAddress, command: Value, settle: WriteOptions['settle']): void {
    const body = writeHead('command', node, lane) + writeBody(command)
    if (!this.#port.canSend) this.admit('plain', undefined)
    this.add(new Write({ body, kind: 'plain', owner: this, settle }))
  }

  /** Sends as much as the socket takes. */
  send(): void {
    const port = this.#port
    this.flush(
      () => port.canSend,
      write => {
        port.send(write.body)
        write.end('taken')
      },
    )
  }

  /** Gives up all that waits. */
  reject(error: SwimError): void {
    for (const write of this.all()) write.end(error)
  }
}
