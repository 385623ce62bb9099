// A client of its own: a socket that can be cut and healed, one map downlink, what it keeps between visits, its drawing, its table,
// its own writes.
import { indexedDbCache, SwimClient } from '../swimlink-kept.min.js'
import { Building } from './building.js'
import { hotels } from './hotels.js'
import { createStaleMark, showStatus, tellErrors } from './status.js'
import { EntryTable } from './table.js'
import { createWire } from './wire.js'
import { followRestored, WriteList } from './writes.js'

const plan = hotels.find(hotel => hotel.name === 'lobby')
const size = { floorHeight: 22, shaft: 26, window: 20, windows: 2, gutter: 24, roof: 78, numbers: true, labels: true }

/** Opens a pane in `root` and returns its downlink. `onClient` is handed its client, `onChange` is told of every change. */
export function openPane(root, { name, hostUri, onClient, onChange }) {
  const pane = document.getElementById('pane').content.firstElementChild.cloneNode(true)
  const find = selector => pane.querySelector(selector)
  pane.setAttribute('aria-label', name)
  find('h3').textContent = name
  root.append(pane)

  const building = new Building(plan, size)
  find('.drawing').append(building.element)
  const writes = new WriteList(find('.writes ol'))
  const table = new EntryTable(find('table'), {
    caption: `Elevators, as ${name} holds them`,
    move: (key, floors) => {
      const old = elevators.get(key)
      const floor = Math.min(plan.highest, Math.max(plan.lowest, old.floor + floors))
      put(key, { ...old, floor })
    },
    remove: key => writes.follow(key, 'remove', elevators.remove(key)),
  })

  const wire = createWire()
  const markStale = createStaleMark(pane)
  // The two know nothing of each other: what each keeps, it keeps for itself.
  const cache = indexedDbCache({ scope: name })
  const client = new SwimClient({ webSocket: wire.WebSocket, onError: tellErrors, cache })
  onClient(client)
  const elevators = client
    .downlinkMap()
    .hostUri(hostUri)
    .nodeUri('/hotel/lobby')
    .laneUri('elevators')
    .cache(true)
    .didChange(changes => {
      const cameOrWent = changes.some(change => change.type === 'remove' || change.oldValue === undefined)
      if (cameOrWent) layOut()
      for (const change of changes) {
        if (change.type === 'update') show(change.key, change.value, change.oldValue)
      }
      onChange()
    })
    .didChangeStatus(tellStatus)
    .open()
  tellStatus(elevators.status)

  const put = (key, value) => writes.follow(key, inWords(value), elevators.put(key, value))
  followRestored(client, elevators, (key, value, settled) =>
    writes.follow(key, value === undefined ? 'remove' : inWords(value), settled, 'kept, '),
  )

  function tellStatus(status) {
    showStatus(find('.chip'), status)
    markStale(status)
    onChange()
  }
  function layOut() {
    building.layOut([...elevators.keys()])
    table.layOut(elevators)
    for (const [key, value] of elevators) show(key, value, value)
  }
  function show(key, value, oldValue) {
    const isWaiting = writes.isWaiting(key)
    building.draw(key, value, isWaiting)
    table.show(key, value, oldValue, isWaiting)
  }
  // A write that has waited for a moment is marked where its entry is shown; and no more once it has landed.
  writes.onMark = key => elevators.has(key) && show(key, elevators.get(key), elevators.get(key))

  find('form').addEventListener('submit', event => {
    event.preventDefault()
    const { key, floor, occupied } = event.target.elements
    const id = elevators.get(key.value)?.id ?? 1 + Math.max(100, ...[...elevators.values()].map(value => value.id || 0))
    put(key.value.trim(), { id, floor: Number(floor.value), occupied: occupied.checked })
  })

  const network = find('.switch')
  network.addEventListener('click', () => {
    const isOn = network.getAttribute('aria-checked') === 'true'
    network.setAttribute('aria-checked', String(!isOn))
    network.querySelector('span').textContent = isOn ? 'Network cut' : 'Network'
    if (isOn) wire.cut()
    else wire.heal()
  })
  return elevators
}

const inWords = ({ floor, occupied }) => `floor ${floor}${occupied ? ', occupied' : ''}`
