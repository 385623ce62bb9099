// The client of the load view: one map downlink, whose changes are gathered until a frame is drawn. In a page or in a worker.
import { SwimClient } from '../swimlink.min.js'
import { sharedSocket } from '../swimlink-shared.min.js'
import { count, view } from '../swimlink-view.min.js'
import { tellErrors } from '../script/status.js'
import { createWire } from '../script/wire.js'
import { districtOf } from './city.js'

export const mostVehicles = 100_000

/** Changes since the last frame: of several of one vehicle, the last. */
class Batch {
  #count = 0
  #ids = new Uint32Array(mostVehicles)
  #xs = new Float32Array(mostVehicles)
  #ys = new Float32Array(mostVehicles)
  /** Each vehicle's place in this batch, and the batch that it is of. */
  #places = new Uint32Array(mostVehicles)
  #batchOf = new Uint32Array(mostVehicles)
  #batch = 1

  /** A vehicle that is gone has no place: NaN. */
  set(id, x, y) {
    let place = this.#places[id]
    if (this.#batchOf[id] !== this.#batch) {
      place = this.#count++
      this.#places[id] = place
      this.#batchOf[id] = this.#batch
      this.#ids[place] = id
    }
    this.#xs[place] = x
    this.#ys[place] = y
  }

  take() {
    const count = this.#count
    this.#count = 0
    this.#batch++
    return { ids: this.#ids.slice(0, count), xs: this.#xs.slice(0, count), ys: this.#ys.slice(0, count) }
  }
}

/** One socket for all tabs that choose it. */
export const SharedSocket = sharedSocket(() => new SharedWorker(new URL('../swimlink-worker.min.js', import.meta.url)))

/** Opens the link. `onStatus` is told of its status. */
export function openFleet(hostUri, onStatus, Socket) {
  const batch = new Batch()
  const sums = { updates: 0, frames: 0, bytes: 0 }
  const wire = createWire((way, text) => {
    if (way === 'out') return
    sums.frames++
    // All of these frames are ASCII: a byte for a character.
    sums.bytes += text.length
  }, Socket)
  const client = new SwimClient({ webSocket: wire.WebSocket, onError: tellErrors })
  const vehicles = client
    .downlinkMap()
    .hostUri(hostUri)
    .nodeUri('/fleet')
    .laneUri('vehicles')
    .didUpdate((id, { x, y }) => {
      sums.updates++
      if (id < mostVehicles) batch.set(id, x, y)
    })
    .didRemove(id => id < mostVehicles && batch.set(id, NaN, NaN))
    .didChangeStatus(onStatus)
    .open()

  // How many vehicles each district has, the fullest first: one that moves is counted where it is, and no other is looked at.
  const districts = view(vehicles)
    .groupBy(({ x, y }) => districtOf(x, y), { vehicles: count() })
    .orderBy(({ vehicles }) => vehicles, 'desc')
  let isNews = true
  districts.subscribe(() => (isNews = true))
  const takeDistricts = () => {
    if (!isNews) return undefined
    isNews = false
    return Array.from(districts, ([name, { vehicles }]) => [name, vehicles])
  }

  return {
    /** What has changed since this was called last, the counts by district where they have, and the sums of all that came. */
    take: () => ({
      ...batch.take(),
      districts: takeDistricts(),
      sums: { ...sums, size: vehicles.size, isElsewhere: typeof window === 'undefined' },
    }),
    close: () => client.close(),
  }
}
