// A zod schema says what is let in, and as what type. What does not fit is one error, and stops nothing else.
//
// Prints:
// valueSchema: quantity: Invalid input: expected number, received string
// Map(1) { 'apple' => { quantity: 3, since: 2024-01-01T00:00:00.000Z } }
// refused at the call: schema
import { SwimClient } from 'swimlink'
import { timestamp } from 'swimlink/zod'
import { z } from 'zod'

// On the wire a moment is a number of milliseconds; here it is a Date.
const Item = z.object({ quantity: z.number(), since: timestamp() })

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const lane = client.downlinkMap().nodeUri('/unit/map-schema').laneUri('cart')

const raw = lane.open()
await raw.put('apple', { quantity: 3, since: 1704067200000 })
await raw.put('pear', { quantity: 'a few', since: 1704067200000 })

const cart = lane
  .keySchema(z.string())
  .valueSchema(Item)
  .didFail(error => console.log(error.message.slice(error.message.indexOf('valueSchema'))))
  .open()
await cart.whenSynced()
console.log(cart.getAll())
try {
  cart.set('apple', { quantity: 'many', since: new Date() })
} catch (error) {
  console.log('refused at the call:', error.code)
}

await client.close()
