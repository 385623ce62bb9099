// Floor 7. Removes lanes from the store when all lanes together take too much room.
import type { CacheStore } from '../client/caching.js'
import { allUsed, laneKey, usedKey } from './rows.js'

/** Removes lanes, the least recently opened ones first, until the rest fits in `maxBytes`. @param lane is not removed */
export async function evict(store: CacheStore, lane: string): Promise<void> {
  const used = (await store.read(allUsed)).map(([key, text]) => {
    const [openedMs = 0, chars = 0] = text.split(' ').map(Number)
    return { name: key.slice(allUsed.length), openedMs, chars }
  })
  let sum = used.reduce((sum, { chars }) => sum + chars, 0)
  const remove: string[] = []
  for (const { name, chars } of used.sort((a, b) => a.openedMs - b.openedMs)) {
    if (sum <= store.maxBytes) break
    if (name === lane) continue
    remove.push(laneKey(name), usedKey(name))
    sum -= chars
  }
  if (remove.length > 0) await store.write({ remove })
}
