// The overview: one downlink to a join map lane, which merges the elevators of all hotels; one drawing a hotel.
import { Building } from './building.js'
import { hotelOf, hotels } from './hotels.js'

const size = { floorHeight: 14, shaft: 13, window: 12, windows: 2, gutter: 4, roof: 22, depth: 2 }

/** @returns what to do with the status of the downlink */
export function openSkyline(root, client, hostUri, onStatus) {
  const houses = new Map(hotels.map(plan => [plan, createHouse(plan)]))
  root.replaceChildren(...[...houses.values()].map(house => house.figure))

  const city = client
    .downlinkMap()
    .hostUri(hostUri)
    .nodeUri('/city')
    .laneUri('elevators')
    .didChange(changes => {
      const cameOrWent = changes.some(change => change.type === 'remove' || change.oldValue === undefined)
      if (cameOrWent) for (const house of houses.values()) house.layOut(city)
      for (const { key, value } of changes) if (value) houses.get(hotelOf(key)).draw(key, value)
      for (const house of houses.values()) house.tell(city)
    })
    .didChangeStatus(status => {
      root.classList.toggle('stale', status.state === 'stale' && status.because === 'disconnected')
      onStatus(status)
    })
    .open()
  return city
}

function createHouse(plan) {
  const building = new Building(plan, size)
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  const name = document.createElement('b')
  name.textContent = plan.name
  const told = document.createElement('span')
  caption.append(name, told)
  figure.append(caption, building.element)

  const ours = city => [...city].filter(([key]) => hotelOf(key) === plan)
  return {
    figure,
    layOut(city) {
      const entries = ours(city)
      building.layOut(entries.map(([key]) => key))
      for (const [key, value] of entries) building.draw(key, value)
    },
    draw: (key, value) => building.draw(key, value),
    tell(city) {
      const entries = ours(city)
      const occupied = entries.filter(([, value]) => value.occupied).length
      told.textContent = `${occupied} of ${entries.length} in use`
    },
  }
}
