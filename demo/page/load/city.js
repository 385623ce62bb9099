// A city's streets, and where a vehicle is on them at a given time. The host moves vehicles by it; the page draws what it is told.

/** Metres; the centre is in the middle. */
export const cityWidth = 16_000
export const cityHeight = 10_000

/** Metres between two points of a street. */
const stepM = 20

/** Chance that is the same at every start. */
function createRandom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Streets as rows of points `[x, y, x, y, …]`, each `stepM` from the next. */
export function layStreets() {
  const random = createRandom(20)
  const streets = []
  const [cx, cy] = [cityWidth / 2, cityHeight / 2]
  const lay = (weight, length, at) => {
    // A street without two points is none.
    if (length < 2 * stepM) return
    const points = []
    for (let s = 0; s <= length; s += stepM) points.push(...at(s / length, s))
    streets.push({ weight, points: Float32Array.from(points) })
  }
  const straight = (weight, x1, y1, x2, y2) =>
    lay(weight, Math.hypot(x2 - x1, y2 - y1), t => [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t])
  const wobble = angle => 1 + 0.05 * Math.sin(angle * 3 + 1) + 0.035 * Math.sin(angle * 5 + 2)

  // Rings, and avenues that bend on their way out.
  for (const radius of [750, 1600, 2600, 3700, 4800, 6000]) {
    const turn = t => t * Math.PI * 2
    lay(2.2, radius * 7, t => {
      const r = radius * wobble(turn(t))
      return [cx + Math.cos(turn(t)) * r * 1.35, cy + Math.sin(turn(t)) * r]
    })
  }
  for (let i = 0; i < 14; i++) {
    const angle = (i / 14) * Math.PI * 2 + random() * 0.2
    const bend = (random() - 0.5) * 0.7
    lay(2.6, 7_600, t => {
      const a = angle + bend * t * t
      const r = 250 + t * 8_000
      return [cx + Math.cos(a) * r, cy + Math.sin(a) * r * 0.78]
    })
  }
  // Quarters: small grids, each turned its own way.
  const quarter = (x, y, size, blockM, angle, weight) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const put = (u, v) => [x + u * cos - v * sin, y + u * sin + v * cos]
    for (let at = -size; at <= size; at += blockM) {
      const half = Math.sqrt(Math.max(0, size * size - at * at)) * (0.8 + random() * 0.3)
      straight(weight, ...put(at, -half), ...put(at, half))
      straight(weight, ...put(-half, at), ...put(half, at))
    }
  }
  quarter(cx, cy, 1_500, 130, 0.35, 1.5)
  for (let i = 0; i < 60; i++) {
    // By the golden angle they lie apart; further out they are larger, and wider.
    const angle = i * 2.39996 + random() * 0.3
    const r = 1_900 + 5_400 * Math.sqrt(i / 60)
    const [x, y] = [cx + Math.cos(angle) * r * 1.2, cy + Math.sin(angle) * r * 0.78]
    quarter(x, y, 330 + random() * 520, 110 + random() * 60, random() * 3, 0.8)
  }
  return streets
}

/** Around the old town, by the sixth of the compass that each lies in, from the east on clockwise. */
const around = ['Eastbank', 'Docks', 'Southfield', 'Westgate', 'Hillside', 'Northgate']
const oldTown = 'Old Town'
const oldTownM = 1_900
/** The city is wider than high, and its rings with it. */
const stretch = 1.35

/** The district that a place is in. */
export function districtOf(x, y) {
  const [east, south] = [(x - cityWidth / 2) / stretch, y - cityHeight / 2]
  if (Math.hypot(east, south) < oldTownM) return oldTown
  const sixth = Math.round((Math.atan2(south, east) / Math.PI) * 3)
  return around[(sixth + 6) % 6]
}

/** Districts, and where their names stand. */
export const districts = [
  { name: oldTown, x: cityWidth / 2, y: cityHeight / 2 },
  ...around.map((name, sixth) => ({
    name,
    x: cityWidth / 2 + Math.cos((sixth / 3) * Math.PI) * 2_600 * stretch,
    y: cityHeight / 2 + Math.sin((sixth / 3) * Math.PI) * 2_300,
  })),
]

/** Vehicles, each on one street, up and down. A position is found from the time alone, so that only those told of cost anything. */
export class Fleet {
  #streets
  #streetOf
  #startM
  #metresPerS

  constructor(count) {
    const random = createRandom(7)
    this.#streets = layStreets()
    this.#streetOf = new Uint16Array(count)
    this.#startM = new Float32Array(count)
    this.#metresPerS = new Float32Array(count)
    const weights = this.#streets.map(({ weight, points }) => weight * points.length)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    for (let id = 0; id < count; id++) {
      let left = random() * total
      let street = 0
      while (street < weights.length - 1 && (left -= weights[street]) > 0) street++
      this.#streetOf[id] = street
      this.#startM[id] = random() * this.#streets[street].points.length * stepM
      this.#metresPerS[id] = 8 + random() * 17
    }
  }

  /** Whole metres from the city's west and north. */
  positionOf(id, seconds) {
    const { points } = this.#streets[this.#streetOf[id]]
    const last = points.length / 2 - 1
    const along = (this.#startM[id] + this.#metresPerS[id] * seconds) / stepM
    const lap = along % (2 * last)
    const at = lap < last ? lap : 2 * last - lap
    const i = Math.min(Math.floor(at), last - 1)
    const part = at - i
    // Two lanes: those that come back keep to the other side.
    const side = lap < last ? 4 : -4
    return {
      x: Math.round(points[2 * i] + (points[2 * i + 2] - points[2 * i]) * part) + side,
      y: Math.round(points[2 * i + 1] + (points[2 * i + 3] - points[2 * i + 1]) * part) + side,
    }
  }
}
