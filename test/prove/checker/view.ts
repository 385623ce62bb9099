// What one client shows, judged line by line. Imports nothing of the client.
import type { Entries, Line, WriteOp } from '../lines.js'
import type { FaultKind } from './fault.js'
import type { Order } from './order.js'

/** A write, by whomever. */
export interface OwnWrite {
  readonly id: string
  readonly by: string
  readonly op: WriteOp
  readonly key: string | undefined
  readonly t: number
  /** What it sets; undefined where it removes. */
  readonly v: string | undefined
  /** How far its client had come in the order of its entry when it was made. */
  from: number | undefined
  end: { readonly t: number; readonly isRejected: boolean } | undefined
}

export type Writes = ReadonlyMap<string, OwnWrite>

type Report = (kind: FaultKind, key: string | undefined, text: string, at: Line) => void

/** The host notes a change before or with the change itself; a process may be stopped in between, for no longer than this. */
const slackMs = 50

const named = (v: string | undefined): string => v ?? 'nothing'

export class View {
  readonly judged = { callbacks: 0, reads: 0, unknown: 0 }
  readonly #by: string
  readonly #startedAt: number
  readonly #order: Order
  readonly #writes: Writes
  readonly #report: Report
  readonly #told = new Map<string, string>()
  readonly #batched = new Map<string, string>()
  /** How far this client has come in the order of each entry: what it shows next can't be older. */
  readonly #cursors = new Map<string, number>()
  /** Own writes of each entry since something else showed. */
  readonly #laid = new Map<string, OwnWrite[]>()
  #isSynced = false

  constructor(first: Line, order: Order, writes: Writes, report: Report) {
    this.#by = first.by
    this.#startedAt = first.t
    this.#order = order
    this.#writes = writes
    this.#report = report
  }

  wrote(write: OwnWrite): void {
    if (write.key !== undefined) write.from = this.#cursor(write.key)
    for (const key of write.key === undefined ? this.#order.keys : [write.key]) {
      const laid = this.#laid.get(key)
      if (laid === undefined) this.#laid.set(key, [write])
      else laid.push(write)
    }
  }

  /** A promise said that the host has held what was written. */
  taken(write: OwnWrite | undefined, line: Line): void {
    if (write?.key === undefined) return
    const { key, v, id, op } = write
    if (this.#order.find(key, v, write.from ?? 0, line.t) !== undefined) return
    if (this.#order.source === 'observer') {
      this.judged.unknown++
      return
    }
    this.#report('falsely taken', key, `${op} ${id} was told as taken, and the host had not had it by then`, line)
  }

  /** Writes without a promise tell nobody that they are taken back: it is no fault if those go that the host has not had. */
  discards(key: string, { t }: Line): void {
    for (const write of this.#laid.get(key) ?? []) {
      if (write.op !== 'set' && write.op !== 'delete') continue
      const isHeard = write.v !== undefined && this.#order.find(key, write.v, 0, t) !== undefined
      if (!isHeard) write.end ??= { t, isRejected: true }
    }
  }

  /** A promise said that what was written was never sent. */
  discarded(write: OwnWrite | undefined, line: Line): void {
    if (write?.key === undefined || write.v === undefined) return
    if (!this.#order.held(write.key, write.v)) return
    this.#report('not taken back', write.key, `${write.op} ${write.id} was taken back, and the host has held it`, line)
  }

  told(line: Line & { readonly e: 'update' | 'gone' }): void {
    this.judged.callbacks++
    const { key, old } = line
    const v = line.e === 'update' ? line.v : undefined
    const before = this.#told.get(key)
    if (before === v) this.#report('doubled callback', key, `a callback told ${named(v)} once more`, line)
    else if (before !== old) {
      this.#report('wrong old value', key, `a callback told ${named(old)} as the old value of ${named(before)}`, line)
    }
    if (v === undefined) this.#told.delete(key)
    else this.#told.set(key, v)
    this.#show(key, v, line)
  }

  batch(changes: readonly { readonly key: string; readonly v?: string }[]): void {
    for (const { key, v } of changes) {
      if (v === undefined) this.#batched.delete(key)
      else this.#batched.set(key, v)
    }
  }

  read(key: string, v: string | undefined, line: Line): void {
    this.judged.reads++
    const told = this.#told.get(key)
    if (told !== v) {
      this.#report('missing callback', key, `${named(v)} is read where callbacks told ${named(told)}`, line)
      // What was not told is known from here on.
      if (v === undefined) this.#told.delete(key)
      else this.#told.set(key, v)
    }
    this.#show(key, v, line)
  }

  map(entries: Entries, line: Line): void {
    const there = new Map(entries)
    for (const key of this.#order.keys) this.read(key, there.get(key), line)
    for (const [key, v] of entries) if (!this.#order.has(key)) this.read(key, v, line)
  }

  synced(): void {
    this.#isSynced = true
  }

  /** What a raw socket was told. */
  saw(key: string, v: string | undefined, line: Line): void {
    this.#isSynced = true
    this.judged.callbacks++
    this.#show(key, v, line)
  }

  /** After quiet. */
  quiet(line: Line & { readonly e: 'quiet' }, truth: Entries | undefined): void {
    const { entries, synced, unsettled } = line
    if (!synced) this.#report('unsettled', undefined, 'the map is not synced after quiet', line)
    if (unsettled > 0) this.#report('unsettled', undefined, `${unsettled} promises have not settled after quiet`, line)
    for (const [key, here, there] of differences(entries, truth ?? entries)) {
      this.#report('unequal', key, `shows ${named(here)} after quiet, and the host has ${named(there)}`, line)
    }
    for (const [key, here, told] of differences(entries, [...this.#told])) {
      this.#report('missing callback', key, `shows ${named(here)} after quiet, and callbacks told ${named(told)}`, line)
    }
    for (const [key, here, told] of differences(entries, [...this.#batched])) {
      this.#report('wrong batches', key, `shows ${named(here)} after quiet, and batches told ${named(told)}`, line)
    }
  }

  /** What a fresh raw socket was told of the lane after quiet: the last that the host held. */
  lane(entries: Entries, line: Line): void {
    if (this.#order.source === 'observer') return
    const last = [...this.#order.keys].flatMap(key => {
      const v = this.#order.of(key).at(-1)!.v
      return v === undefined ? [] : [[key, v] as const]
    })
    for (const [key, there, held] of differences(entries, last)) {
      this.#report(
        'lost',
        key,
        `the host has ${named(there)} after quiet, and the last that it held was ${named(held)}`,
        line,
      )
    }
  }

  /** What a process sees was there when it began, or later. */
  #cursor(key: string): number {
    return this.#cursors.get(key) ?? this.#order.at(key, this.#startedAt - slackMs)
  }

  #show(key: string, v: string | undefined, line: Line): void {
    // A map says of no entry that it is not there before its first sync.
    if (v === undefined ? !this.#isSynced : !this.#wasWritten(key, v, line)) return
    const laid = this.#laid.get(key) ?? []
    // An own write shows at once, and for as long as nothing else does.
    if (laid.at(-1)?.v === v && laid.length > 0) return
    const isTakenBack = this.#takeBack(laid, v, line)
    const cover = laid.at(-1)
    if (isTakenBack && cover !== undefined && cover.v === v) return
    this.#laid.delete(key)
    const cursor = this.#cursor(key)
    // A write without a promise may have been rejected unseen: of it, only what the host has had is known.
    const isFollowed = cover?.op === 'put' || cover?.op === 'remove'
    const isBinding = cover !== undefined && cover.op !== 'clear' && !isTakenBack
    const heard = isBinding
      ? this.#order.find(key, cover.v, cover.from ?? 0, isFollowed ? undefined : line.t)
      : undefined
    const { source } = this.#order
    // Of what the host has had of this client, nothing older may show. A clear is noted once it was made. An observer may be told
    // later than this client.
    const until = source === 'observer' ? Infinity : v === undefined ? line.t + slackMs : line.t
    const found = this.#order.find(key, v, Math.max(cursor, heard ?? 0), until)
    if (found !== undefined && !(source === 'observer' && v === undefined)) {
      this.#cursors.set(key, found)
      if (isBinding && heard === undefined && isFollowed && source === 'record') {
        this.#report(
          'gave way',
          key,
          `${cover.op} ${cover.id} gave way to ${named(v)}, and the host never had it`,
          line,
        )
      }
      return
    }
    const ever = this.#order.find(key, v, 0)
    if (source === 'observer' && (v === undefined || ever === undefined)) this.judged.unknown++
    else if (this.#order.find(key, v, cursor, until) !== undefined) {
      this.#report(
        'gave way',
        key,
        `${cover!.op} ${cover!.id} gave way to ${named(v)}, which was there before it`,
        line,
      )
    } else if (ever === undefined) {
      this.#report('never held', key, `shows ${named(v)}, and the host never held it`, line)
    } else if (this.#order.find(key, v, cursor) !== undefined) {
      this.#report('too early', key, `shows ${named(v)} before the host held it`, line)
    } else {
      const shown = this.#order.of(key)[cursor]!.v
      const kind = shown === undefined ? 'resurrected' : 'stale'
      this.#report(kind, key, `shows ${named(v)} after ${named(shown)}, which the host held later`, line)
    }
  }

  /**
   * Takes off the newest writes that were rejected, and of those under them what had ended, or may have. What is left may show: an
   * own write that has not ended, or an own clear. Returns whether any was rejected. Promises settle once the turn is over in which
   * something else shows.
   */
  #takeBack(laid: OwnWrite[], v: string | undefined, { t }: Line): boolean {
    let until = -Infinity
    while (laid.at(-1)?.end?.isRejected) until = Math.max(t, until, laid.pop()!.end!.t)
    if (until === -Infinity) return false
    const isOver = ({ op, end, ...write }: OwnWrite) =>
      op === 'set' || op === 'delete' ? write.v !== v : (end?.t ?? Infinity) <= until
    while (laid.length > 0 && isOver(laid.at(-1)!)) laid.pop()
    return true
  }

  #wasWritten(key: string, v: string, line: Line): boolean {
    const write = this.#writes.get(v)
    if (write === undefined || write.v === undefined || write.t > line.t) {
      this.#report('ghost', key, `shows ${v}, which nobody had written`, line)
      return false
    }
    if (write.key === key) return true
    this.#report('other key', key, `shows ${v}, which was written to ${named(write.key)}`, line)
    return false
  }
}

function differences(a: Entries, b: Entries): [key: string, a: string | undefined, b: string | undefined][] {
  const [left, right] = [new Map(a), new Map(b)]
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter(key => left.get(key) !== right.get(key))
    .map(key => [key, left.get(key), right.get(key)])
}
