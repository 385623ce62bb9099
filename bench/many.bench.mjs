// How long a map of very many keys keeps its loop busy: the longest task while its state comes, as it is cleared, and as it is swept.
// The host is in memory, and hands over each frame in the turn in which the client takes it. node bench/many.bench.mjs [keys]
import { SwimClient } from '../dist/node/index.js'
import { watchTurns } from './lib/turns.mjs'

const keys = Number(process.argv[2] ?? 1_000_000)
const head = '(node:"/n",lane:map)'
/** At 20 frames a second somebody sees that a page stands still. */
const mostMs = 50

/** A socket whose host says what it is given, frame by frame, and pauses while the client asks it to. */
class Socket {
  static last
  bufferedAmount = 0
  #isHeld = false
  #frames = [].values()
  constructor() {
    Socket.last = this
    setImmediate(() => this.onopen?.({}))
  }
  send(text) {
    if (text.startsWith('@command')) this.say([`@event${text.slice('@command'.length)}`])
    else if (text.startsWith('@sync')) this.asked?.()
  }
  say(frames) {
    this.#frames = frames[Symbol.iterator]()
    setImmediate(() => this.#next())
  }
  pause() {
    this.#isHeld = true
  }
  resume() {
    this.#isHeld = false
    setImmediate(() => this.#next())
  }
  close() {
    setImmediate(() => this.onclose?.({ code: 1000, reason: '' }))
  }
  #next() {
    while (!this.#isHeld) {
      const { done, value } = this.#frames.next()
      if (done) return
      this.onmessage?.({ data: value })
    }
  }
}

/** The longest time between two turns of the loop while something is done. */
async function longest(act, isDone) {
  const stop = watchTurns()
  act()
  do await new Promise(resolve => setImmediate(resolve))
  while (!isDone())
  return stop()
}

function* state(count) {
  yield `@linked${head}`
  for (let i = 0; i < count; i++) yield `@event${head}@update(key:k${i}) ${i}`
  yield `@synced${head}`
}

const client = new SwimClient({ hostUri: 'warp://host', webSocket: Socket, heartbeatMs: 0, onError: console.error })
const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
const opened = new Promise(resolve => {
  const wait = () => (Socket.last === undefined ? setImmediate(wait) : resolve((Socket.last.asked = () => {})))
  wait()
})
await opened
await new Promise(resolve => setTimeout(resolve, 100))
const socket = Socket.last
const fill = () => socket.say(state(keys))

const rows = []
const measure = async (what, act, isDone) => rows.push([what, await longest(act, isDone)])
await measure('its state comes', fill, () => map.synced)
await measure('it is cleared here', () => map.clear(), () => map.size === 0 && client.pendingCount === 0) // prettier-ignore
await measure('it is filled again', () => socket.say([...state(keys)].slice(1, -1)), () => map.size === keys) // prettier-ignore
await measure('its host clears it', () => socket.say([`@event${head}@clear`]), () => map.size === 0) // prettier-ignore
for (const [what, ms] of rows)
  console.log(`${what.padEnd(24)} ${ms.toFixed(0).padStart(6)} ms${ms > mostMs ? `  over ${mostMs} ms` : ''}`)
await client.close()
