// Floor 9. Times, and what is said of many of them.

/** So many are kept: the last. */
const mostKept = 1_000_000

export interface Summary {
  readonly samples: number
  readonly median: number
  readonly p95: number
  readonly p99: number
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000

export class Samples {
  readonly #kept: number[] = []
  #count = 0

  /** All of several. */
  static together(all: readonly Samples[]): Samples {
    const sum = new Samples()
    for (const each of all) for (const ms of each.#kept) sum.add(ms)
    return sum
  }

  add(ms: number): void {
    this.#kept[this.#count++ % mostKept] = ms
  }

  /** Undefined where there are none. A percentile is a sample: the least that so many per cent do not exceed. */
  summary(): Summary | undefined {
    if (this.#count === 0) return undefined
    const sorted = Float64Array.from(this.#kept).sort()
    const at = (share: number): number => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!)
    return { samples: this.#count, median: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}
