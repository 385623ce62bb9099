// A write that goes out only while the lane has what this map showed when the write was made. If not, look again and decide again.
//
// Prints:
// conflict: the lane has milk, and this map showed undefined
// saved: taken
// the lane has milk, eggs
import { SwimClient } from 'swimlink'

const hostUri = process.argv[2] ?? 'warp://127.0.0.1:9001'
const lane = { hostUri, nodeUri: '/unit/map-unless-changed', laneUri: 'cart' }

const somebody = new SwimClient()
await somebody.downlinkMap(lane).open().put('list', 'milk')

// A conflict is told to didFail and onError as well, as every write is that fails.
const client = new SwimClient({ onError: () => {} })
const cart = client.downlinkMap(lane).open()

/** Changes an entry by what is there, again for as long as somebody else was faster. */
async function edit(map, key, change) {
  for (;;) {
    try {
      return await map.put(key, change(map.get(key)), { unlessChanged: true })
    } catch (error) {
      if (error.code !== 'conflict') throw error
      console.log(`conflict: the lane has ${error.theirs}, and this map showed ${error.base}`)
    }
  }
}

// Nothing has come from the lane yet, so that this map shows no list.
console.log('saved:', await edit(cart, 'list', list => (list === undefined ? 'eggs' : `${list}, eggs`)))
console.log('the lane has', cart.get('list'))

await Promise.all([client.close(), somebody.close()])
