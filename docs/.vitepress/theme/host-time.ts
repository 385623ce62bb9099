// The time of a host in memory passes with that of the page.
import type { TestHost } from 'swimlink/testing'

/** How much time passes at once, in milliseconds. */
const stepMs = 100

/** Has the host's time pass, and calls `show` after each step. Returns what ends it. */
export function passTime(host: TestHost, show: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  async function step(): Promise<void> {
    await host.advance(stepMs)
    if (timer === undefined) return
    show()
    timer = setTimeout(() => void step(), stepMs)
  }
  timer = setTimeout(() => void step())
  return () => {
    clearTimeout(timer)
    timer = undefined
  }
}
