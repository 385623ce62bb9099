// The rows of the benches that keep and share maps: vehicles of six fields.
export const vehicles = 100_000

/** One of them, as of a round. */
export const vehicle = (n, round) => ({
  id: n,
  lat: 52 + n / vehicles,
  lng: 13.4,
  speed: (n * 7 + round) % 90,
  line: `M${n % 40}`,
  moving: n % 3 > 0,
})
