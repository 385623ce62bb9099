// The records of the Recon bench, a maker for each kind that users have. They come from a fixed seed: every run and every codec sees the same.

const doors = ['open', 'closed', 'opening', 'stuck']
const names = ['Lobby east', 'Lobby west', 'Garden', 'Tower 9', 'Service']

/** Numbers in [0, 1). */
export function chance(seed = 12345) {
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647
}

/** Makes `count` records; each is made from its number and from chance. */
function many(count, make) {
  const next = chance()
  const below = most => Math.floor(next() * most)
  const one = list => list[below(list.length)]
  /** A number below `most` of so many decimals. */
  const decimal = (most, decimals) => Number((next() * most).toFixed(decimals))
  return Array.from({ length: count }, (_, i) => make(i, { next, below, one, decimal }))
}

export const elevators = count =>
  many(count, (id, { next, below, decimal, one }) => ({
    id,
    floor: below(40),
    occupied: next() < 0.5,
    name: names[id % 5],
    load: decimal(1, 2),
    door: one(doors),
  }))

const nested = count =>
  many(count, (id, { below, decimal, one }) => ({
    id,
    at: { building: `B${below(9)}`, room: { floor: below(40), number: 100 + below(99), wing: one(['east', 'west']) } },
    state: { door: one(doors), motor: { rpm: below(3000), celsius: decimal(90, 1) } },
  }))

const numbers = count =>
  many(count, (i, { below, decimal }) =>
    Array.from({ length: 24 }, () => (i % 2 === 0 ? below(100_000) : decimal(500, 2))),
  )

const lists = count =>
  many(count, (_, { below, decimal, one }) =>
    Array.from({ length: 10 }, () => ({ stop: below(400), wait: decimal(300, 1), door: one(doors) })),
  )

const optional = count => {
  const makers = {
    id: id => id,
    name: id => names[id % 5],
    floor: (_, { below }) => below(40),
    door: (_, { one }) => one(doors),
    load: (_, { decimal }) => decimal(1, 2),
    speed: (_, { decimal }) => decimal(9, 1),
    occupied: (_, { next }) => next() < 0.5,
    alarm: (_, { one }) => one(['none', 'smoke', 'stop']),
    owner: (_, { one }) => one(names),
    trips: (_, { below }) => below(100_000),
    note: (_, { one }) => one(['to be checked', 'new cable', 'quiet']),
    serviced: (_, { below }) => 2020 + below(7),
  }
  return many(count, (id, chances) => {
    const kept = Object.entries(makers).filter(() => chances.next() < 0.5)
    return Object.fromEntries(kept.map(([key, make]) => [key, make(id, chances)]))
  })
}

/** A script for each record: accents, Greek, Chinese and Japanese, emoji. */
const scripts = [
  { city: 'Zürich Höngg', name: 'Café Müller', note: 'fermé le dimanche, réouverture à 8 h' },
  { city: 'Θεσσαλονίκη', name: 'Ξενοδοχείο', note: 'κλειστό την Κυριακή' },
  { city: '東京都千代田区', name: 'エレベーター', note: '点検中、階段をご利用ください' },
  { city: 'Lisbon 🇵🇹', name: 'Garden 🌳', note: 'all fine 👍, back at 8 🕗' },
]
const foreign = count =>
  many(count, (id, { below }) => ({ id, ...scripts[id % 4], name: `${scripts[id % 4].name} ${below(999)}` }))

const escaped = count =>
  many(count, (id, { below, one }) => ({
    id,
    path: `C:\\logs\\hotel\\lift-${below(99)}.txt`,
    said: `the display shows "${one(doors)}", then "${one(doors)}"`,
    lines: `door ${one(doors)}\nfloor ${below(40)}\nload ${below(100)} %`,
  }))

const times = count =>
  many(count, (id, { below }) => {
    const ms = 1_790_000_000_000 + below(10_000_000_000)
    return {
      id,
      created: new Date(ms).toISOString(),
      updated: new Date(ms + below(1e8)).toISOString(),
      seenMs: ms + below(1e9),
      untilMs: ms + below(1e9),
    }
  })

/** Two of six decimals, one of two, two as a division gives them, and one very small. */
const floats = count =>
  many(count, (_, { next, decimal }) => ({
    lat: decimal(180, 6) - 90,
    lon: decimal(360, 6),
    speed: decimal(30, 2),
    heading: next() * 360,
    mean: next() * 3,
    drift: next() * 1e-9,
  }))

const bigints = count =>
  many(count, (id, { below }) => {
    const big = () => BigInt(10_000_000 + below(80_000_000)) * 10n ** 12n + BigInt(below(2 ** 31))
    return { id, account: big(), balance: -big(), block: big() }
  })

const data = count =>
  many(count, (id, { below }) => ({ id, picture: Uint8Array.from({ length: 200 + below(200) }, () => below(256)) }))

function unlike(count) {
  const keys = 'alpha beta gamma delta name id lat lon speed heading status owner tags price count'.split(' ')
  return many(count, (i, { next, below, decimal, one }) => {
    const made = {}
    for (let j = 0; j < 3 + (i % 6); j++) {
      const key = one(keys) + (next() < 0.3 ? below(20) : '')
      made[key] = one([i, decimal(100, 2), `text ${i}`, true, doors[i % 4], { x: i, y: i / 8 }, [1, 2, 3]])
    }
    return made
  })
}

const prose = line => count => many(count, i => ({ title: `Report ${i}`, body: line.repeat(30 + i) }))

/** Each kind: how its records are made. */
export const kinds = {
  'flat records': () => elevators(1000),
  'nested records': () => nested(500),
  'lists of numbers': () => numbers(300),
  'lists of records': () => lists(200),
  'optional keys': () => optional(1000),
  'texts that are not ASCII': () => foreign(1000),
  'texts with escapes': () => escaped(1000),
  timestamps: () => times(1000),
  floats: () => floats(1000),
  bigints: () => bigints(1000),
  data: () => data(300),
  'unlike records': () => unlike(500),
  'a document of 4,000 records': () => [elevators(4000)],
  'long texts': () => prose('Some longer prose with nothing special in it. ')(20),
  'long texts with escapes': () => prose('Some longer prose, with "quotes" now and then, and lines.\n')(20),
}
