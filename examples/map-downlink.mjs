// A map downlink is a Map that is kept the same as a remote map lane: read it without waiting, write to it.
//
// Prints:
// 2 entries
// apple: 3
// cherry is here: false
// the lane took it: taken
// apple, cherry
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const cart = client.downlinkMap().nodeUri('/unit/map-downlink').laneUri('cart').open()

await cart.whenSynced()
cart.set('apple', 3)
cart.set('banana', 5)
console.log(cart.size, 'entries')
console.log('apple:', cart.get('apple'))
console.log('cherry is here:', cart.has('cherry'))

// put and remove are set and delete with a promise: it settles with the lane.
console.log('the lane took it:', await cart.put('cherry', 1))
await cart.remove('banana')
console.log([...cart.keys()].join(', '))

await client.close()
