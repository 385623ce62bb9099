// A value downlink is one value that is kept the same as a remote value lane.
//
// Prints:
// at first: nothing yet
// set: 21 degrees
// the lane took it: taken
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const info = client.downlinkValue().nodeUri('/unit/value-downlink').laneUri('info').open()

await info.whenSynced()
console.log('at first:', info.get())
info.set('21 degrees')
console.log('set:', info.get())
console.log('the lane took it:', await info.put('22 degrees'))

await client.close()
