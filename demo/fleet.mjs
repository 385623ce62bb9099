// A thread with a host of its own: vehicles in a map lane, as many and as busy as the value lane `load` asks for.
import { parentPort } from 'node:worker_threads'
import { WarpHost } from 'swimlink/host'
import { Fleet } from './page/load/city.js'

const most = { count: 100_000, rate: 100_000 }
/** What a page finds that nobody has asked for more in. */
const modest = { count: 20_000, rate: 2_000 }
/** Milliseconds of a turn, at most, given to moving vehicles: sockets get the rest. */
const turnMs = 6
/** Moves that are owed, in seconds; what the host can't make in time is not made later. */
const debtS = 0.1

const host = new WarpHost()
host.node('/fleet', node => {
  node.mapLane('vehicles', { canWrite: () => false })
  node.valueLane('load', {
    initial: modest,
    willSet: asked =>
      asked === modest ? modest : { count: within(most.count, asked.count), rate: within(most.rate, asked.rate) },
  })
  node.valueLane('made', { initial: 0, canWrite: () => false })
})
const node = host.nodeRef('/fleet')
const vehicles = node.lane('vehicles', 'map')
const load = node.lane('load', 'value')

const fleet = new Fleet(most.count)
const startedAtMs = performance.now()
const move = id => vehicles.set(id, fleet.positionOf(id, (performance.now() - startedAtMs) / 1000))

let next = 0
let owed = 0
let made = 0
let lastMs = performance.now()

function turn() {
  const nowMs = performance.now()
  const { count, rate } = load.get()
  // Nobody looks: nobody moves, and whoever looks next begins with less.
  const isSeen = host.load.links > 0
  if (!isSeen && load.get() !== modest) load.set(modest)
  owed = isSeen ? Math.min(owed + (rate * (nowMs - lastMs)) / 1000, rate * debtS) : 0
  lastMs = nowMs
  if (vehicles.size > count) vehicles.take(count)
  const endMs = nowMs + turnMs
  for (let i = 0; vehicles.size < count; i++) {
    move(vehicles.size)
    if (i % 64 === 0 && performance.now() > endMs) break
  }
  while (owed >= 1 && vehicles.size > 0) {
    move((next = (next + 1) % vehicles.size))
    made++
    owed--
    if (made % 64 === 0 && performance.now() > endMs) break
  }
  // A turn of the loop each time there is work to do: sockets are written to between two of them.
  if (owed >= 1) setImmediate(turn)
  else setTimeout(turn, isSeen ? 5 : 100)
}
turn()

setInterval(() => {
  if (host.load.links > 0) node.lane('made', 'value').set(made)
  made = 0
}, 1000)

function within(limit, value) {
  return Math.min(limit, Math.max(0, Math.round(Number(value) || 0)))
}

const { port } = await host.listen()
parentPort.postMessage(port)
