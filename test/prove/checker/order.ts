// The order in which the host held values, entry by entry. Imports nothing of the client.
import type { Line } from '../lines.js'

/** What an entry was from some time on; no value: it was not there. */
export interface State {
  readonly v: string | undefined
  readonly t: number
}

/**
 * Where the order comes from. `record`: the host wrote it down, and it is whole. `observer`: a raw socket was told it. Such an order
 * has gaps: the host folds updates, and its removes may come late, so they are left out. Its times are those at which the observer
 * was told, which may be after a client was.
 */
export type Source = 'record' | 'observer'

/** The states of each entry. A position is an index; each entry begins at 0, before the host started, with nothing. */
export class Order {
  readonly source: Source
  readonly #states = new Map<string, State[]>()
  readonly #firsts = new Map<string, Map<string, number>>()
  readonly #held = new Map<string, Set<string>>()

  constructor(lines: readonly Line[], source: Source) {
    this.source = source
    const keys = new Set<string>()
    for (const line of lines) if ('key' in line && line.key !== undefined) keys.add(line.key)
    for (const key of keys) {
      this.#states.set(key, [{ v: undefined, t: -Infinity }])
      this.#firsts.set(key, new Map())
      this.#held.set(key, new Set())
    }
    const twice = source === 'observer' ? sentTwice(lines) : new Set<string>()
    const add = (key: string, v: string | undefined, t: number) => {
      const states = this.#states.get(key)!
      if (v !== undefined && !this.#firsts.get(key)!.has(v)) this.#firsts.get(key)!.set(v, states.length)
      if (v !== undefined) this.#held.get(key)!.add(v)
      states.push({ v, t })
    }
    for (const line of lines) {
      const { t } = line
      // A host that starts anew holds nothing: a new epoch, which is one more state of each entry.
      if (line.e === 'up' || line.e === 'clear') for (const key of keys) add(key, undefined, t)
      else if (source === 'record' && line.e === 'hold') add(line.key, line.v, t)
      else if (source === 'record' && line.e === 'drop') add(line.key, undefined, t)
      else if (source === 'observer' && line.e === 'saw' && line.v !== undefined) {
        if (twice.has(line.v)) this.#held.get(line.key)!.add(line.v)
        else add(line.key, line.v, t)
      }
    }
  }

  get keys(): Iterable<string> {
    return this.#states.keys()
  }

  has(key: string): boolean {
    return this.#states.has(key)
  }

  of(key: string): readonly State[] {
    return this.#states.get(key) ?? [{ v: undefined, t: -Infinity }]
  }

  /** Whether an entry ever had a value, wherever in the order that was. */
  held(key: string, v: string): boolean {
    return this.#held.get(key)?.has(v) ?? false
  }

  /** The first position from `from` on, not after the time `until`, at which an entry was this. */
  find(key: string, v: string | undefined, from: number, until = Infinity): number | undefined {
    const states = this.of(key)
    const start = v === undefined ? from : Math.max(from, this.#firsts.get(key)?.get(v) ?? Infinity)
    for (let at = start; at < states.length && states[at]!.t <= until; at++) if (states[at]!.v === v) return at
    return undefined
  }

  /** The position at a time. */
  at(key: string, t: number): number {
    const states = this.of(key)
    let [low, high] = [0, states.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (states[middle]!.t <= t) low = middle
      else high = middle - 1
    }
    return low
  }
}

/**
 * The writes that may have gone out twice, as their client lost its link before they had ended. The host may have held them twice,
 * and the observer may have been told of either time: so they have no place in its order.
 */
export function sentTwice(lines: readonly Line[]): Set<string> {
  const open = new Map<string, Set<string>>()
  const twice = new Set<string>()
  for (const line of lines) {
    if (line.e === 'write') open.set(line.by, (open.get(line.by) ?? new Set()).add(line.id))
    else if (line.e === 'end') open.get(line.by)?.delete(line.id)
    else if (line.e === 'status' && line.is === 'stale') for (const id of open.get(line.by) ?? []) twice.add(id)
  }
  return twice
}
