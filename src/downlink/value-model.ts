// Floor 4. A value lane, as all downlinks to it share it: a replica with one entry, which may be missing.
import { compare, identity, type Reader, type Value } from '../recon/index.js'
import { isEqual } from './equal.js'
import type { Link } from '../link/link.js'
import type { LinkSink } from '../link/link-port.js'
import { Write } from '../link/outbox.js'
import { gone, Replica, type Gone } from '../store/replica.js'
import { writeBody } from '../warp/write-envelope.js'
import { isAlike, isEchoOf } from './echo.js'
import type { WriteTo } from './map-model.js'

export interface ValueObserver {
  changed(value: Value | Gone): void
}

const isEcho = isEchoOf(false)

export class ValueModel implements LinkSink {
  readonly observers = new Set<ValueObserver>()
  readonly #replica: Replica<undefined, Value>
  readonly #link: Link
  readonly #reader: Reader

  constructor(link: Link, reader: Reader) {
    this.#link = link
    this.#reader = reader
    this.#replica = new Replica<undefined, Value>({
      order: { identity, compare },
      equals: isEqual,
      isAlike,
      isEcho,
      onChange: (_id, _key, value) => {
        const isFirst = this.observers.size > 1 && link.turns.begin()
        for (const observer of this.observers) observer.changed(value)
        link.turns.end(isFirst)
      },
    })
  }

  /** What the lane holds, own writes laid over. */
  get value(): Value | Gone {
    const { shown } = this.#replica
    return shown.has(undefined) ? shown.get(undefined) : gone
  }

  event(text: string, bodyAt: number): void {
    this.#replica.hostSet(undefined, this.#reader.block(text, bodyAt) ?? gone)
  }

  beginSync(): void {
    this.#replica.beginSync()
  }

  endSync(fence: number, left: number): boolean {
    return this.#replica.endSync(fence, left)
  }

  restartSyncs(): void {
    this.#replica.restartSyncs()
  }

  abandonSync(): void {
    this.#replica.abandonSync()
  }

  gaveUp(): void {
    this.#replica.uncover()
  }

  /** Returns the command's body. @throws {OverflowError} and {ReconError}, both before anything has changed */
  set(value: Value, to: WriteTo): string {
    const body = writeBody(value)
    const { sender } = this.#link
    sender.admit('fold', undefined)
    const write = new Write({ body, kind: 'fold', id: undefined, repeatable: true, ...to })
    sender.add(write)
    this.#replica.write(undefined, value ?? gone, write)
    return body
  }
}
