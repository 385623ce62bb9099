// A scope holds a part of the address: a host, a node of it, a lane of that. Each has all that can be done from there.
//
// Prints:
// apple: 1
// info: hello
import { SwimClient } from 'swimlink'

const client = new SwimClient()
const unit = client.hostRef(process.argv[2] ?? 'warp://127.0.0.1:9001').nodeRef('/unit/scopes')

const cart = unit.downlinkMap().laneUri('cart').open()
const info = unit.laneRef('info').downlinkValue().open()
await Promise.all([cart.whenSynced(), info.whenSynced()])

await unit.command('info', 'hello')
await unit.laneRef('addItem').command({ name: 'apple', count: 1 })
await Promise.all([new Promise(done => cart.on('didUpdate', done)), new Promise(done => info.on('didSet', done))])
console.log('apple:', cart.get('apple'))
console.log('info:', info.get())

await client.close()
