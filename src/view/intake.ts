// Floor 6. Passes the entries of source tables to an operator: all of them at the start, afterwards those that changed.
import { gone, Tail, type Table } from './table.js'
import type { Operator } from './operator.js'
import type { Rows } from './rows.js'

/** How many entries a slice looks at before it reads the clock. */
const perLook = 64
/** An `isOver` for a start without slices. */
export const never = () => false

export class Intake<K, V> {
  readonly tails: readonly Tail[]
  readonly #operator: Operator<K, V>
  readonly #rows: Rows<K, V>
  /** During a start: the index of the current source, and the rest of its entries. */
  #source = 0
  /** How often values of the sources had been changed in place at the last look. After such a change, old values can't be used. */
  #inPlace = 0
  #scan: Iterator<readonly [id: unknown, value: unknown]> | undefined

  constructor(tables: readonly Table[], operator: Operator<K, V>, rows: Rows<K, V>) {
    this.tails = tables.map((table, source) => new Tail(table, operator.isFed(source)))
    this.#operator = operator
    this.#rows = rows
  }

  /** Whether a start is needed: there was none, or a source no longer holds its changes. */
  get isLost(): boolean {
    return this.tails.some(tail => tail.isLost)
  }

  /** Brings the sources up to date. */
  settle(): void {
    for (const tail of this.tails) {
      tail.resolve()
      tail.table.settle()
    }
  }

  /** Continues the starts of the sources. Returns whether all are complete. */
  advance(isOver: () => boolean): boolean {
    return this.tails.every(tail => {
      tail.resolve()
      return tail.table.advance(isOver)
    })
  }

  begin(): void {
    for (const tail of this.tails) tail.begin()
    this.#operator.begin(this.tails.map(({ table }) => table))
    this.#inPlace = this.#countInPlace()
    this.#source = 0
    this.#scan = undefined
    this.#rows.isQuiet = true
  }

  /** Passes new entries to the operator, and then changed ones. Returns whether that is finished. */
  lookOn(isOver: () => boolean): boolean {
    const [operator, rows] = [this.#operator, this.#rows]
    if (!this.#scanOn(isOver)) return false
    if (rows.isQuiet) operator.finish(rows)
    rows.isQuiet = false
    const inPlace = this.#countInPlace()
    if (operator.forget !== undefined && inPlace !== this.#inPlace) {
      this.#inPlace = inPlace
      for (const tail of this.tails) tail.take()
      operator.forget()
      this.#source = 0
      this.#scanOn(never)
    } else {
      this.tails.forEach((tail, source) =>
        tail.take().forEach((change, id) => {
          const { key } = change
          const value = change.type === 'update' ? this.#pass(tail, key, change.value, true) : gone
          let old: unknown = gone
          if (operator.forget !== undefined && 'oldValue' in change) old = this.#pass(tail, key, change.oldValue, false)
          operator.look(source, id, key, value, old, rows)
        }),
      )
    }
    operator.finish(rows)
    return true
  }

  #countInPlace(): number {
    return this.tails[0]!.given.sources.reduce((sum, { port }) => sum + port.model.inPlace, 0)
  }

  #scanOn(isOver: () => boolean): boolean {
    const operator = this.#operator
    for (; this.#source < this.tails.length; this.#source++) {
      if (!operator.scans(this.#source)) continue
      const tail = this.tails[this.#source]!
      const look = (value: unknown, id: unknown) => {
        const key = tail.table.keyOf(id)
        operator.look(this.#source, id, key, this.#pass(tail, key, value, true), gone, this.#rows)
      }
      // A start without slices takes a third less time without an iterator.
      if (this.#scan === undefined && isOver === never) tail.table.entries.visitAsLaid(look)
      else {
        const scan = (this.#scan ??= tail.table.entries.asLaid())
        for (let count = 1, step = scan.next(); !step.done; step = scan.next(), count++) {
          look(step.value[1], step.value[0])
          if (count % perLook === 0 && isOver()) return false
        }
      }
      this.#scan = undefined
    }
    return true
  }

  /** The value if it passes the filters in between; otherwise `gone`. */
  #pass({ keeps }: Tail, key: unknown, value: unknown, isReported: boolean): unknown {
    for (let i = keeps.length - 1; i >= 0; i--) {
      try {
        if (!keeps[i]!(value, key)) return gone
      } catch (cause) {
        if (isReported) this.#rows.fail(key, cause, 'filter')
        return gone
      }
    }
    return value
  }
}
