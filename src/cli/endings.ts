// Floor 9. What is to be put in order before the process ends, however it ends.
import { setTimeout as after } from 'node:timers/promises'
import { exit } from './fault.js'

const endings = new Set<() => unknown>()

/** So long a command may take to put in order what it has changed. */
const mostMs = 5000

/** Calls `end` when the process is interrupted; what it gives is waited for, up to five seconds. Returns its undo. */
export function atInterrupt(end: () => unknown): () => void {
  endings.add(end)
  return () => endings.delete(end)
}

/** Ctrl-C and a polite kill end a command at once, its terminal in order; a second one does not wait for anything. */
export function endOnSignal(): void {
  let isEnding = false
  for (const [signal, code] of [
    ['SIGINT', exit.interrupted],
    ['SIGTERM', exit.terminated],
  ] as const) {
    process.on(signal, () => {
      const late = isEnding ? [] : [...endings].map(end => end()).filter(each => each instanceof Promise)
      if (late.length === 0) process.exit(code)
      isEnding = true
      void Promise.race([Promise.allSettled(late), after(mostMs)]).then(() => process.exit(code))
    })
  }
}
