// A device in memory, whose host is written by hand.
import { SwimClient, type SwimClientOptions } from '../../../../src/index.js'
import { MemoryNetwork, type Peer } from '../../../../src/testing/memory-network.js'
import { chanceOf } from '../../../../src/testing/random.js'
import { VirtualClock } from '../../../../src/testing/virtual-clock.js'
import { RelayDevice } from '../../../support/relay-device.js'

export const lane = 'node:"/unit/1",lane:map'
export const at = { nodeUri: '/unit/1', laneUri: 'map' }

/** What a host says of a lane with one entry. */
export const state = [`@linked(${lane})`, `@event(${lane})@update(key:a) 1`, `@synced(${lane})`]

/** Within so many milliseconds a tab is told what has come. */
const toldMs = 3

/** A device, and what its sockets have sent to the host. */
export function deviceOf() {
  const clock = new VirtualClock(chanceOf(7))
  const network = new MemoryNetwork(clock)
  const peers: Peer[] = []
  const sent: string[] = []
  network.onconnect = peer => {
    peers.push(peer)
    peer.onmessage = text => void sent.push(text)
  }
  const device = new RelayDevice(clock, network.WebSocket)
  let pages = 0
  const tab = (options: SwimClientOptions = {}, scope?: string) => {
    const page = device.page(pages++, scope)
    const got: string[] = []
    page.onreceive = text => void got.push(text)
    const client = new SwimClient({
      hostUri: 'warp://host',
      clock,
      webSocket: page.WebSocket,
      onError: () => {},
      ...options,
    }) as SwimClient<{ hostUri: string }>
    return { page, client, got }
  }
  return {
    clock,
    network,
    device,
    peers,
    tab,
    /** What was sent since it was asked last. */
    sent: () => sent.splice(0),
    /** The host says these, on its last socket. */
    say: async (...frames: string[]) => {
      for (const frame of frames) peers.at(-1)!.send(frame)
      await clock.advance(toldMs)
    },
    /** Has a map of a tab synced with one entry, a: 1. */
    async begin(options?: SwimClientOptions, scope?: string) {
      const first = tab(options, scope)
      const map = first.client.downlinkMap<string, number>(at).open()
      await clock.advance(toldMs)
      return { ...first, map }
    },
  }
}
