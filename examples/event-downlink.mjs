// An event downlink hears the events of a lane of any kind, and sends it commands. It keeps no state.
//
// Prints:
// linked
// event: { name: 'apple', count: 2 }
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const addItem = client
  .downlinkEvent()
  .nodeUri('/unit/event-downlink')
  .laneUri('addItem')
  .didLink(() => console.log('linked'))
  .onEvent(body => console.log('event:', body))
  .open()

const heard = new Promise(resolve => addItem.on('onEvent', resolve))
await addItem.command({ name: 'apple', count: 2 })
await heard

await client.close()
