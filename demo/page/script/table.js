// A table of entries, in the lane's order, whose changed cells light up.
const cell = (tag, className) => Object.assign(document.createElement(tag), { className })

export class EntryTable {
  #body
  #rows = new Map()
  #actions

  /** @param actions `caption`, and what the buttons of a row do: `move(key, floors)`, `remove(key)` */
  constructor(table, actions) {
    this.#body = table.querySelector('tbody')
    this.#actions = actions
    table.querySelector('caption').textContent = actions.caption
  }

  /** Gives each entry of a map its row, and takes away those of entries that went. */
  layOut(map) {
    for (const [key, row] of this.#rows) {
      if (map.has(key)) continue
      // The keyboard is not left in the void: whoever has just removed a row goes on with the next.
      if (row.element.contains(document.activeElement)) {
        const next = row.element.nextElementSibling ?? row.element.previousElementSibling
        next?.querySelector('button:last-child').focus()
      }
      row.element.remove()
      this.#rows.delete(key)
    }
    let before = this.#body.firstElementChild
    for (const key of map.keys()) {
      let row = this.#rows.get(key)
      if (row === undefined) this.#rows.set(key, (row = this.#create(key)))
      if (row.element === before) before = before.nextElementSibling
      else this.#body.insertBefore(row.element, before)
    }
  }

  /** Shows an entry; cells that differ from the old value are lit. */
  show(key, value, oldValue, isWaiting) {
    const row = this.#rows.get(key)
    if (row === undefined) return
    row.element.classList.toggle('waiting', isWaiting)
    for (const field of ['floor', 'occupied', 'id']) {
      const td = row[field]
      const text = field === 'occupied' ? (value?.occupied ? 'yes' : 'no') : String(value?.[field] ?? '')
      if (td.textContent === text) continue
      td.textContent = text
      if (oldValue !== value) light(td)
    }
  }

  #create(key) {
    const { move, remove } = this.#actions
    const element = document.createElement('tr')
    const head = cell('th', '')
    head.scope = 'row'
    head.textContent = String(key)
    const row = { element, floor: cell('td', 'number'), occupied: cell('td', ''), id: cell('td', 'number id') }
    const actions = cell('td', 'actions')
    actions.append(
      button('↑', `Send ${key} one floor up`, () => move(key, 1)),
      button('↓', `Send ${key} one floor down`, () => move(key, -1)),
      button('×', `Remove ${key}`, () => remove(key)),
    )
    element.append(head, row.floor, row.occupied, row.id, actions)
    return row
  }
}

function button(text, label, run) {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = text
  element.title = label
  element.setAttribute('aria-label', label)
  element.addEventListener('click', run)
  return element
}

/** Lights a cell: from the start, if it is lit already. */
function light(td) {
  td.classList.remove('lit')
  void td.offsetWidth
  td.classList.add('lit')
  clearTimeout(td.unlight)
  td.unlight = setTimeout(() => td.classList.remove('lit'), 1400)
}
