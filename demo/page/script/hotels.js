// Each hotel's floors, as they are built: what is drawn, and between which floors the host lets elevators move.
export const hotels = [
  { name: 'garden', lowest: -2, highest: 4 },
  { name: 'lobby', lowest: -1, highest: 12 },
  { name: 'harbour', lowest: 0, highest: 7 },
  { name: 'summit', lowest: 0, highest: 18 },
  { name: 'station', lowest: -1, highest: 9 },
]

/** The hotel of an elevator. A join map lane merges the lanes of all: their keys differ by prefix, but for the lobby's. */
export function hotelOf(key) {
  const name = String(key).split('-')[0]
  return hotels.find(hotel => hotel.name === name) ?? hotels[1]
}
