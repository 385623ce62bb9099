// What doubts cost (docs/PROTOCOL.md#overtaking): a lane of 100,000 entries, of which one is removed and set again a thousand times a
// second, beside the same lane on a host that is known to keep the order of its frames. Usage: node bench/doubt.bench.mjs [seconds]
import { WebSocket } from 'ws'
import { SwimClient } from '../dist/node/index.js'
import { WarpHost } from '../dist/node/host/index.js'

const seconds = Number(process.argv[2] ?? 30)
const entries = 100_000
const churnPerSecond = 1_000

/** Runs the churn with one client, and tells how often and for how long it synced. */
async function run(keepsOrder) {
  const host = new WarpHost({ maxFramesPerSecond: 1e9 })
  let lane
  host.node('/bench', node => {
    lane = node.mapLane('map')
  })
  const { uri } = await host.listen()
  const syncs = []
  class Watched extends WebSocket {
    constructor(url, protocols, options) {
      super(url, protocols, options)
      this.on('message', data => {
        if (data.length < 60 && data.toString().startsWith('@synced(')) syncs.at(-1).endMs = performance.now()
      })
    }
    send(text) {
      if (text.startsWith('@sync(')) syncs.push({ startMs: performance.now() })
      super.send(text)
    }
  }
  const client = new SwimClient({ hostUri: uri, webSocket: Watched, protocols: keepsOrder ? ['warp0'] : undefined })
  const map = client.downlinkMap({ nodeUri: '/bench', laneUri: 'map' }).open()
  await map.whenSynced()
  for (let i = 0; i < entries; i++) lane.set(`key ${i}`, { id: i, speed: i % 90, route: `r${i % 50}` })
  const filled = client.downlinkMap({ nodeUri: '/bench', laneUri: 'map' }).open()
  while (map.size < entries) await new Promise(resolve => setTimeout(resolve, 50))
  filled.close()
  syncs.length = 0
  const cpu = process.cpuUsage()
  const from = performance.now()
  const removed = []
  for (let tick = 0; performance.now() - from < seconds * 1000; tick++) {
    // What was removed in one turn is set in the next: within one, the host would send nothing of the remove.
    for (const [key, value] of removed.splice(0)) lane.set(key, value)
    for (let i = 0; i < churnPerSecond / 50; i++) {
      const key = `key ${(tick * 20 + i) % 500}`
      removed.push([key, lane.get(key)])
      lane.delete(key)
    }
    await new Promise(resolve => setTimeout(resolve, Math.max(0, from + tick * 20 - performance.now())))
  }
  const ms = performance.now() - from
  const { user, system } = process.cpuUsage(cpu)
  const done = syncs.filter(({ endMs }) => endMs !== undefined)
  const busyMs = done.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  await client.close()
  await host.close()
  return { syncs: done.length, busyMs, share: busyMs / ms, cpu: (user + system) / 1000 / ms }
}

const doubting = await run(false)
const ordered = await run(true)
const percent = part => `${(part * 100).toFixed(1)} %`
console.log(`${entries} entries, ${churnPerSecond} removes and updates a second, ${seconds} s each`)
console.log(
  `  a host that may overtake: ${doubting.syncs} syncs, ${doubting.busyMs.toFixed(0)} ms, ${percent(doubting.share)} of the link's time; processor ${percent(doubting.cpu)}`,
)
console.log(
  `  a host that keeps order:  ${ordered.syncs} syncs; processor ${percent(ordered.cpu)} (host and client in one process)`,
)
