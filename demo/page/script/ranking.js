// A list in the order of its entries. Rows stay what they are: they are made once, changed, and moved; and glide where they go.
const glideMs = 420
const isCalm = matchMedia('(prefers-reduced-motion: reduce)')

export class Ranking {
  #list
  #create
  #rows = new Map()

  /** @param create makes a row for a key: its `parts`, and `show(value)` */
  constructor(list, create) {
    this.#list = list
    this.#create = create
  }

  /** @param entries pairs of key and value, in order */
  draw(entries) {
    const order = []
    for (const [key, value] of entries) {
      let row = this.#rows.get(key)
      if (row === undefined) this.#rows.set(key, (row = this.#make(key)))
      row.show(value)
      order.push(row.item)
    }
    const shown = [...this.#list.children]
    // Where rows are is asked of the page only when one of them moves.
    if (order.length === shown.length && order.every((item, at) => item === shown[at])) return
    const before = new Map(shown.map(item => [item, item.getBoundingClientRect().top]))
    this.#list.replaceChildren(...order)
    for (const [key, { item }] of this.#rows) if (item.parentNode === null) this.#rows.delete(key)
    if (isCalm.matches || before.size === 0) return
    for (const item of order) {
      const from =
        (before.get(item) ?? item.getBoundingClientRect().top + item.offsetHeight) - item.getBoundingClientRect().top
      if (from !== 0)
        item.animate({ translate: [`0 ${from}px`, '0'] }, { duration: glideMs, easing: 'cubic-bezier(.2, .8, .2, 1)' })
    }
  }

  #make(key) {
    const item = document.createElement('li')
    const { parts, show } = this.#create(key)
    item.append(...parts)
    return { item, show }
  }
}
