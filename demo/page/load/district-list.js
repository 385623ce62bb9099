// How many vehicles each district has: a list, the fullest first, and the districts' names where they are on the map.
import { Ranking } from '../script/ranking.js'
import { districts } from './city.js'

/** Milliseconds between two looks at the counts: figures that change with each frame nobody can read. */
const lookMs = 250

export class DistrictList {
  #ranking
  #counts
  #drawnAtMs = 0

  /** @param map knows where on the page a place is, and `root` holds it */
  constructor(list, root, map) {
    this.#ranking = new Ranking(list, createDistrict)
    const labels = districts.map(({ name }) =>
      Object.assign(document.createElement('span'), { className: 'district', textContent: name, ariaHidden: 'true' }),
    )
    root.append(...labels)
    const place = () =>
      districts.forEach((district, at) => {
        const { left, top } = map.onPage(district)
        labels[at].style.left = `${left}px`
        labels[at].style.top = `${top}px`
      })
    // The map has fitted itself by then: it began to observe first.
    new ResizeObserver(place).observe(root)
  }

  /** Takes pairs of name and vehicles, the most first. */
  received(counts) {
    this.#counts = counts
  }

  draw(nowMs) {
    if (this.#counts === undefined || nowMs - this.#drawnAtMs < lookMs) return
    this.#drawnAtMs = nowMs
    const counts = this.#counts
    this.#counts = undefined
    const most = counts[0]?.[1] || 1
    this.#ranking.draw(counts.map(([name, count]) => [name, { count, part: count / most }]))
  }
}

function createDistrict(key) {
  const [name, bar, count] = ['b', 'i', 'span'].map(tag => document.createElement(tag))
  name.textContent = key
  let last
  return {
    parts: [name, count, bar],
    show({ count: now, part }) {
      bar.style.scale = `${part} 1`
      if (now !== last) count.textContent = (last = now).toLocaleString('en')
    },
  }
}
