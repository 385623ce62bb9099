// Hotels whose elevators move: a node each, with a map lane `elevators`, and one node that joins the lanes of all.
import { hotels } from './page/script/hotels.js'

/** What each hotel starts with. In a join map lane keys must differ, hence the prefixes. */
const elevators = {
  garden: ['garden-north', 'garden-south'],
  lobby: ['guest', 'panorama', 'parking'],
  harbour: ['harbour-east', 'harbour-west'],
  summit: ['summit-a', 'summit-b', 'summit-c', 'summit-d'],
  station: ['station-1', 'station-2', 'station-3'],
}

/** What the hotels are called, by key: a lane of its own, for pages to join. */
const titles = {
  garden: 'Garden House',
  lobby: 'Grand Lobby',
  harbour: 'Harbour View',
  summit: 'The Summit',
  station: 'Station Inn',
}

/** Milliseconds of a step; a floor takes three. */
const stepMs = 300
const floorSteps = 3
/** How long an elevator rests that a visitor has put, so that it can be seen to be there. */
const visitorSteps = 14

/** What one elevator does next: a floor up or down towards where it is called, then doors open for a while. */
class Elevator {
  #target
  #wait = Math.floor(Math.random() * 9)

  rest(steps) {
    this.#wait = steps
    this.#target = undefined
  }

  /** The value it has after this step; undefined where nothing changes. */
  next({ id, floor, occupied }, { lowest, highest }) {
    if (this.#wait-- > 0) return undefined
    if (this.#target === undefined) {
      this.#target = lowest + Math.floor(Math.random() * (highest - lowest + 1))
      this.#wait = floorSteps - 1
      return { id, floor, occupied: Math.random() < 0.8 }
    }
    const way = Math.sign(this.#target - floor)
    if (way !== 0) {
      this.#wait = floorSteps - 1
      return { id, floor: floor + way, occupied }
    }
    this.rest(4 + Math.floor(Math.random() * 8))
    return occupied ? { id, floor, occupied: false } : undefined
  }
}

/** Opens the hotels on a host, and drives their elevators for good. */
export function openHotels(host) {
  host.node('/city', node => {
    const city = node.joinMapLane('elevators', { cuts: 'follow' })
    for (const { name } of hotels) city.join(name, { nodeUri: `/hotel/${name}`, laneUri: 'elevators' })
    const names = node.mapLane('hotels', { canWrite: () => false })
    for (const { name, highest } of hotels) names.set(name, { title: titles[name], floors: highest + 1 })
  })

  hotels.forEach((hotel, number) => {
    const moved = new Map()
    let isDriving = false
    host.node(`/hotel/${hotel.name}`, node =>
      node.mapLane('elevators', {
        // A lane may make another value of what it is given: here, a floor that the hotel has.
        willUpdate: (_, value) => ({ ...value, floor: floorIn(hotel, value.floor) }),
        didUpdate(key) {
          if (!isDriving) driverOf(key).rest(visitorSteps)
        },
        didRemove: key => moved.delete(key),
        didClear: () => moved.clear(),
      }),
    )
    const driverOf = key => moved.get(key) ?? moved.set(key, new Elevator()).get(key)
    const lane = host.nodeRef(`/hotel/${hotel.name}`).lane('elevators', 'map')
    const drive = step => {
      isDriving = true
      step()
      isDriving = false
    }

    drive(() =>
      elevators[hotel.name].forEach((key, i) => {
        lane.set(key, { id: number * 100 + i + 1, floor: floorIn(hotel, 3 * i), occupied: false })
      }),
    )
    setInterval(() => {
      drive(() => {
        for (const [key, value] of lane) {
          const next = driverOf(key).next(value, hotel)
          if (next) lane.set(key, next)
        }
      })
    }, stepMs).unref()
  })
}

const floorIn = ({ lowest, highest }, floor) => Math.min(highest, Math.max(lowest, Math.round(Number(floor) || 0)))
