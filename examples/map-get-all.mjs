// All entries: as a plain Map of your own, one by one in the lane's order, or as a snapshot that stays the same object until
// something changes.
//
// Prints:
// Map(3) { 'apple' => 3, 'banana' => 5, 'cherry' => 1 }
// apple 3
// banana 5
// cherry 1
// the same snapshot: true
// another one after a change: true
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const cart = client.downlinkMap().nodeUri('/unit/map-get-all').laneUri('cart').open()

await cart.whenSynced()
cart.set('banana', 5).set('cherry', 1).set('apple', 3)

console.log(cart.getAll())
for (const [key, value] of cart) console.log(key, value)

const snapshot = cart.snapshot()
console.log('the same snapshot:', snapshot === cart.snapshot())
cart.set('apple', 4)
console.log('another one after a change:', snapshot !== cart.snapshot())

await client.close()
