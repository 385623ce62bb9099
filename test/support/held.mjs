// Bytes that a process holds once all garbage is gone; run with --expose-gc.
import { getHeapSpaceStatistics } from 'node:v8'

export async function heldBytes() {
  for (let i = 0; i < 5; i++) {
    globalThis.gc()
    // What waits for garbage to be gone runs in turns of its own.
    await new Promise(soon => setTimeout(soon, 20))
  }
  // Compiled code comes and goes as the engine likes.
  const spaces = getHeapSpaceStatistics().filter(({ space_name: name }) => !name.startsWith('code'))
  return spaces.reduce((sum, space) => sum + space.space_used_size, 0)
}
