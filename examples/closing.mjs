// Closing delivers what was written: the end of a block that began with `await using`, close(), and `using` do. This program waits for
// nothing else, and the lane has its writes.
//
// Prints:
// the lane has key = value
// and other: false
import { SwimClient } from 'swimlink'

const hostUri = process.argv[2] ?? 'warp://127.0.0.1:9001'
const open = client => client.downlinkMap({ hostUri, nodeUri: '/unit/closing', laneUri: 'cart' }).open()

// In TypeScript, and in Node from 24 on: { await using client = new SwimClient(); … }. That is this:
const client = new SwimClient()
try {
  const cart = open(client)
  cart.set('key', 'value')
  cart.set('other', 1)
  cart.delete('other')
} finally {
  await client[Symbol.asyncDispose]()
}

const reader = new SwimClient()
const cart = open(reader)
await cart.whenSynced()
console.log('the lane has key =', cart.get('key'))
console.log('and other:', cart.has('other'))
await reader.close()
