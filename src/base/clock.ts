// Floor 0. Time, chance and turns of the event loop enter by this door alone, so that tests can own them.

/** Undoes what was scheduled; harmless when it has already run. */
export type Cancel = () => void

/** Where the client gets its time from. All delays are in milliseconds. */
export interface Clock {
  /** Milliseconds from any fixed start, never going back. */
  now(): number
  /** At least 0, below 1. */
  random(): number
  /** Runs once, not before `delayMs` have passed. */
  timer(run: () => void, delayMs: number): Cancel
  /** Runs once, in a turn of its own, as soon as the loop is free. */
  turn(run: () => void): Cancel
  /** Runs once, when a visible page draws next; within 250 ms in a hidden one; in a turn of its own where there is no page. */
  frame(run: () => void): Cancel
}

/**
 * A timer for what must have happened by then. When a loop was blocked, timers run before what has come is read: `run` comes a
 * turn later, after that.
 */
export function deadline(clock: Clock, run: () => void, delayMs: number): Cancel {
  let cancel = clock.timer(() => (cancel = clock.turn(run)), delayMs)
  return () => cancel()
}

const turn: Clock['turn'] =
  typeof setImmediate === 'function'
    ? run => {
        const handle = setImmediate(run)
        return () => clearImmediate(handle)
      }
    : run => {
        // Cloudflare's Workers have none before the compatibility date 2025-08-15.
        if (typeof MessageChannel !== 'function') return systemClock.timer(run, 0)
        // A message is not held back as a nested timer is (4 ms), nor throttled in a hidden page.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          port1.close()
          run()
        }
        port2.postMessage(0)
        return () => port1.close()
      }

/** The date at which a clock showed `ms`. */
export const dateOf = (clock: Clock, ms: number): Date => new Date(Date.now() - (clock.now() - ms))

/** The wait between notifications in a hidden page; browsers make it a second. */
const hiddenFrameMs = 250

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  timer(run, delayMs) {
    const handle = setTimeout(run, delayMs)
    return () => clearTimeout(handle)
  },
  turn,
  frame(run) {
    // A worker may have requestAnimationFrame, and has no document: it draws nothing that these changes are for.
    if (typeof document !== 'object' || typeof requestAnimationFrame !== 'function') return turn(run)
    // A page that is hidden, or will be before it draws, draws no frame: the timer then runs what waits, and seldom enough
    // for a page that nobody sees.
    const cancel = () => {
      cancelAnimationFrame(frame)
      clearTimeout(late)
    }
    const once = () => {
      cancel()
      run()
    }
    const frame = requestAnimationFrame(once)
    const late = setTimeout(once, hiddenFrameMs)
    return cancel
  },
}
