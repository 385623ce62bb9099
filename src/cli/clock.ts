// Floor 9. The machine's time.
import { setTimeout as after } from 'node:timers/promises'

/** Milliseconds since an arbitrary moment; never goes backwards. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** The longest wait of a Node timer. */
const mostMs = 2 ** 31 - 1

/** Calls `work` after `ms` milliseconds. */
export const later = (ms: number, work: () => void): void => void after(Math.min(ms, mostMs)).then(work)
