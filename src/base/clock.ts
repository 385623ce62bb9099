// Floor 0. The only source of time, random numbers and turns of the event loop, so that tests can replace it.

/** Cancels a scheduled call. Does nothing if the call has already run. */
export type Cancel = () => void

/** Where the client gets its time from. All delays are in milliseconds. */
export interface Clock {
  /** Milliseconds since any fixed time; never goes back. */
  now(): number
  /** At least 0, below 1. */
  random(): number
  /** Calls `run` once, not before `delayMs` have passed. */
  timer(run: () => void, delayMs: number): Cancel
  /** Calls `run` once, in a turn of its own, as soon as the loop is free. */
  turn(run: () => void): Cancel
  /** Calls `run` once: when a visible page draws next, within 250 ms in a hidden page, in a turn of its own without a page. */
  frame(run: () => void): Cancel
}

/**
 * A timer for something that must have happened by then. After the loop was blocked, timers run before waiting input is read. So
 * `run` is called a turn later, after the input was read.
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
        // Cloudflare's Workers have no MessageChannel before the compatibility date 2025-08-15.
        if (typeof MessageChannel !== 'function') return systemClock.timer(run, 0)
        // Unlike a nested timer, a message is not delayed by 4 ms, and is not throttled in a hidden page.
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

/** The wait between notifications in a hidden page. Browsers extend it to a second. */
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
    // A worker may have requestAnimationFrame, without a document. It does not draw the page that shows these changes.
    if (typeof document !== 'object' || typeof requestAnimationFrame !== 'function') return turn(run)
    // A page that is hidden, or becomes hidden before it draws, draws no frame. Then the timer calls `run`, seldom enough for a
    // page that nobody sees.
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
