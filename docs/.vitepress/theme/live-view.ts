// A map and two views of it, all in this page: the lane is that of a host in memory, whose time passes with that of the page.
import type { ReadableMap } from 'swimlink'
import { testHost } from 'swimlink/testing'
import { avg, count, view } from 'swimlink/view'
import { passTime } from './host-time.js'

interface Vehicle {
  readonly speed: number
  readonly line: string
}

/** What is shown of the map or of a view. */
export interface Shown<V> {
  readonly entries: readonly (readonly [key: string, value: V])[]
  /** How many changes its listener has got since the first sync. */
  readonly changes: number
}

export interface Scene {
  readonly vehicles: Shown<Vehicle>
  readonly fastest: Shown<Vehicle>
  readonly routes: Shown<{ readonly n: number; readonly mean: number | undefined }>
  /** Whether there is room for one more vehicle. */
  readonly hasRoom: boolean
  speedUp(key: string, by: number): void
  remove(key: string): void
  add(): void
}

const lines = ['r1', 'r2']
const keys = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8']
/** The speeds at first: one vehicle for each. */
const speeds = [90, 60, 120, 100, 30]

/** Counts the changes of a map or view from its first sync on. Returns what shows it. */
function watch<V>(map: ReadableMap<string, V>): () => Shown<V> {
  let changes = 0
  void map.whenSynced().then(() => map.subscribe(batch => (changes += batch.length)))
  return () => ({ entries: [...map], changes })
}

/** Opens a map of vehicles and two views of it, and calls `show` whenever what they show may have changed. Returns what ends it. */
export function startLiveView(show: (scene: Scene) => void): () => void {
  const host = testHost({ maxFrames: 0 })
  const vehicleAt = (at: number, speed: number): Vehicle => ({ speed, line: lines[at % lines.length]! })
  const lane = host.lane('/city', 'vehicles')
  for (const [at, speed] of speeds.entries()) lane.set(keys[at]!, { ...vehicleAt(at, speed) })

  const vehicles = host.client().downlinkMap<string, Vehicle>({ nodeUri: '/city', laneUri: 'vehicles' }).open()
  const fastest = view(vehicles)
    .filter(v => v.speed > 80)
    .orderBy(v => v.speed, 'desc')
    .limit(3)
  const routes = view(vehicles).groupBy(v => v.line, { n: count(), mean: avg(v => v.speed) })
  const [showVehicles, showFastest, showRoutes] = [watch(vehicles), watch(fastest), watch(routes)]

  const freeAt = () => keys.findIndex(key => !vehicles.has(key))
  const speedUp = (key: string, by: number) => {
    const vehicle = vehicles.get(key)
    if (vehicle !== undefined) vehicles.set(key, { ...vehicle, speed: Math.max(0, vehicle.speed + by) })
    look()
  }
  const remove = (key: string) => {
    vehicles.delete(key)
    look()
  }
  const add = () => {
    const at = freeAt()
    if (at >= 0) vehicles.set(keys[at]!, vehicleAt(at, 85))
    look()
  }

  function look(): void {
    show({
      vehicles: showVehicles(),
      fastest: showFastest(),
      routes: showRoutes(),
      hasRoom: freeAt() >= 0,
      speedUp,
      remove,
      add,
    })
  }

  look()
  return passTime(host, look)
}
