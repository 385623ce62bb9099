// What it costs that an own write is kept as a copy (docs/PROTOCOL.md#own-writes): the copy is read from the text that is sent, beside
// the platform's own ways to copy. Usage: node bench/copy.bench.mjs [rounds], after npm run build
import { SwimClient } from '../dist/node/index.js'
import { Reader, stringify } from '../dist/node/recon/index.js'
import { median } from './lib/median.mjs'

const rounds = Number(process.argv[2] ?? 9)
const count = 20_000

const values = {
  'a record of 6 fields': n => ({
    id: n,
    lat: 52.5 + n / 1e5,
    lng: 13.4,
    moving: n % 2 === 0,
    route: `r${n % 50}`,
    speed: n % 90,
  }),
  'a list of 20 numbers': n => Array.from({ length: 20 }, (_, i) => n + i),
  'records in a record': n => ({
    id: n,
    at: { x: n, y: 2 },
    crew: [
      { name: 'Ann', age: 30 },
      { name: 'Ben', age: n % 60 },
    ],
  }),
  'a number, which is not copied': n => n,
}

const us = run => {
  const startMs = performance.now()
  run()
  return ((performance.now() - startMs) * 1000) / count
}

const reader = new Reader()
console.log(`µs a value, medians of ${rounds} rounds of ${count}`)
for (const [kind, valueOf] of Object.entries(values)) {
  const given = Array.from({ length: count }, (_, n) => valueOf(n))
  const texts = given.map(value => stringify(value))
  const times = { set: [], copy: [], structuredClone: [], 'JSON round trip': [] }
  for (let round = 0; round < rounds; round++) {
    // Nobody listens at this port: writes wait.
    const client = new SwimClient({
      hostUri: 'ws://127.0.0.1:9',
      nodeUri: '/n',
      maxQueuedWrites: count,
      onError: () => {},
    })
    const map = client.downlinkMap({ laneUri: 'l', didFail: () => {} }).open()
    times.set.push(us(() => given.forEach((value, n) => map.set(n, value))))
    times.copy.push(us(() => texts.forEach(text => reader.block(text, 0))))
    times.structuredClone.push(us(() => given.forEach(value => structuredClone(value))))
    times['JSON round trip'].push(us(() => given.forEach(value => JSON.parse(JSON.stringify(value)))))
    await client.close()
  }
  const all = Object.entries(times).map(([what, each]) => `${what} ${median(each).toFixed(2)}`)
  const { copy, set, structuredClone: clone } = times
  console.log(
    `${kind.padEnd(30)} ${all.join(', ')}; the copy is ${(median(copy) / median(set)).toFixed(2)} of the set, ` +
      `${(median(copy) / median(clone)).toFixed(2)} of structuredClone`,
  )
}
