// The client of the soak, a process of its own: it follows, writes, opens and closes for as long as it runs, and reports what it holds.
import { SwimClient } from 'swimlink'
import { count, view } from 'swimlink/view'
import { countedClock, countedSignal } from '../support/counted.mjs'
import { heldBytes } from '../support/held.mjs'

const [hostUri, writesPerSecond] = [process.argv[2], Number(process.argv[3])]

const { clock, timers } = countedClock()
const counted = countedSignal()
const { signal } = counted

const seen = { updates: 0, writes: 0, settled: 0, failed: 0, opened: 0 }
const errors = {}
const note = error => (errors[error.code ?? error.name] = (errors[error.code ?? error.name] ?? 0) + 1)
const client = new SwimClient({ hostUri, clock, reconnectMaxMs: 2_000, unlinkDelayMs: 0, onError: note })

const rooms = Array.from({ length: 20 }, (_, n) => client.hostRef(hostUri).nodeRef(`/room/${n}`))
const maps = rooms.map(room =>
  room
    .downlinkMap({ laneUri: 'map' })
    .didUpdate(() => void seen.updates++)
    .open(),
)
const values = rooms.map(room =>
  room
    .downlinkValue({ laneUri: 'value' })
    .didSet(() => {})
    .open(),
)
const list = rooms[0].downlinkList({ laneUri: 'list' }).open()
const views = maps.map(map => view(map).groupBy(({ floor }) => floor, { n: count() }))
for (const each of views) each.subscribe(() => {})

const settle = promise => {
  seen.writes++
  promise.then(
    () => seen.settled++,
    error => (seen.failed++, note(error)),
  )
}
let step = 0
function write() {
  for (let i = 0; i < writesPerSecond / 20; i++, step++) {
    const map = maps[step % 20]
    const key = `own${step % 200}`
    settle(step % 10 === 0 ? map.remove(key) : map.put(key, { n: step, floor: step % 40, isOn: true }))
  }
}
function writeOthers() {
  settle(values[step % 20].put(step))
  settle(client.command(hostUri, '/room/1', 'command', step))
  if (list.size > 20) list.drop(10)
  else list.push(`item ${step}`)
}
/** Downlinks that come and go, each with all that an application may hang on one. */
function openFive() {
  for (let i = 0; i < 5; i++, seen.opened++) {
    const room = rooms[(seen.opened * 3) % 20]
    const map = room
      .downlinkMap({ laneUri: 'map', signal })
      .didUpdate(() => {})
      .onEvent(() => {})
      .open()
    map.subscribe(() => {})
    view(map)
      .filter(({ isOn }) => isOn)
      .subscribe(() => {})
    const event = room
      .downlinkEvent({ laneUri: 'command', signal })
      .onEvent(() => {})
      .open()
    setTimeout(() => [map, event].forEach(each => each.close()), i * 150)
  }
}

/** What ends the work, so that only what is held is left. */
const work = [
  setInterval(write, 50),
  setInterval(writeOthers, 500),
  // Some are closed before they are linked, some after.
  setInterval(openFive, 1_000),
]

const answers = {
  async sample() {
    const { links, hosts, counters } = client.inspect()
    const kinds = process.getActiveResourcesInfo()
    return {
      bytes: await heldBytes(),
      timers: timers.size,
      listeners: counted.listeners,
      sockets: kinds.filter(kind => kind === 'TCPSocketWrap').length,
      links: links.length,
      hosts: hosts.length,
      pending: client.pendingCount,
      reconnects: counters.reconnects,
      frames: counters.frames,
      ...seen,
      errors,
    }
  },
  async quiet() {
    for (const each of work) clearInterval(each)
    await client.settled()
    await Promise.all(maps.map(map => map.whenSynced()))
  },
  maps: () => maps.map(map => Object.fromEntries(map)),
  async close() {
    await client.close()
    // The socket's end is the host's as well.
    await new Promise(soon => setTimeout(soon, 1_000))
    return answers.sample()
  },
}
process.on('message', async asked => process.send({ asked, answer: await answers[asked]() }))
