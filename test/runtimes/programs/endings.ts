// Clients in every condition, each closed or left with nothing to do: the process should then end by itself.
import { SwimClient, type SwimError } from 'swimlink'
import { given, say } from './given.js'

const { world, options } = given()
const make = (hostUri: string) =>
  new SwimClient({
    hostUri,
    nodeUri: '/n',
    onError: () => {},
    // One attempt is all there is time for.
    reconnectMinMs: 60_000,
    reconnectMaxMs: 60_000,
    reconnectJitter: 0,
    ...options,
  })
const lane = { laneUri: 'rows' }
const pause = (ms: number) => new Promise(over => setTimeout(over, ms))

// Never used.
make(world.hostUri)
// A downlink opened and closed in one tick, the client left alone.
make(world.hostUri).downlinkMap(lane).open().close()
// A client opened and closed in one tick.
const brief = make(world.hostUri)
brief.downlinkMap(lane).open()
await brief.close()
say('in one tick')
// A downlink that synced and was closed, the client left alone.
const left = make(world.hostUri).downlinkMap(lane).open()
await left.whenSynced({ timeoutMs: 10_000 })
left.close()
// A host out of reach.
const nowhere = make(world.deadUri)
const nothing = nowhere.downlinkMap(lane)
await new Promise<SwimError>(failed => nothing.didFail(failed).open())
await nowhere.close()
say('out of reach')
// One that takes the socket and says nothing.
const mute = make(world.muteUri)
mute.downlinkMap(lane).open()
await pause(100)
await mute.close()
say('mute')
// A client that was closed with a link of its own.
const linked = make(world.hostUri)
const map = linked.downlinkMap(lane).open()
await map.whenSynced({ timeoutMs: 10_000 })
await linked.close()
say('closed')
