// What this process holds, for benches that run with --expose-gc.
import { getHeapSpaceStatistics } from 'node:v8'

const gc = globalThis.gc ?? (() => {})

/** Bytes on the heap and outside of it, after a collection. */
export function heldBytes() {
  gc()
  gc()
  // Array buffers are part of what is external; compiled code comes and goes as the engine likes, 100 kB from round to round.
  const { heapUsed, external } = process.memoryUsage()
  const code = getHeapSpaceStatistics().filter(({ space_name: name }) => name.startsWith('code'))
  return heapUsed + external - code.reduce((sum, space) => sum + space.space_used_size, 0)
}
