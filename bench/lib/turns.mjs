// How long a task keeps the event loop.

/** The longest turn of the event loop until it is stopped, in milliseconds: an immediate runs once in each. */
export function watchTurns() {
  let isOver = false
  let longest = 0
  let last = performance.now()
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    isOver = true
    return Math.max(longest, performance.now() - last)
  }
}
