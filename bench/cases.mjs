// What the client benches measure: for each case the frames, the clients that take turns, and the figures with their bounds.
// A bound on a ratio is to the bare client (`ws`, JSON.parse, Map.set) in the same round; one on a value is absolute.
const time = (limit, goal) => [
  { figure: 'us', title: 'per frame', unit: 'µs', limit, goal },
  { figure: 'cpuUs', title: 'processor time per frame', unit: 'µs', limit, goal },
]
const memory = { figure: 'bytes', title: 'memory per entry', unit: 'B', limit: 1 }
const frames = ['json', 'swimlink', 'rival']

const scale = count => ({
  group: 'scale',
  module: 'lib/scale.mjs',
  clients: ['json', 'swimlink'],
  rounds: 3,
  one: {
    mode: 'sync',
    count,
    padded: true,
    // The later keys of a large lane are no neighbours in memory of those before.
    updates: { mode: 'live', count: 200_000, keys: count, scattered: true, pass: 3 },
  },
  figures: [{ figure: 'updateUs', title: 'processor time per update', unit: 'µs' }],
})

const writes = one => ({
  group: 'writes',
  module: 'lib/writes.mjs',
  clients: ['json', 'swimlink'],
  rounds: 3,
  one: { mode: 'sync', count: 0, writes: 200_000, echoes: true, ...one },
})

export const cases = {
  records: {
    group: 'frames',
    title: '200,000 keys, records of 6 fields, didUpdate',
    clients: [...frames, 'read', 'string', 'count'],
    one: { count: 200_000 },
    figures: [...time(0.9, 0.5), memory],
    isChecked: true,
  },
  silent: {
    group: 'frames',
    title: 'the same without callbacks',
    clients: frames,
    one: { count: 200_000, tells: false },
    figures: [...time(0.75, 0.4), memory],
  },
  steady: {
    group: 'frames',
    title: '1,000 keys, each updated 200 times',
    clients: [...frames, 'read', 'string', 'count'],
    one: { count: 200_000, keys: 1000 },
    figures: [...time(0.75, 0.5)],
    isChecked: true,
  },
  texts: {
    group: 'frames',
    title: 'values are texts',
    clients: [...frames, 'read'],
    one: { count: 200_000, value: 'text' },
    figures: [...time(0.9, 0.75), memory],
    isChecked: true,
  },
  wide: {
    group: 'frames',
    title: 'records of 60 fields, 500 keys',
    clients: [...frames, 'read'],
    one: { count: 20_000, keys: 500, value: 'wide' },
    figures: [...time(1, 0.75)],
    isChecked: true,
  },
  integers: {
    group: 'frames',
    title: 'keys are integers',
    clients: [...frames, 'read'],
    one: { count: 200_000, integers: true },
    figures: [...time(0.9, 0.75), memory],
  },
  zod: {
    group: 'frames',
    title: 'a zod schema, for both',
    clients: ['json', 'swimlink'],
    one: { count: 200_000, zod: true },
    figures: [...time(1.15, 0.75)],
  },
  views: {
    group: 'frames',
    title: '10 downlinks on one lane, 10 callbacks',
    clients: ['json', 'swimlink'],
    one: { count: 200_000, views: 10 },
    figures: [...time(1.15, 0.75)],
  },
  lanes: {
    group: 'frames',
    title: '1,000 lanes interleaved, 200 keys each',
    clients: ['json', 'swimlink'],
    one: { count: 200_000, lanes: 1000 },
    figures: [...time(1, 0.75), memory],
    isChecked: true,
  },
  turns: {
    group: 'frames',
    title: 'longest turn of the event loop, 200,000 frames in a flood',
    clients: frames,
    one: { count: 200_000 },
    turn: { turns: true },
    figures: [{ figure: 'turnMs', title: 'longest turn', unit: 'ms', most: 50 }],
    isChecked: true,
  },
  chromium: {
    group: 'frames',
    title: 'in Chromium, with its own WebSocket, 50,000 keys',
    clients: ['json', 'swimlink', 'count'],
    one: { count: 50_000 },
    figures: [
      { figure: 'us', title: 'per frame, all told', unit: 'µs', limit: 1 },
      { figure: 'scriptUs', title: 'per frame, in script', unit: 'µs', limit: 0.75 },
    ],
  },
  million: {
    ...scale(1_000_000),
    title: '1,000,000 entries',
    rounds: 9,
    one: { ...scale(1_000_000).one, cuts: true },
    figures: [
      { figure: 'firstMs', title: 'first sync', unit: 'ms', limit: 1.5 },
      { figure: 'resyncMs', title: 'resync of the same', unit: 'ms', limit: 1 },
      { figure: 'bytes', title: 'memory per entry', unit: 'B', limit: 1 },
      { figure: 'updateUs', title: 'processor time per update', unit: 'µs' },
      { figure: 'getNs', title: 'get', unit: 'ns', limit: 2 },
      { figure: 'forEachNs', title: 'forEach, per entry', unit: 'ns', limit: 2 },
      { figure: 'iterateNs', title: 'for … of, per entry', unit: 'ns' },
      { figure: 'iterateFirstMs', title: 'the first for … of', unit: 'ms' },
      { figure: 'indexMs', title: 'the first at(i)', unit: 'ms' },
      { figure: 'atNs', title: 'at(i)', unit: 'ns' },
      { figure: 'rangeNs', title: 'range, per entry', unit: 'ns' },
      { figure: 'dropMs', title: 'drop of half, until synced', unit: 'ms' },
      { figure: 'takeMs', title: 'take of a quarter, until synced', unit: 'ms' },
    ],
  },
  hundredThousand: {
    ...scale(100_000),
    title: '100,000 entries',
    figures: [
      ...scale(1).figures,
      { figure: 'getNs', title: 'get', unit: 'ns', limit: 2 },
      { figure: 'forEachNs', title: 'forEach, per entry', unit: 'ns', limit: 2 },
    ],
    isChecked: true,
  },
  tenThousand: { ...scale(10_000), title: '10,000 entries' },
  thousand: { ...scale(1000), title: '1,000 entries' },
  linked: {
    ...writes(),
    title: '200,000 set() calls, linked, distinct keys',
    figures: [
      { figure: 'callUs', title: 'per call', unit: 'µs', limit: 1.2 },
      { figure: 'arrivedUs', title: 'per write, until the lane has all', unit: 'µs', limit: 1.6 },
      { figure: 'sentBytes', title: 'sent per call', unit: 'B', limit: 1 },
    ],
  },
  puts: {
    ...writes({ writes: 50_000 }),
    module: 'lib/puts.mjs',
    title: '50,000 put() calls, linked, distinct keys',
    figures: [{ figure: 'settledUs', title: 'per put, until its promise has resolved', unit: 'µs', limit: 1.6 }],
  },
  offline: {
    ...writes({ offline: true }),
    title: '200,000 set() calls, offline, distinct keys',
    figures: [
      { figure: 'callUs', title: 'per call', unit: 'µs' },
      { figure: 'bytes', title: 'memory per call', unit: 'B' },
      { figure: 'besideBytes', title: 'beside a Map of the same entries', unit: 'B', most: 300 },
    ],
  },
  offlineFolded: {
    ...writes({ offline: true, keys: 1000 }),
    title: '200,000 set() calls, offline, 1,000 keys',
    figures: [
      { figure: 'callUs', title: 'per call', unit: 'µs' },
      { figure: 'bytes', title: 'memory per call', unit: 'B' },
    ],
  },
  slow: {
    ...writes({ slow: true, keys: 1000 }),
    title: '200,000 set() calls, 1,000 keys, to a host that does not read for a second',
    figures: [
      { figure: 'callUs', title: 'per call', unit: 'µs', limit: 1.5 },
      { figure: 'bufferedMB', title: 'most in the socket', unit: 'MB', most: 4.5 },
      { figure: 'bytes', title: 'memory per call', unit: 'B' },
      { figure: 'sentBytes', title: 'sent per call', unit: 'B', limit: 1 },
    ],
  },
  downlinks: {
    group: 'clients',
    module: 'lib/many.mjs',
    title: '10,000 value downlinks on one socket',
    clients: frames,
    one: { mode: 'value', count: 10_000 },
    rounds: 3,
    figures: [
      { figure: 'openMs', title: 'the calls of open()', unit: 'ms' },
      { figure: 'syncedMs', title: 'until all are synced', unit: 'ms' },
      { figure: 'bytes', title: 'memory per downlink', unit: 'B', most: 1500 },
    ],
  },
  start: {
    group: 'clients',
    module: 'lib/start.mjs',
    title: 'start-up, in a fresh process',
    clients: frames,
    one: { mode: 'sync', count: 100 },
    fresh: true,
    figures: [
      { figure: 'importMs', title: 'import', unit: 'ms' },
      { figure: 'syncedMs', title: 'import to first sync', unit: 'ms' },
    ],
  },
}
