// What is said of a socket that ends before it is open: a reason where one is given, and a guess only where none is.
import { expect, test } from 'vitest'
import { SwimClient } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

/** A client whose sockets end before they are open. Returns what it reports. */
async function reported(reason: string) {
  const clock = new VirtualClock()
  const webSocket = class {
    onclose: ((event: { code: number; reason: string }) => void) | undefined
    bufferedAmount = 0
    constructor() {
      clock.turn(() => this.onclose?.({ code: 1012, reason }))
    }
    send() {}
    close() {}
  }
  const errors: string[] = []
  const client = new SwimClient({ clock, hostUri: 'warp://host', webSocket: webSocket as never })
  client.on('error', ({ message }) => errors.push(message))
  client.downlinkMap({ nodeUri: '/unit/1', laneUri: 'map' }).open()
  await clock.advance(5000)
  await client.close()
  return errors[0]
}

test('a close reason is reported as it is, without advice on the network', async () => {
  expect(await reported('too busy')).toBe('the WebSocket to warp://host ended (1012: too busy); reconnecting')
})

test('a close without a reason is reported with advice on the network', async () => {
  expect(await reported('')).toContain('check the hostUri')
})
