// Floor 9. Times, and what is said of many of them.

/** So many are kept: the last. */
const mostKept = 1_000_000

export interface Summary {
  readonly samples: number
  readonly median: number
  /** Left out of fewer than 20 samples, where it would be the most of them; so is `p99` of fewer than 100. */
  readonly p95?: number
  readonly p99?: number
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
    const at = (percent: number): number => round(sorted[Math.ceil((percent * sorted.length) / 100) - 1]!)
    const has = (percent: number): boolean => sorted.length * (100 - percent) >= 100
    return {
      samples: this.#count,
      median: at(50),
      ...(has(95) ? { p95: at(95) } : {}),
      ...(has(99) ? { p99: at(99) } : {}),
    }
  }
}
