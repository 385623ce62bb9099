// The writes of one lane, over a link that a test opens, cuts and syncs: a sender and the replica that its writes are laid over.
import type { SwimError } from '../../../src/base/swim-error.js'
import { isAlike, isEchoOf } from '../../../src/downlink/echo.js'
import { compare, equals, identity, type Value } from '../../../src/recon/index.js'
import { OrderedMap } from '../../../src/store/ordered-map.js'
import { gone, Replica, type Sync } from '../../../src/store/replica.js'
import { clearBody, writeCut } from '../../../src/warp/map-op.js'
import { Outbox, type Budget, type OutboxPort } from '../../../src/write/outbox.js'
import { Sender, type SenderPort } from '../../../src/write/sender.js'
import { Write, type WriteHome, type WriteKind, type WriteOwner, type WriteWatcher } from '../../../src/write/write.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

export const makeBudget = (limit = 10_000): Budget => ({ used: 0, limit, pending: 0, changed: () => {} })

export const spellEnd = (end: string | SwimError): string => (typeof end === 'string' ? end : end.code)

/** A writer that keeps what it hears, with the names of its writes. */
export class Ends {
  readonly list: string[] = []
  readonly owner: WriteOwner

  constructor(name = 'owner', home: WriteHome = { ended: () => {} }) {
    this.owner = { ...this.as(name), home, made: () => {}, changed: () => {} }
  }

  as(name: string): WriteWatcher {
    return { ended: (end, wasSent) => void this.list.push(`${name} ${spellEnd(end)}${wasSent ? '' : ' unsent'}`) }
  }

  take(): string[] {
    return this.list.splice(0)
  }
}

/** One write by itself, which is spelled as it is called. */
export function makeWrite(name: string, ends = new Ends(), kind: WriteKind = 'command'): Write {
  return new Write({ kind, text: name, owner: ends.owner, watcher: ends.as(name) }, 0, 0)
}

/** Lets through as many writes as a test gives it room for. */
export class Port implements OutboxPort {
  readonly sent: string[] = []
  room = 0
  /** Whether those that have ended sockets may go out. */
  risks = true

  get canSend(): boolean {
    return this.room > 0
  }

  mayRisk({ losses }: Write): boolean {
    return losses === 0 || this.risks
  }

  send(body: string): void {
    this.room--
    this.sent.push(body)
  }

  gaveUps = 0

  gaveUp(): void {
    this.gaveUps++
  }

  take(): string[] {
    return this.sent.splice(0)
  }
}

export function makeBox(budget = makeBudget()) {
  const clock = new VirtualClock()
  const port = new Port()
  const box = new Outbox({ clock, budget }, port)
  const ends = new Ends('owner', { ended: (_write, was) => box.ended(was === 'waiting') })
  const newest = new Map<string, Write>()
  /** Posts a write that is spelled as it is called, to the entry that its first letter names. */
  const add = (name: string, kind: WriteKind = 'update'): Write => {
    const entry = name[0]!
    const options = { kind, text: name, owner: ends.owner, watcher: ends.as(name) }
    const isOfEntry = kind === 'update' || kind === 'remove'
    const write = box.post(options, isOfEntry ? newest.get(entry) : undefined)
    if (isOfEntry) newest.set(entry, write)
    return write
  }
  const names = () => box.all().map(({ body }) => body)
  /** Sends as many as there is room for. */
  const flush = (room = Infinity): Write[] => {
    const writes: Write[] = []
    port.room = room
    box.flush({
      sent(write) {
        write.sent(writes.length + 1, clock.now())
        writes.push(write)
      },
    })
    port.room = 0
    return writes
  }
  return { box, budget, ends, add, names, flush, port, clock }
}

/** A lane's sender and its replica; a test says what the link does. */
export class Lane {
  readonly clock = new VirtualClock()
  readonly budget = makeBudget()
  readonly ends: Ends
  readonly port = new Port()
  /** Writes whose echo is late, by number; and what is to come of it. */
  readonly late: number[] = []
  decides = true
  readonly calls: string[] = []
  readonly sender: Sender
  readonly replica: Replica<Value, Value>
  #newest: Write | undefined

  constructor() {
    const { clock, budget, port } = this
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the object below has a `this` of its own
    const lane = this
    const link: SenderPort = {
      where: 'lane "map" of node "/unit/1"',
      get canSend() {
        return port.canSend
      },
      mayRisk: write => port.mayRisk(write),
      send: body => port.send(body),
      echoIsLate: seq => {
        lane.late.push(seq)
        return lane.decides
      },
      gaveUp: () => {
        lane.calls.push('gaveUp')
        lane.replica.gaveUp()
      },
      risked: write => void lane.calls.push(`risked ${write.body}`),
    }
    this.sender = new Sender({ clock, budget, echoTimeoutMs: 2000 }, link)
    this.ends = new Ends('owner', this.sender)
    const rules = { order: { identity, compare }, equals, isAlike, isEcho: isEchoOf(false) }
    const Quiet = class extends Replica<Value, Value> {
      protected readonly link = { keepsOrder: false, provenMs: 0, nowMs: 0 }
      changed() {}
    }
    this.replica = new Quiet(rules, new OrderedMap<Value, Value>(rules.order))
    port.room = Infinity
  }

  set(key: Value, value: Value): void {
    this.#write('update', key, value)
  }

  remove(key: Value): void {
    this.#write('remove', key, gone)
  }

  clear(): void {
    this.replica.layClear(this.#post('clear', clearBody))
    this.sender.flush()
  }

  cut(op: 'drop' | 'take', count: number): void {
    this.#post(op, writeCut(op, count))
    this.sender.flush()
  }

  /** The socket is lost, and nothing goes out until the next sync has ended. */
  lose(): void {
    this.port.room = 0
    this.replica.abandonSync()
    this.sender.disconnected()
  }

  /** A sync that names these entries and no others; then what waits goes out. */
  sync(entries: { readonly [key: string]: Value } = {}): boolean {
    const sync: Sync = { fence: this.sender.seq }
    this.replica.beginSync(sync)
    for (const [key, value] of Object.entries(entries)) this.replica.hostSet(key, value)
    const isOpen = this.replica.endSync(sync)
    this.port.room = Infinity
    this.sender.flush()
    return isOpen
  }

  shown(): { [key: string]: Value } {
    const { shown } = this.replica
    return Object.fromEntries(shown.walk(([id, value]) => [shown.keyOf(id) as string, value]))
  }

  get newest(): Write {
    return this.#newest!
  }

  #write(kind: 'update' | 'remove', key: Value, value: Value | typeof gone): void {
    const newest = this.replica.covered(identity(key))?.newest as Write | undefined
    const name = value === gone ? `-${String(key)}` : `${String(key)}=${String(value)}`
    this.#newest = this.sender.post({ kind, value, owner: this.ends.owner, watcher: this.ends.as(name) }, newest)
    this.replica.lay(identity(key), key, this.#newest)
    this.sender.flush()
  }

  #post(kind: 'clear' | 'drop' | 'take', text: string): Write {
    return (this.#newest = this.sender.post({ kind, text, owner: this.ends.owner, watcher: this.ends.as(kind) }))
  }
}
