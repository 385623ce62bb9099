// A client for the length of a block: everything it opened is closed behind it, whatever happens within. Where the language
// has it (TypeScript, Node 24), `await using client = new SwimClient()` says the same without the helper.
//
// Prints:
// apple: 3
// closed: true
// after an error, closed: true
import { SwimClient } from 'swimlink'

const hostUri = process.argv[2] ?? 'warp://127.0.0.1:9001'

async function withClient(work) {
  const client = new SwimClient({ hostUri })
  try {
    return await work(client)
  } finally {
    await client[Symbol.asyncDispose]()
  }
}

const open = client => client.downlinkMap().nodeUri('/unit/scoped-client').laneUri('cart').open()

const cart = await withClient(async client => {
  const cart = open(client)
  await cart.put('apple', 3)
  console.log('apple:', cart.get('apple'))
  return cart
})
console.log('closed:', !cart.opened)

let other
await withClient(async client => {
  other = open(client)
  throw new Error('something went wrong')
}).catch(() => {})
console.log('after an error, closed:', !other.opened)
