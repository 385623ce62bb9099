// A map downlink is ordered as its lane is: by Recon's order of keys, numbers after texts. It can be asked by position.
//
// Prints:
// first: apple, last: 10
// the second: banana
// banana is number 1
// from b on: banana, cherry, 9, 10
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const cart = client.downlinkMap().nodeUri('/unit/map-order').laneUri('cart').open()

await cart.whenSynced()
for (const key of [10, 'cherry', 9, 'banana', 'apple']) cart.set(key, true)

console.log(`first: ${cart.first()[0]}, last: ${cart.last()[0]}`)
console.log(`the second: ${cart.at(1)[0]}`)
console.log(`banana is number ${cart.indexOf('banana')}`)
console.log(`from b on: ${[...cart.range('b')].map(([key]) => key).join(', ')}`)

await client.close()
