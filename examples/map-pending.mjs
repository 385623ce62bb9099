// What is not saved yet: each own write that is not in the lane. One that was not sent can be taken back. The host is this file's own.
//
// Prints:
// 2 not saved
// apple: set 2, waiting; the lane has 1
// banana: set 5, waiting; the lane has undefined
// taken back: true
// saved: taken; 0 not saved
// at the host: apple
import { SwimClient } from 'swimlink'
import { WarpHost } from 'swimlink/host'

const start = async port => {
  const host = new WarpHost({ port })
  host.node('/unit/:id', node => void node.mapLane('cart').set('apple', 1))
  return { host, ...(await host.listen()) }
}
let { host, uri, port } = await start(0)

const client = new SwimClient({ hostUri: uri, reconnectMaxMs: 200, onError: () => {} })
const cart = client.downlinkMap().nodeUri('/unit/1').laneUri('cart').open()
await cart.whenSynced()

const lost = new Promise(resolve => cart.on('didDisconnect', resolve))
await host.close()
await lost
// Without a host a write waits, however long it takes: it has no time-out.
const saved = cart.put('apple', 2)
cart.set('banana', 5)
console.log(client.pendingCount, 'not saved')
for (const [key, { type, value, state, under }] of cart.pending)
  console.log(`${key}: ${type} ${value}, ${state}; the lane has ${under}`)
console.log('taken back:', cart.discard('banana'))

;({ host } = await start(port))
console.log(`saved: ${await saved}; ${client.pendingCount} not saved`)
console.log('at the host:', [...host.nodeRef('/unit/1').lane('cart', 'map').keys()].join(', '))

await client.close()
await host.close()
