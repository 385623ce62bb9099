// An application that blocks its own loop for longer than a silent socket is given, while the host's answer lies in the buffer.
// @module-tag full
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { runChild } from '../support/child.js'

let host: WarpHost
let hostUri: string

beforeAll(async () => {
  host = new WarpHost()
  host.node('/unit/:id', node => {
    node.mapLane('map')
  })
  hostUri = `warp://127.0.0.1:${(await host.listen()).port}`
}, 120_000)

afterAll(() => host.close())

/** Blocks for so long each time the host was asked for a sign of life: the answer comes while nothing is read. */
const script = (blockedMs: number) => `
  import { SwimClient } from 'swimlink'
  import { WebSocket } from 'ws'

  let probes = 0
  let lost = 0
  class Blocking extends WebSocket {
    send(text) {
      super.send(text)
      if (!text.startsWith('@link')) return
      probes++
      const until = performance.now() + ${blockedMs}
      // Once the frame is on its way, and with the timer that waits for the answer due.
      setImmediate(() => {
        while (performance.now() < until);
      })
    }
  }
  const client = new SwimClient({ webSocket: Blocking, heartbeatMs: 100, heartbeatTimeoutMs: 200 })
  client.on('disconnect', ({ cause }) => { if (cause !== undefined) lost++ })
  const map = client.downlinkMap({ hostUri: '${hostUri}', nodeUri: '/unit/1', laneUri: 'map' }).open()
  await map.whenSynced()
  while (probes < 3) await new Promise(resolve => setTimeout(resolve, 20))
  await client.close()
  console.log(JSON.stringify({ probes, lost }))
`

// Between the timeout and twice as long, and beyond.
test.each([210, 300, 390, 900])('for %i of 200 ms loses no socket', async blockedMs => {
  const { stdout, stderr } = await runChild(script(blockedMs))
  expect(stderr).toBe('')
  const { probes, lost } = JSON.parse(stdout) as { probes: number; lost: number }
  expect(probes).toBeGreaterThanOrEqual(3)
  expect(lost).toBe(0)
})
