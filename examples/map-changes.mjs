// Batches of changes: by a listener, once for each batch, or as an async iterable that a slow reader finds folded per key.
//
// Prints:
// 2 changes
// update apple = 4
// update banana = 5
// then: remove banana
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const cart = client.downlinkMap().nodeUri('/unit/map-changes').laneUri('cart').open()

await cart.whenSynced()
const first = new Promise(resolve => cart.subscribe(resolve))
cart.set('apple', 3)
cart.set('banana', 5)
cart.set('apple', 4)
const changes = await first
console.log(changes.length, 'changes')
for (const { type, key, value } of changes) console.log(type, key, '=', value)

setTimeout(() => cart.delete('banana'), 10)
for await (const batch of cart.changes()) {
  for (const { type, key } of batch) console.log('then:', type, key)
  break
}

await client.close()
