// Hotels whose elevators move: a node each, with a map lane `elevators`, and one node that joins the lanes of all.

/** Each hotel's lowest and highest floor, and its elevators. In a join map lane keys must differ, hence their prefixes. */
export const hotels = [
  { name: 'lobby', lowest: -1, highest: 12, elevators: ['guest', 'panorama', 'parking'] },
  { name: 'harbour', lowest: 0, highest: 7, elevators: ['harbour-east', 'harbour-west'] },
  { name: 'summit', lowest: 0, highest: 18, elevators: ['summit-a', 'summit-b', 'summit-c', 'summit-d'] },
  { name: 'garden', lowest: -2, highest: 4, elevators: ['garden-north', 'garden-south'] },
  { name: 'station', lowest: -1, highest: 9, elevators: ['station-1', 'station-2', 'station-3'] },
]

/** Milliseconds of a step; a floor takes three. */
export const stepMs = 300
const floorSteps = 3

/**
 * What one elevator does next: a floor up or down towards where it is called, then doors open for a while. One that a visitor
 * has put or moved is driven on from there, once it could be seen.
 */
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
      return { id, floor, occupied: Math.random() < 0.65 }
    }
    const way = Math.sign(this.#target - floor)
    if (way !== 0) {
      this.#wait = floorSteps - 1
      return { id, floor: floor + way, occupied }
    }
    this.rest(6 + Math.floor(Math.random() * 12))
    return occupied ? { id, floor, occupied: false } : undefined
  }
}

/** Drives the elevators of one hotel's lane. */
export class Hotel {
  #lane
  #plan
  #elevators = new Map()

  constructor(lane, plan, number) {
    this.#lane = lane
    this.#plan = plan
    plan.elevators.forEach((key, i) => lane.set(key, { id: number * 100 + i + 1, floor: i, occupied: false }))
  }

  /** An elevator that a visitor has put rests for some seconds, so that the write can be seen to have landed. */
  rest(key) {
    this.#elevator(key).rest(4000 / stepMs)
  }

  step() {
    for (const [key, value] of [...this.#lane]) {
      if (!Number.isInteger(value?.floor)) continue
      const next = this.#elevator(key).next(value, this.#plan)
      if (next) this.#lane.set(key, next)
    }
  }

  #elevator(key) {
    let elevator = this.#elevators.get(key)
    if (elevator === undefined) this.#elevators.set(key, (elevator = new Elevator()))
    return elevator
  }
}
