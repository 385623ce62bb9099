// A command needs no link. No host answers one; `taken` says that it is on the wire. What came of it shows in other lanes.
//
// Prints:
// sent: taken
// the cart has 2 apples
import { SwimClient } from 'swimlink'

const hostUri = process.argv[2] ?? 'warp://127.0.0.1:9001'
const client = new SwimClient()

const cart = client.downlinkMap({ hostUri, nodeUri: '/unit/command', laneUri: 'cart' }).open()
await cart.whenSynced()
const updated = new Promise(resolve => cart.on('didUpdate', resolve))

console.log('sent:', await client.command(hostUri, '/unit/command', 'addItem', { name: 'apple', count: 2 }))
await updated
console.log(`the cart has ${cart.get('apple')} apples`)

await client.close()
