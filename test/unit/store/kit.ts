// A replica of a map by itself, its link's times in a test's hands, and own writes that remember how they ended.
import { isAlike } from '../../../src/downlink/echo.js'
import { compare, equals, identity, type Value } from '../../../src/recon/index.js'
import type { Judge } from '../../../src/store/covered.js'
import { OrderedMap } from '../../../src/store/ordered-map.js'
import {
  gone,
  Replica,
  type Gone,
  type WriteOutcome,
  type OwnWrite,
  type DoubtPort,
  type Sync,
} from '../../../src/store/replica.js'

/** An own write; it counts how often the replica looks at it. */
export class Own implements OwnWrite<Value> {
  static looks = 0
  readonly value: Value | Gone
  outcome: WriteOutcome | 'given up' | undefined
  /** Whether the host is known to have received it. */
  isProven: boolean | undefined
  cover: OwnWrite<Value>['cover'] = undefined
  older: OwnWrite<Value> | undefined = undefined
  newer: OwnWrite<Value> | undefined = undefined
  #seq: number
  #state: OwnWrite<Value>['state']

  /** @param seq 0: it waits */
  constructor(value: Value | Gone, seq: number) {
    this.value = value
    this.#seq = seq
    this.#state = seq > 0 ? 'sent' : 'waiting'
  }

  get state(): OwnWrite<Value>['state'] {
    Own.looks++
    return this.#state
  }

  get seq(): number {
    Own.looks++
    return this.#seq
  }

  sent(seq: number): void {
    this.#state = 'sent'
    this.#seq = seq
  }

  /** Its socket is lost. */
  returned(): void {
    this.#state = 'waiting'
  }

  end(outcome: WriteOutcome | 'given up', isProven = true): void {
    if (this.#state === 'done') throw new Error('ended twice')
    this.#state = 'done'
    this.cover?.remove(this)
    this.outcome = outcome
    this.isProven = isProven
  }
}

export const spell = (value: Value | Gone): unknown => (value === gone ? 'gone' : value)

/** Runs all steps. */
export function toEnd<T>(work: Iterator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

export class Held {
  /** What the replica goes by, and how often it asks. */
  readonly asked = { isEcho: 0, isAlike: 0, equals: 0 }
  readonly port: { -readonly [P in keyof DoubtPort]: DoubtPort[P] }
  /** Each change: key, value, old value. */
  readonly told: unknown[][] = []
  readonly replica: Replica<Value, Value>
  seq = 0

  /** @param seal called with each key and value before it shows */
  constructor(port: Partial<DoubtPort> = {}, seal?: (part: Value) => void) {
    this.port = { keepsOrder: false, nowMs: 0, provenMs: 0, ...port }
    const { asked } = this
    const judge: Judge<Value> = {
      isEcho: (sent, came) => {
        asked.isEcho++
        return sent === gone || came === gone ? sent === came : isAlike(sent, came)
      },
      isAlike: (a, b) => {
        asked.isAlike++
        return isAlike(a, b)
      },
    }
    const isEqual = (a: Value, b: Value) => {
      asked.equals++
      return equals(a, b)
    }
    const rules = { order: { identity, compare }, equals: isEqual, seal, ...judge }
    const told = (key: Value, value: Value | Gone, old: Value | Gone) => this.told.push([key, spell(value), spell(old)])
    const link = this.port
    const Told = class extends Replica<Value, Value> {
      protected readonly link = link
      changed(_id: unknown, key: Value, value: Value | Gone, old: Value | Gone) {
        told(key, value, old)
      }
      override cleared(taken: OrderedMap<Value, Value>) {
        taken.visitAsLaid((value, id) => told(taken.keyOf(id), gone, value))
      }
    }
    this.replica = new Told(rules, new OrderedMap<Value, Value>(rules.order))
  }

  /** The host's clear, from its first step to its last. */
  hostCleared(): { isOwn: boolean; isDoubtful: boolean } {
    return toEnd(this.replica.hostCleared())
  }

  /** Makes an own write that is on the wire. */
  write(key: Value, value: Value | Gone): Own {
    const own = new Own(value, ++this.seq)
    this.replica.lay(identity(key), key, own)
    return own
  }

  clear(): Own {
    const own = new Own(gone, ++this.seq)
    this.replica.layClear(own)
    return own
  }

  begin(fence = this.seq): Sync {
    const sync = { fence }
    this.replica.beginSync(sync)
    return sync
  }

  /** A sync that names these entries, all of which come between its beginning and its end. */
  sync(named: { readonly [key: string]: Value } = {}, fence = this.seq): boolean {
    const sync = this.begin(fence)
    for (const [key, value] of Object.entries(named)) this.replica.hostSet(key, value)
    return this.replica.endSync(sync)
  }

  /** What shows, by text keys. */
  get shown(): { [key: string]: Value } {
    const { shown } = this.replica
    return Object.fromEntries(shown.walk(([id, value]) => [shown.keyOf(id) as string, value]))
  }

  /** What was told since the last call. */
  take(): unknown[][] {
    return this.told.splice(0)
  }
}
