// A soak: one client and one host, each a process, for as long as is asked, with a network that cuts and a host that is killed.
//   npm run soak -- --minutes 60 --seed 1 [--out FOLDER]
// Each 15 s both say what they hold. It fails where the client's heap, timers, listeners, sockets or links grow, where a write neither
// ends nor fails, or where a map is not the host's at the end.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { chart } from './chart.mjs'
import { grows } from './verdict.mjs'

const { values: given } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    entries: { type: 'string', default: '500' },
    changes: { type: 'string', default: '200' },
    writes: { type: 'string', default: '100' },
    out: { type: 'string' },
  },
})
const minutes = Number(given.minutes)
const everyMs = 15_000
console.log(`soak of ${minutes} minutes, seed ${given.seed}`)

// mulberry32
let state = Number(given.seed) >>> 0
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0
  let t = Math.imul(state ^ (state >>> 15), state | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise(closed => server.close(closed))
  return port
}

/** A process that answers by name what it is asked. */
function start(file, args) {
  const child = fork(new URL(file, import.meta.url), args.map(String), { execArgv: ['--expose-gc'] })
  const ask = name =>
    new Promise((resolve, reject) => {
      const hear = ({ asked, answer }) => {
        if (asked !== name) return
        child.off('message', hear)
        child.off('exit', gone)
        resolve(answer)
      }
      const gone = () => reject(new Error(`${file} ended before it answered '${name}'`))
      child.on('message', hear).once('exit', gone)
      if (name !== 'start') child.send(name)
    })
  return { child, ask }
}

const hostPort = await freePort()
const pairs = new Set()
const done = { cuts: 0, resets: 0, stalls: 0, kills: 0 }
const relay = createServer(near => {
  const far = connect(hostPort, '127.0.0.1')
  const pair = [near, far]
  pairs.add(pair)
  for (const [from, to] of [pair, [far, near]]) {
    from.on('error', () => {}).on('close', () => (pairs.delete(pair), to.destroy()))
    from.pipe(to)
  }
}).listen(0, '127.0.0.1')
await once(relay, 'listening')

const startHost = async () => {
  const host = start('host.mjs', [hostPort, given.entries, given.changes])
  await host.ask('start')
  return host
}
let host = await startHost()
const client = start('client.mjs', [`warp://127.0.0.1:${relay.address().port}`, given.writes])
let isOver = false
client.child.once('exit', code => {
  if (isOver) return
  console.error(`the client's process ended with ${code}`)
  process.exit(1)
})

const aWhile = ms => new Promise(soon => setTimeout(soon, ms))
const disturb = {
  cuts: () => pairs.forEach(([near, far]) => (near.end(), far.end())),
  resets: () => pairs.forEach(pair => pair.forEach(socket => socket.resetAndDestroy())),
  async stalls() {
    const stalled = [...pairs].flat()
    for (const socket of stalled) socket.pause()
    await aWhile(2_000)
    for (const socket of stalled) socket.resume()
  },
  async kills() {
    host.child.kill('SIGKILL')
    await once(host.child, 'exit')
    await aWhile(500)
    host = await startHost()
  },
}
const samples = []
const endsAt = Date.now() + minutes * 60_000
let nextSampleAt = Date.now() + everyMs
while (Date.now() < endsAt) {
  await aWhile(5_000 + random() * 10_000)
  const what = random() < 0.1 ? 'kills' : ['cuts', 'resets', 'stalls'][Math.floor(random() * 3)]
  done[what]++
  await disturb[what]()
  // Long enough after for what is open to be linked again.
  await aWhile(4_000)
  if (Date.now() < nextSampleAt) continue
  nextSampleAt += everyMs
  const minute = Number((minutes - (endsAt - Date.now()) / 60_000).toFixed(2))
  const sample = { minute, client: await client.ask('sample'), host: await host.ask('sample') }
  samples.push(sample)
  const { bytes, timers, listeners, sockets, links, pending, updates, settled, failed } = sample.client
  console.log(
    JSON.stringify({ minute, bytes, timers, listeners, sockets, links, pending, updates, settled, failed, ...done }),
  )
}

await host.ask('quiet')
await client.ask('quiet')
await aWhile(2_000)
const [here, there] = [await client.ask('maps'), await host.ask('maps')]
const sorted = map => JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
const unequal = here.filter((map, n) => sorted(map) !== sorted(there[n])).length
isOver = true
const end = await client.ask('close')
client.child.disconnect()
host.child.kill()
relay.close()
pairs.forEach(pair => pair.forEach(socket => socket.destroy()))

const problems = [
  ...grows(samples),
  ...(unequal > 0 ? [`${unequal} of ${here.length} maps are not the host's`] : []),
  ...['timers', 'listeners', 'sockets', 'pending']
    .filter(name => end[name] !== 0)
    .map(name => `${end[name]} ${name} are left after close()`),
  ...(end.writes === end.settled + end.failed ? [] : [`of ${end.writes} writes ${end.settled + end.failed} ended`]),
]
console.log(JSON.stringify({ seed: Number(given.seed), minutes, ...done, end }))
if (given.out !== undefined) {
  mkdirSync(given.out, { recursive: true })
  writeFileSync(`${given.out}/soak.svg`, chart(samples))
}
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'flat' : 'not flat')
process.exitCode = problems.length === 0 ? 0 : 1
