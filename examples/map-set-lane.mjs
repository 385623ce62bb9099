// A map lane whose values don't matter is a set of keys. SwimOS sends an empty value as none at all, which a map downlink takes
// for a removal, unless it is told to keep such entries.
//
// Prints:
// ann, bob
// bob is in: true
import { SwimClient } from 'swimlink'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001' })
const seen = client.downlinkMap().nodeUri('/unit/map-set-lane').laneUri('seen').emptyValues('keep').open()

await seen.whenSynced()
await seen.put('bob', undefined)
await seen.put('ann', undefined)
console.log([...seen.keys()].join(', '))
console.log('bob is in:', seen.has('bob'))

await client.close()
