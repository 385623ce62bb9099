// didSet tells of each change of the value, whoever made it: here, of one made by another client.
//
// Prints:
// nothing -> nothing yet
// nothing yet -> 21 degrees
import { SwimClient } from 'swimlink'

const hostUri = process.argv[2] ?? 'warp://127.0.0.1:9001'
const address = { hostUri, nodeUri: '/unit/value-callbacks', laneUri: 'info' }

const client = new SwimClient()
const info = client
  .downlinkValue(address)
  .didSet((newValue, oldValue = 'nothing') => console.log(`${oldValue} -> ${newValue}`))
  .open()
await info.whenSynced()

const other = new SwimClient()
const changed = new Promise(resolve => info.on('didSet', resolve))
await other.downlinkValue(address).open().put('21 degrees')
await changed

await other.close()
await client.close()
