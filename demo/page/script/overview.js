// What the page asks of the city, by views: which hotels are busy, and which elevators are highest. Each answer is joined with the
// lane of names, and stays true while elevators move.
import { count, sum, view } from '../swimlink-kept.min.js'
import { hotelOf } from './hotels.js'
import { Ranking } from './ranking.js'

/** Shows both answers, and returns the view of figures by hotel. */
export function openOverview(byId, city, names) {
  const figures = view(city)
    .groupBy((_, key) => hotelOf(key).name, { all: count(), inUse: sum(elevator => (elevator.occupied ? 1 : 0)) })
    .join(
      names,
      (_, hotel) => hotel,
      (figures, name) => ({ ...figures, ...name }),
    )
  const busiest = figures.orderBy(({ inUse, all }) => inUse / all, 'desc')
  const highest = view(city)
    .orderBy(({ floor }) => floor, 'desc')
    .limit(5)
    .join(
      names,
      (_, key) => hotelOf(key).name,
      (elevator, name) => ({ ...elevator, ...name }),
    )

  show(busiest, new Ranking(byId('busiest'), createHotel))
  show(highest, new Ranking(byId('highest'), createElevator))
  return figures
}

function show(view, ranking) {
  view.subscribe(() => ranking.draw(view))
  ranking.draw(view)
}

/** A hotel: its name, a mark for each elevator, and the figures in words. */
function createHotel(key) {
  const [name, marks, words] = [element('b'), element('span', 'marks'), element('span', 'words')]
  marks.setAttribute('aria-hidden', 'true')
  return {
    parts: [name, marks, words],
    show({ title, all, inUse }) {
      setText(name, title ?? key)
      while (marks.children.length > all) marks.lastChild.remove()
      while (marks.children.length < all) marks.append(element('i', 'swatch'))
      Array.from(marks.children).forEach((mark, at) => mark.classList.toggle('occupied', at < inUse))
      setText(words, `${inUse} of ${all} in use`)
    },
  }
}

/** An elevator: its floor as the sign in its cabin shows it, its key and its hotel, and whether somebody is in it. */
function createElevator(key) {
  const [floor, name, hotel, words] = [
    element('span', 'sign'),
    element('b'),
    element('small'),
    element('span', 'words'),
  ]
  const mark = element('i', 'swatch')
  const [whose, state] = [element('span', 'whose'), element('span', 'state')]
  whose.append(name, hotel)
  state.append(mark, words)
  setText(name, String(key))
  return {
    parts: [floor, whose, state],
    show({ floor: now, title, occupied }) {
      setText(floor, String(now))
      setText(hotel, title ?? '')
      mark.classList.toggle('occupied', occupied)
      setText(words, occupied ? 'somebody in it' : 'empty')
    },
  }
}

const element = (tag, className = '') => Object.assign(document.createElement(tag), { className })

/** Only what differs is written: a page that is read aloud or selected is left alone. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}
