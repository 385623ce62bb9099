// Credentials: a value, or a function that is asked again at every connection. Links wait for the host's answer.
//
// Prints:
// refused: auth
// authenticated: true
// synced: true
import { SwimClient } from 'swimlink'

const hostUri = process.argv[2] ?? 'warp://127.0.0.1:9001'
const client = new SwimClient({ credentials: { [hostUri]: { token: 'wrong' } } })

const cart = client.downlinkMap({ hostUri, nodeUri: '/unit/authentication', laneUri: 'cart' }).open()
const error = await new Promise(resolve => cart.on('didFail', resolve))
console.log('refused:', error.code)

// A refusal is final: the client waits for others, and does not knock again and again.
client.authenticate(hostUri, async () => ({ token: 'open sesame' }))
await cart.whenSynced()
console.log('authenticated:', client.authenticated(hostUri))
console.log('synced:', cart.synced)

await client.close()
