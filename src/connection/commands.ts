// Floor 5. Commands without a link, of one host: they wait for its socket, and end once they are on the wire.
import { laneAddress, type Host } from '../base/address.js'
import type { SwimError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import { writeBody, writeHead } from '../warp/write-envelope.js'
import { Outbox, type OutboxOptions, type OutboxPort } from '../write/outbox.js'
import type { Write, WriteHome, WriteOwner, WriteWatcher } from '../write/write.js'

export interface CommandsOptions extends OutboxOptions {
  readonly host: Host
}

export class Commands implements WriteHome {
  readonly #options: CommandsOptions
  readonly #outbox: Outbox
  readonly #owner: WriteOwner = { home: this, made: () => {}, changed: () => {}, ended: () => {} }

  constructor(options: CommandsOptions, port: OutboxPort) {
    this.#options = options
    // Commands end once they are on the wire, and cover no entry.
    this.#outbox = new Outbox(options, port)
  }

  get isEmpty(): boolean {
    return this.#outbox.isEmpty
  }

  /** The commands that wait. */
  all(): Write[] {
    return this.#outbox.all()
  }

  /**
   * Adds a command. Once the command is on the wire, `watcher` is notified of `taken`.
   * @throws {OverflowError} when there is no room
   * @throws {ReconError} when the body has no Recon form
   */
  post(node: string, lane: string, body: Value, watcher: WriteWatcher): void {
    const address = laneAddress(node, lane, this.#options.host.url)
    const text = writeHead('command', address.node, address.lane) + writeBody(body)
    this.#outbox.post({ kind: 'command', text, owner: this.#owner, watcher })
  }

  flush(): void {
    this.#outbox.flush()
  }

  reject(error: SwimError): void {
    for (const write of this.all()) write.end(error)
  }

  ended(_write: Write, was: 'waiting' | 'sent'): void {
    this.#outbox.ended(was === 'waiting')
  }
}
