// didUpdate and didRemove tell of each change of what get() gives, whoever made it. The echo of an own write says nothing new.
//
// Prints:
// synced with 0 entries
// apple: nothing -> 3
// apple: 3 -> 4
// apple is gone, it was 4
// the map was cleared
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const cart = client
  .downlinkMap()
  .nodeUri('/unit/map-callbacks')
  .laneUri('cart')
  .didSync(() => console.log(`synced with ${cart.size} entries`))
  .didUpdate((key, newValue, oldValue = 'nothing') => console.log(`${key}: ${oldValue} -> ${newValue}`))
  .didRemove((key, oldValue) => console.log(`${key} is gone, it was ${oldValue}`))
  .didClear(() => console.log('the map was cleared'))
  .open()

await cart.whenSynced()
await cart.put('apple', 3)
await cart.put('apple', 4)
cart.clear()

await client.close()
