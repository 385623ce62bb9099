// The city: one map downlink to a join map lane, which merges the elevators of all hotels; one drawing a hotel. What stands above
// each is a view.
import { Building } from './building.js'
import { hotelOf, hotels } from './hotels.js'

const size = { floorHeight: 14, shaft: 13, window: 12, windows: 2, gutter: 4, roof: 22, depth: 2 }

/** @param figures a view of what is told of each hotel, by its name */
export function openSkyline(root, city, figures) {
  const houses = new Map(hotels.map(plan => [plan.name, createHouse(plan)]))
  root.replaceChildren(...[...houses.values()].map(house => house.figure))

  const houseOf = key => houses.get(hotelOf(key).name)
  const layOut = () => {
    const keys = Map.groupBy(city.keys(), key => hotelOf(key).name)
    for (const [name, { building }] of houses) building.layOut(keys.get(name) ?? [])
    for (const [key, value] of city) houseOf(key).building.draw(key, value)
  }
  city.subscribe(changes => {
    if (changes.some(change => change.type === 'remove' || change.oldValue === undefined)) layOut()
    for (const { key, value } of changes) if (value) houseOf(key).building.draw(key, value)
  })
  figures.subscribe(changes => {
    for (const { key, value } of changes) houses.get(key).tell(value)
  })
  layOut()
}

function createHouse(plan) {
  const building = new Building(plan, size)
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  const name = document.createElement('b')
  const told = document.createElement('span')
  name.textContent = plan.name
  caption.append(name, told)
  figure.append(caption, building.element)
  return {
    figure,
    building,
    /** A hotel without elevators has no figures. */
    tell({ title, all, inUse } = { all: 0, inUse: 0 }) {
      name.textContent = title ?? plan.name
      told.textContent = `${inUse} of ${all} in use`
    },
  }
}
