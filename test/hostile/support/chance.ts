// Chance from a seed, and what is drawn by it.
import { chanceOf } from '../../../src/testing/random.js'

export class Chance {
  readonly next: () => number

  constructor(seed: number) {
    this.next = chanceOf(seed)
  }

  /** An integer from 0 on, below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** Whether something of a probability happens. */
  is(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}
