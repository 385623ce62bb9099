// A write shows here at once, also while the host is out of reach; it goes out when the host is back. The host is this file's own.
//
// Prints:
// status: stale, because disconnected
// written meanwhile: 2
// back: taken
// at the host: 2
import { SwimClient } from 'swimlink'
import { WarpHost } from 'swimlink/host'

const start = async port => {
  const host = new WarpHost({ port })
  host.node('/unit/:id', node => void node.mapLane('cart'))
  return { host, ...(await host.listen()) }
}
let { host, uri, port } = await start(0)

// Errors of the socket are told to didFail; the client tries again by itself.
const client = new SwimClient({ hostUri: uri, reconnectMaxMs: 200, onError: () => {} })
const cart = client.downlinkMap().nodeUri('/unit/1').laneUri('cart').open()
await cart.put('apple', 1)

const lost = new Promise(resolve => cart.on('didDisconnect', resolve))
await host.close()
await lost
console.log(`status: ${cart.status.state}, because ${cart.status.because}`)
const done = cart.put('apple', 2)
console.log('written meanwhile:', cart.get('apple'))
;({ host } = await start(port))
console.log('back:', await done)
console.log('at the host:', host.nodeRef('/unit/1').lane('cart', 'map').get('apple'))

await client.close()
await host.close()
