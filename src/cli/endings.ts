// Floor 9. What is to be put in order before the process ends, however it ends.
import { exit } from './fault.js'

const endings = new Set<() => void>()

/** Calls `end` when the process is interrupted. Returns its undo. */
export function atInterrupt(end: () => void): () => void {
  endings.add(end)
  return () => endings.delete(end)
}

/** Ctrl-C and a polite kill end a command at once, its terminal in order. */
export function endOnSignal(): void {
  for (const [signal, code] of [
    ['SIGINT', exit.interrupted],
    ['SIGTERM', exit.terminated],
  ] as const) {
    process.on(signal, () => {
      for (const end of endings) end()
      process.exit(code)
    })
  }
}
