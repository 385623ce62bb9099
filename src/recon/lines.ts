// Floor 1. Storing by key, each key that comes often on a line of code of its own: engines remember by line which key is stored
// there, and a line that stores two takes 35 ns for each instead of 5.
import type { Value } from './value.js'

/** An object under construction. */
export type Plain = { [key: string]: Value }

/** The line of keys that have none. */
export const shared = -1
let taken = 0

/** A line for another key, as long as there are any. */
export const nextLine = (): number => (taken < 12 ? taken++ : shared)

/** `made[name] = value`, on that line. Returns which it was: of cases that do the same, minifiers make one. */
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
