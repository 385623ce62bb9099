// Floor 9. Samples of times, and their summary.

/** How many samples are kept: the latest ones. */
const mostKept = 1_000_000

export interface Summary {
  readonly samples: number
  readonly median: number
  /** Undefined for fewer than 20 samples, where it would be the maximum; `p99` for fewer than 100. */
  readonly p95?: number
  readonly p99?: number
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000

export class Samples {
  readonly #kept: number[] = []
  #count = 0

  /** All samples of several lists, in one. */
  static together(all: readonly Samples[]): Samples {
    const sum = new Samples()
    for (const each of all) for (const ms of each.#kept) sum.add(ms)
    return sum
  }

  add(ms: number): void {
    this.#kept[this.#count++ % mostKept] = ms
  }

  /** Undefined without samples. A percentile is the smallest sample that at least so many per cent do not exceed. */
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
