// Live views: ask a map, and the answer stays true. A view is read and listened to as a map is.
//
// Prints:
// fast: v1, v4
// top two: v4 95, v1 90
// r1: 2 vehicles at 60 on average
// named: Harbour line
// batch: update r2 { n: 3, mean: 75 }
// top two: v4 95, v1 90
// batch: update r1 { n: 1, mean: 30 }
import { SwimClient } from 'swimlink'
import { avg, count, view } from 'swimlink/view'

const client = new SwimClient({ hostUri: process.argv[2] ?? 'warp://127.0.0.1:9001', nodeUri: '/unit/map-view' })
const vehicles = client.downlinkMap({ laneUri: 'vehicles' }).open()
const lines = client.downlinkMap({ laneUri: 'lines' }).open()
await Promise.all([vehicles.whenSynced(), lines.whenSynced()])
await lines.put('r1', { name: 'Harbour line' })
await vehicles.put('v1', { speed: 90, line: 'r1' })
await vehicles.put('v2', { speed: 60, line: 'r2' })
await vehicles.put('v3', { speed: 30, line: 'r1' })
await vehicles.put('v4', { speed: 95, line: 'r2' })

const all = view(vehicles)
const fast = all.filter(({ speed }) => speed > 80)
const top = all.orderBy(({ speed }) => speed, 'desc').limit(2)
const routes = all.groupBy(({ line }) => line, { n: count(), mean: avg(({ speed }) => speed) })
const named = all.join(
  lines,
  ({ line }) => line,
  (vehicle, line) => ({ ...vehicle, name: line?.name }),
)

const showTop = () => console.log(`top two: ${Array.from(top, ([key, { speed }]) => `${key} ${speed}`).join(', ')}`)
console.log(`fast: ${[...fast.keys()].join(', ')}`)
showTop()
console.log(`r1: ${routes.get('r1').n} vehicles at ${routes.get('r1').mean} on average`)
console.log(`named: ${named.get('v1').name}`)

const undo = routes.subscribe(changes => {
  for (const { type, key, value } of changes) console.log('batch:', type, key, value)
})
await vehicles.put('v5', { speed: 70, line: 'r2' })
showTop()
await vehicles.remove('v1')
await new Promise(resolve => setTimeout(resolve, 20))
undo()

await client.close()
