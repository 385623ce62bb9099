// The data of the Recon bench: each case gives, for JSON and for Recon, a function that handles the next sample.
const doors = ['open', 'closed', 'opening', 'stuck']
const names = ['Lobby east', 'Lobby west', 'Garden', 'Tower 9', 'Service']

/** Numbers in [0, 1) from a fixed seed: every run and every codec sees the same data. */
export function chance(seed = 12345) {
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647
}

export function elevators(count) {
  const next = chance()
  return Array.from({ length: count }, (_, id) => ({
    id,
    floor: Math.floor(next() * 40),
    occupied: next() < 0.5,
    name: names[id % 5],
    load: Math.round(next() * 100) / 100,
    door: doors[Math.floor(next() * 4)],
  }))
}

function unlike(count) {
  const next = chance()
  const keys = 'alpha beta gamma delta name id lat lon speed heading status owner tags price count'.split(' ')
  return Array.from({ length: count }, (_, i) => {
    const made = {}
    for (let j = 0; j < 3 + (i % 6); j++) {
      const key = keys[Math.floor(next() * keys.length)] + (next() < 0.3 ? Math.floor(next() * 20) : '')
      const values = [i, Math.round(next() * 1e4) / 100, `text ${i}`, true, doors[i % 4], { x: i, y: i / 8 }, [1, 2, 3]]
      made[key] = values[Math.floor(next() * values.length)]
    }
    return made
  })
}

const prose = (line, count) =>
  Array.from({ length: count }, (_, i) => ({ title: `Report ${i}`, body: line.repeat(30 + i) }))

// A string made by joining is a tree until someone looks; what comes from a socket is flat.
const flat = text => Buffer.from(text).toString()
const head = '@event(node:"/hotel/lobby",lane:elevators)'
const frame = (recon, value, i) => `${head}@update(key:"elevator-${i}")${recon.stringify(value)}`

const reading = (limit, values) => ({
  limit,
  samples: recon => ({
    json: values().map(value => JSON.stringify(value)),
    recon: values().map(value => recon.stringify(value)),
  }),
  json: () => JSON.parse,
  recon: ({ parse }) => parse,
  rival:
    ({ Recon }) =>
    text =>
      Recon.parse(text),
})

const writing = (limit, values) => ({
  limit,
  samples: () => ({ json: values(), recon: values() }),
  // Both are looked at, so that ours is one flat text too.
  json: () => value => JSON.stringify(value).charCodeAt(1),
  recon:
    ({ stringify }) =>
    value =>
      stringify(value).charCodeAt(1),
  rival:
    ({ Recon, Value }) =>
    value =>
      Recon.toString(Value.fromLike(value)).charCodeAt(1),
})

export const cases = {
  'frames of a map lane, by the reader': {
    limit: 0.7,
    samples: recon => ({
      json: elevators(1000).map((value, i) =>
        JSON.stringify({ event: { node: '/hotel/lobby', lane: 'elevators' }, update: { key: `elevator-${i}` }, value }),
      ),
      recon: elevators(1000).map((value, i) => frame(recon, value, i)),
    }),
    json: () => JSON.parse,
    recon: ({ Reader }) => {
      const reader = new Reader()
      return text => {
        const route = reader.head(text)
        if (!reader.entry(text, reader.end, '@update(key:')) throw new Error('no update')
        return { route, key: reader.key, value: reader.value }
      }
    },
    rival:
      ({ Recon }) =>
      text =>
        Recon.parse(text),
  },
  'frames of a map lane, whole': {
    limit: 0.7,
    samples: recon => {
      const texts = elevators(1000).map((value, i) => frame(recon, value, i))
      return { json: texts.map(text => JSON.stringify(recon.parse(text))), recon: texts }
    },
    json: () => JSON.parse,
    recon: ({ parse }) => parse,
    rival:
      ({ Recon }) =>
      text =>
        Recon.parse(text),
  },
  'like records': reading(0.7, () => elevators(1000)),
  'a document of 4,000 records': reading(1.5, () => [elevators(4000)]),
  'unlike records': reading(1.5, () => unlike(500)),
  'long texts': reading(1.5, () => prose('Some longer prose with nothing special in it. ', 20)),
  'long texts with escapes': reading(1.5, () =>
    prose('Some longer prose, with "quotes" now and then, and lines.\n', 20),
  ),
  'writing like records': writing(1.5, () => elevators(1000)),
  'writing a document of 4,000 records': writing(1.5, () => [elevators(4000)]),
  'writing long texts': writing(1.5, () => prose('Some longer prose, with "quotes" now and then.\n', 20)),
}

/** The samples of a case, flat. */
export function samplesOf({ samples }, recon) {
  const both = samples(recon)
  const made = text => (typeof text === 'string' ? flat(text) : text)
  return { json: both.json.map(made), recon: both.recon.map(made) }
}
