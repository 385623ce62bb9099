// Callbacks are what the table of options says; a function of any look is one, and one that can't be kept leaves nothing behind.
import { expect, test, vi } from 'vitest'
import { SwimClient } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork } from '../../../src/testing/memory-network.js'

const address = { hostUri: 'warp://host', nodeUri: '/n', laneUri: 'l' }

function surroundings() {
  const clock = new VirtualClock()
  const network = new MemoryNetwork(clock)
  const urls: string[] = []
  network.onconnect = (peer, url) => {
    urls.push(url)
    peer.onclose = () => urls.pop()
    peer.onmessage = text => {
      if (!text.startsWith('@sync')) return
      peer.send('@linked(node:"/n",lane:l)')
      peer.send('@synced(node:"/n",lane:l)')
    }
  }
  const client = new SwimClient({ clock, webSocket: network.WebSocket, onError: () => {} })
  return { clock, client, urls }
}

test('a callback may lack the methods of functions', async () => {
  const { clock, client } = surroundings()
  const synced = vi.fn()
  const didSync = Object.setPrototypeOf(() => synced(), null) as () => void
  client.downlinkMap({ ...address, didSync }).open()
  client.downlinkMap(address).didSync(didSync).open()
  client.downlinkValue({ ...address, didSync }).open()
  client.downlinkEvent({ ...address, syncs: true, didSync }).open()
  await clock.settle()
  expect(synced).toHaveBeenCalledTimes(4)
})

test('a downlink that can’t be made schedules nothing, and leaves no link behind', async () => {
  const { clock, client, urls } = surroundings()
  const opened = vi.fn()
  client.on('open', opened)
  const hostile = new Proxy(() => {}, {
    get() {
      throw new Error('hands off')
    },
  })
  const signal = new AbortController().signal
  const listens = vi.spyOn(signal, 'addEventListener')
  expect(() => client.downlinkMap({ ...address, signal, didUpdate: hostile }).open()).toThrow('hands off')
  expect(() => client.downlinkValue({ ...address, signal, didSet: hostile }).open()).toThrow('hands off')
  expect(() => client.downlinkEvent({ ...address, signal, onEvent: hostile }).open()).toThrow('hands off')
  expect(listens).not.toHaveBeenCalled()
  await clock.advance(60_000)
  expect(opened).not.toHaveBeenCalled()
  expect(clock.pendingTimers).toBe(0)
  expect(urls).toEqual([])
})
