// Floor 1. Stores values by key. Each frequent key has a line of code of its own, because engines remember by line which key is
// stored there. A line that stores two keys takes 35 ns for each instead of 5.
import type { Value } from './value.js'

/** An object under construction. */
export type Plain = { [key: string]: Value }

/** The line for all keys without a line of their own. */
export const shared = -1
let taken = 0

/** A line for one more key; `shared` once all lines are taken. */
export const nextLine = (): number => (taken < 12 ? taken++ : shared)

/** Runs `made[name] = value` on the given line. Returns the line, because minifiers merge cases that do the same. */
export function store(made: Plain, name: string, value: Value, line: number): number {
  switch (line) {
    case 0:
      made[name] = value
      return 0
    case 1:
      made[name] = value
      return 1
    case 2:
      made[name] = value
      return 2
    case 3:
      made[name] = value
      return 3
    case 4:
      made[name] = value
      return 4
    case 5:
      made[name] = value
      return 5
    case 6:
      made[name] = value
      return 6
    case 7:
      made[name] = value
      return 7
    case 8:
      made[name] = value
      return 8
    case 9:
      made[name] = value
      return 9
    case 10:
      made[name] = value
      return 10
    case 11:
      made[name] = value
      return 11
    default:
      made[name] = value
      return shared
  }
}
