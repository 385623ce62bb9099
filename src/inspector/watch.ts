// Floor 8. Watches one client for the inspector: logs its frames, reads its state at each look, and records a tape on request.
import { dateOf } from '../base/clock.js'
import type { ClientCore } from '../client/client-core.js'
import type { SwimClient } from '../client/client.js'
import type { Inspection } from '../client/inspection.js'
import { inspectCore } from '../inspect/gather.js'
import { coreOf, lookOn } from '../inspect/inside.js'
import { peek, type PeekedEntry } from '../inspect/peek.js'
import { record, type Tape } from '../inspect/record.js'
import { redact } from '../inspect/redact.js'
import type { FrameStore } from './frames.js'
import type { HostRow, LinkRow } from './links-view.js'

export class Watch {
  readonly #client: Pick<SwimClient, 'retryNow'>
  readonly #core: ClientCore
  #undo: (() => void) | undefined
  #tape: Tape | undefined

  /** @throws {ConfigError} when `client` is not a SwimClient */
  constructor(
    readonly name: string,
    client: object,
  ) {
    this.#core = coreOf(client)
    this.#client = client as SwimClient
  }

  start(store: FrameStore): void {
    const { clock } = this.#core.options
    const beganMs = dateOf(clock, 0).getTime()
    this.#undo ??= lookOn(this.#core, (connection, what, text) => {
      if (what !== 'in' && what !== 'out') return
      store.take(beganMs + clock.now(), () => {
        const host = connection.options.host.uri
        return { client: this.name, host, direction: what, text: redact(connection, text) }
      })
    })
  }

  stop(): void {
    this.#undo = void this.#undo?.()
    this.#tape?.stop()
  }

  look(): Inspection {
    return inspectCore(this.#core)
  }

  rowsOf({ hosts, links }: Inspection): HostRow[] {
    // Links are listed host by host.
    let next = 0
    return hosts.map(host => ({
      client: this.name,
      host,
      links: links
        .slice(next, (next += host.links))
        .map((link, i): LinkRow => ({ key: this.#keyOf(next - host.links + i), link })),
    }))
  }

  /** The entries of a link; undefined if the link is of another client. */
  entriesOf(key: string, most: number): PeekedEntry[] | undefined {
    const nth = Number(key.slice(key.lastIndexOf(' ') + 1))
    return key === this.#keyOf(nth) ? peek(this.#core, nth, most) : undefined
  }

  retryNow(): void {
    this.#client.retryNow()
  }

  record(): void {
    this.#tape = record(this.#client)
  }

  /** Ends the tape, and returns its text. */
  save(): string {
    const tape = this.#tape
    tape?.stop()
    this.#tape = undefined
    return tape?.text() ?? ''
  }

  #keyOf(nth: number): string {
    return `${this.name} ${nth}`
  }
}
