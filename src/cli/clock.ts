// Floor 9. The time of the machine.
import { setTimeout as after } from 'node:timers/promises'

/** Milliseconds since some moment, never backwards. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** The longest that a timer of Node waits. */
const mostMs = 2 ** 31 - 1

/** Calls `work` in so many milliseconds. */
export const later = (ms: number, work: () => void): void => void after(Math.min(ms, mostMs)).then(work)
