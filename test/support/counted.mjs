// A clock and a signal that count what a client has begun with them and not ended.

/** A client's clock, and the timers that were begun by it and have neither run nor been stopped. */
export function countedClock() {
  const timers = new Set()
  const begin = (start, stop) => (run, ms) => {
    const timer = start(() => (timers.delete(timer), run()), ms)
    timers.add(timer)
    return () => (timers.delete(timer), stop(timer))
  }
  const turn = begin(setImmediate, clearImmediate)
  const clock = {
    now: () => performance.now(),
    random: () => Math.random(),
    timer: begin(setTimeout, clearTimeout),
    turn,
    frame: turn,
  }
  return { clock, timers }
}

/** A signal that never aborts, and how many listeners were added to it and not removed. */
export function countedSignal() {
  const counted = { listeners: 0 }
  const signal = new Proxy(new AbortController().signal, {
    get(target, name) {
      if (name === 'addEventListener') return () => void counted.listeners++
      if (name === 'removeEventListener') return () => void counted.listeners--
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return Object.assign(counted, { signal })
}
