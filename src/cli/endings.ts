// Floor 9. Cleans up before the process ends, for whatever reason.
import { setTimeout as after } from 'node:timers/promises'
import { exit } from './fault.js'

const endings = new Set<() => unknown>()

/** How long a command may take to clean up. */
const mostMs = 5000

/** Calls `end` when the process is interrupted, and waits up to five seconds for its promise. Returns its undo. */
export function atInterrupt(end: () => unknown): () => void {
  endings.add(end)
  return () => endings.delete(end)
}

/** Ctrl-C or SIGTERM ends a command at once, and restores the terminal. A second signal ends it without waiting. */
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
