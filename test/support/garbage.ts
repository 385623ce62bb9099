// Memory, once all that nobody holds is gone.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of the heap that are in use. */
export async function heapUsed(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect()
    // What waits for garbage to be gone runs in a turn of its own.
    await new Promise(soon => setImmediate(soon))
  }
  return process.memoryUsage().heapUsed
}
