// A hotel drawn in section: floors, windows, ground, and a shaft for each elevator, in the lane's order.
const svg = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** Whether somebody is at home behind a window: by chance, but the same in every drawing of the hotel. */
const isLit = (floor, column, seed) =>
  (Math.imul((floor + 7) * 31 + column * 17 + seed * 101, 2654435761) >>> 16) % 10 < 3

export class Building {
  /** The drawing, to be put into the page. */
  element
  #plan
  #size
  #shafts
  #cabins = new Map()
  #columns

  /** @param size measures in drawing units: floor height, shaft and window width, windows on each side, the gutter beside and the roof above; `depth` of ground
   * in floors, where it is to be more than the house has; whether floors and shafts have their names */
  constructor(plan, size) {
    this.#plan = plan
    this.#size = size
    this.#shafts = svg('g')
    this.element = svg('svg', { class: 'building', role: 'img', 'aria-label': `The ${plan.name} hotel in section` })
    this.layOut([])
  }

  /** Draws the house anew for other shafts: only when a key came or went. */
  layOut(keys) {
    const { element } = this
    const { floorHeight, shaft, window, windows, gutter, roof } = this.#size
    const { lowest, highest } = this.#plan
    this.#columns = new Map(keys.map((key, i) => [key, gutter + windows * window + i * shaft]))
    const count = Math.max(keys.length, 2)
    const side = windows * window
    const width = gutter * 2 + side * 2 + count * shaft
    const ground = this.#y(-1)
    const bottom = this.#y(lowest) + floorHeight
    const height = Math.max(bottom, ground + (this.#size.depth ?? 0) * floorHeight) + 2
    element.setAttribute('viewBox', `0 0 ${width} ${height}`)
    element.style.setProperty('--units-wide', width)
    element.style.setProperty('--units-high', height)
    const house = { x: gutter, width: side * 2 + count * shaft }

    const parts = []
    parts.push(svg('rect', { class: 'earth', x: 0, y: ground, width, height: height - ground }))
    parts.push(svg('rect', { class: 'house', x: house.x, y: roof, width: house.width, height: bottom - roof }))
    for (let floor = lowest; floor <= highest; floor++) {
      const y = this.#y(floor)
      if (floor > lowest) {
        const floorLine = y + floorHeight
        parts.push(svg('line', { class: 'slab', x1: house.x, x2: house.x + house.width, y1: floorLine, y2: floorLine }))
      }
      if (this.#size.numbers) {
        parts.push(svg('text', { class: 'floor-number', x: gutter - 8, y: y + floorHeight * 0.68 }, floorName(floor)))
      }
      if (floor < 0) continue
      for (let column = 0; column < windows * 2; column++) {
        const x = column < windows ? house.x + column * window : house.x + count * shaft + column * window
        const lit = isLit(floor, column, this.#plan.name.length)
        parts.push(
          svg('rect', {
            class: lit ? 'window lit' : 'window',
            x: x + window * 0.24,
            y: y + floorHeight * 0.22,
            width: window * 0.52,
            height: floorHeight * (floor === 0 ? 0.74 : 0.52),
          }),
        )
      }
    }
    const shaftsX = house.x + side
    parts.push(svg('rect', { class: 'shafts', x: shaftsX, y: roof, width: count * shaft, height: bottom - roof }))
    for (let i = 1; i < count; i++) {
      const x = shaftsX + i * shaft
      parts.push(svg('line', { class: 'rail', x1: x, x2: x, y1: roof, y2: bottom }))
    }
    parts.push(svg('path', { class: 'wall', d: `M${house.x} ${bottom}V${roof}H${house.x + house.width}V${bottom}Z` }))
    // The machine room on the roof, above the shafts.
    const room = floorHeight * 0.6
    parts.push(svg('rect', { class: 'wall roof', x: shaftsX, y: roof - room, width: count * shaft, height: room }))
    parts.push(svg('line', { class: 'ground', x1: 0, x2: width, y1: ground, y2: ground }))
    if (this.#size.labels) {
      keys.forEach((key, i) => {
        const at = `translate(${shaftsX + (i + 0.5) * shaft + 3} ${roof - room - 5}) rotate(-52)`
        parts.push(svg('text', { class: 'shaft-name', transform: at }, String(key)))
      })
    }
    element.replaceChildren(...parts, this.#shafts)
    for (const key of [...this.#cabins.keys()]) if (!this.#columns.has(key)) this.#erase(key)
  }

  /** Puts an elevator where its entry says. One without a shaft, or an entry that is no elevator, is not drawn. */
  draw(key, value, isWaiting = false) {
    const x = this.#columns.get(key)
    if (x === undefined || !Number.isFinite(value?.floor)) return this.#erase(key)
    const { lowest, highest } = this.#plan
    const floor = Math.min(highest, Math.max(lowest, value.floor))
    const cabin = this.#cabins.get(key) ?? this.#hang(key, floor)
    const { floorHeight } = this.#size
    const floors = Math.min(Math.abs(floor - cabin.floor), 4)
    cabin.floor = floor
    cabin.group.style.setProperty('--floors', Math.max(1, floors))
    cabin.group.setAttribute('transform', `translate(${x} 0)`)
    cabin.car.style.transform = `translateY(${this.#y(floor)}px)`
    cabin.cable.style.transform = `scaleY(${this.#y(floor) - this.#size.roof + floorHeight * 0.14})`
    cabin.group.classList.toggle('occupied', value.occupied === true)
    cabin.group.classList.toggle('waiting', isWaiting)
  }

  #hang(key) {
    const { floorHeight, shaft, roof } = this.#size
    const cable = svg('rect', { class: 'cable', x: shaft / 2 - 0.5, width: 1, height: 1, y: 0 })
    const pad = shaft * 0.16
    const car = svg(
      'g',
      { class: 'car' },
      svg('rect', {
        class: 'cabin',
        x: pad,
        y: floorHeight * 0.14,
        width: shaft - pad * 2,
        height: floorHeight * 0.8,
        rx: 1.5,
      }),
      svg('line', { class: 'door', x1: shaft / 2, x2: shaft / 2, y1: floorHeight * 0.24, y2: floorHeight * 0.94 }),
    )
    const holder = svg('g', { transform: `translate(0 ${roof})` }, cable)
    const group = svg('g', { class: 'elevator' }, holder, car)
    const title = svg('title')
    title.textContent = String(key)
    group.prepend(title)
    this.#shafts.append(group)
    const cabin = { group, car, cable, floor: 0 }
    this.#cabins.set(key, cabin)
    return cabin
  }

  #erase(key) {
    this.#cabins.get(key)?.group.remove()
    this.#cabins.delete(key)
  }

  /** The top of a floor. */
  #y(floor) {
    return this.#size.roof + (this.#plan.highest - floor) * this.#size.floorHeight
  }
}

const floorName = floor => (floor === 0 ? 'L' : floor < 0 ? `P${-floor}` : String(floor))
