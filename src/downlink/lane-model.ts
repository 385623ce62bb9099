// Floor 5. A lane, as all downlinks of one kind to it share it: a replica of what the host holds, own writes laid over.
import type { Link } from '../link/link.js'
import type { LinkSink } from '../link/link-port.js'
import type { Write, WriteOptions } from '../write/outbox.js'
import { compare, identity, type Value } from '../recon/index.js'
import { Replica, type Gone, type ReplicaRules } from '../store/replica.js'
import { isAlike, isEchoOf } from './echo.js'
import { isEqual } from './equal.js'
import type { WriteTo } from './parts.js'

/** A downlink, as its model sees it. */
export interface LaneObserver<K> {
  changed(id: unknown, key: K, value: Value | Gone, old: Value | Gone): void
}

const rulesOf = (keepsEmpty: boolean): ReplicaRules<Value, Value> => ({
  order: { identity, compare },
  equals: isEqual,
  isAlike,
  isEcho: isEchoOf(keepsEmpty),
})

const dropping = rulesOf(false)
const keeping = rulesOf(true)

/** @param K the keys: those of a map, or the one of a value, undefined */
export abstract class LaneModel<K extends Value, O extends LaneObserver<K>> implements LinkSink {
  readonly kind: string
  readonly replica: Replica<K, Value>
  readonly observers = new Set<O>()
  protected readonly link: Link

  constructor(kind: string, link: Link, keepsEmpty: boolean) {
    this.kind = kind
    this.link = link
    this.replica = new Replica<K, Value>(keepsEmpty ? keeping : dropping, (id, key, value, old) => {
      // With one observer, its telling is the last that happens here.
      const isFirst = this.observers.size > 1 && link.turns.begin()
      for (const observer of this.observers) observer.changed(id, key, value, old)
      link.turns.end(isFirst)
    })
  }

  abstract event(text: string, bodyAt: number): void

  beginSync(): void {
    this.replica.beginSync()
  }

  endSync(fence: number, left: number): boolean {
    return this.replica.endSync(fence, left)
  }

  restartSyncs(): void {
    this.replica.restartSyncs()
  }

  abandonSync(): void {
    this.replica.abandonSync()
  }

  gaveUp(): void {
    this.replica.uncover()
  }

  /** @throws {OverflowError} before anything has changed */
  protected write(key: K, value: Value | Gone, body: string, to: WriteTo): string {
    const write = this.post({ body, kind: 'fold', id: identity(key), repeatable: true, ...to })
    this.replica.write(key, value, write)
    return body
  }

  protected post(options: WriteOptions): Write {
    return this.link.sender.post(options)
  }
}
