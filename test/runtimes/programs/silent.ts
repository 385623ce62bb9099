// Closes a client whose host has stopped to answer, and says how long that took, in milliseconds.
import { SwimClient } from 'swimlink'
import { given, say } from './given.js'

const { world, options } = given()
const client = new SwimClient({ hostUri: world.silentUri, nodeUri: '/n', ...options })
const map = client.downlinkMap({ laneUri: 'rows' }).open()
await map.whenSynced({ timeoutMs: 10_000 })
await fetch(`${world.controlUrl}/silence`, { method: 'POST', body: '{}' })
const from = performance.now()
await client.close()
say(performance.now() - from)
