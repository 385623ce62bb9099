// The host under load, beside a bare `ws` server that only sends the same frames: `npm run bench:host`.
// The server is a process of its own; both count, and the client reads frames without making anything of them.
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { WebSocket, WebSocketServer } from 'ws'

const self = fileURLToPath(import.meta.url)
const bundle = join(dirname(self), '../node_modules/.cache/swimlink/host-bench.mjs')
const megabytes = bytes => `${(bytes / 1e6).toFixed(0)} MB`
const turn = () => new Promise(soon => setImmediate(soon))
const wait = ms => new Promise(soon => setTimeout(soon, ms))

// ---- the server's side

/** Sends frames as fast as they are read: what any host must do at least. */
function sendAll(socket, stream, count, frameAt) {
  let at = 0
  const go = () => {
    stream.cork()
    for (let i = 0; i < 4096 && at < count && socket.bufferedAmount < 262_144; i++) socket.send(frameAt(at++))
    stream.uncork()
    if (at === count) return
    if (socket.bufferedAmount < 262_144) setImmediate(go)
    else stream.once('drain', go)
  }
  go()
}

const frameAt = i => `@event(node:"/unit/1",lane:map)@update(key:${i}){id:${i},name:"entry ${i}",open:true}`

async function serve() {
  const { levelStore, WarpHost } = await import(pathToFileURL(bundle).href)
  const host = new WarpHost({ maxHandshakesPerSecond: 1e6, maxFramesPerSecond: 1e9, maxNodes: 1e6 })
  host.node('/unit/:id', node => {
    node.mapLane('map')
    node.valueLane('value')
  })
  const map = host.nodeRef('/unit/1').lane('map', 'map')
  const bare = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  const bareSockets = []
  bare.on('connection', (socket, request) => {
    bareSockets.push(socket)
    socket.on('message', data => {
      const text = String(data)
      if (text.startsWith('@')) socket.send(text)
      else sendAll(socket, request.socket, Number(text), frameAt)
    })
  })
  const folder = mkdtempSync(join(tmpdir(), 'host-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.on('disconnect', () => process.exit())
  const keeping = new WarpHost({ store: levelStore(folder) })
  keeping.node('/unit/:id', node => void node.mapLane('map'))
  const kept = await keeping.listen()
  const { uri } = await host.listen()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let timer
  const memory = () => {
    global.gc()
    return process.memoryUsage().rss
  }
  const calls = {
    async fill(count) {
      const before = memory()
      const start = performance.now()
      for (let i = 0; i < count; i++) {
        map.set(i, { id: i, name: `entry ${i}`, open: true })
        if (i % 10_000 === 0) await turn()
      }
      return { ms: performance.now() - start, bytes: memory() - before }
    },
    /** Changes `count` random entries every 10 ms, some of them by remove and set. */
    churn(count) {
      clearInterval(timer)
      if (count === 0) return
      timer = setInterval(() => {
        for (let i = 0; i < count; i++) {
          const key = Math.floor(Math.random() * 1_000_000)
          if (i % 10 === 0) map.delete(key)
          map.set(key, { id: key, name: 'changed', open: false })
        }
      }, 10)
    },
    watch() {
      delay.reset()
      delay.enable()
    },
    longest: () => delay.max / 1e6,
    memory,
    size: () => map.size,
    set(n) {
      host.nodeRef('/unit/fan').lane('value', 'value').set({ n })
    },
    setAll(count, n) {
      for (let i = 0; i < count; i++) host.nodeRef(`/unit/${i}`).lane('value', 'value').set(n)
    },
    bareSend(n) {
      for (const socket of bareSockets) socket.send(`@event(node:"/unit/fan",lane:value){n:${n}}`)
    },
    async slow(count) {
      const lane = host.nodeRef('/unit/slow').lane('map', 'map')
      const text = 'x'.repeat(1000)
      for (let i = 0; i < count; i++) {
        lane.set(i % 10, [text, i])
        if (i % 100 === 99) await turn()
      }
    },
    load: () => host.load,
  }
  process.on('message', async ([id, name, ...args]) => process.send([id, await calls[name](...args)]))
  process.send([
    'ready',
    {
      uri: uri.replace('warp', 'ws'),
      kept: kept.uri.replace('warp', 'ws'),
      bare: `ws://127.0.0.1:${bare.address().port}`,
    },
  ])
}

// ---- the client's side

async function start() {
  const child = fork(self, ['serve'], { execArgv: ['--expose-gc', '--max-old-space-size=4096'] })
  const waiting = new Map()
  let ready
  const uris = new Promise(done => (ready = done))
  child.on('message', ([id, result]) => (id === 'ready' ? ready(result) : waiting.get(id)(result)))
  let calls = 0
  const call = (name, ...args) =>
    new Promise(done => {
      waiting.set(++calls, done)
      child.send([calls, name, ...args])
    })
  return { ...(await uris), call, end: () => child.disconnect() }
}

async function open(uri) {
  const socket = new WebSocket(uri, { perMessageDeflate: false })
  const client = { socket, frames: 0, last: undefined, until: undefined }
  socket.on('message', data => {
    client.frames++
    client.last = data
    if (client.until?.(client)) {
      client.until = undefined
      client.done()
    }
  })
  await new Promise((done, fail) => socket.once('open', done).once('error', fail))
  client.when = test => {
    if (test(client)) return
    client.until = test
    return new Promise(done => (client.done = done))
  }
  return client
}

const perSecond = (count, ms) => `${((count / ms) * 1000).toFixed(0)}/s`
const show = (name, ...cells) => console.log(`${name.padEnd(58)} ${cells.join('   ')}`)
const isSynced = ({ last }) => last?.[1] === 0x73 && last.subarray(0, 7).toString() === '@synced'

const count = Number(process.env.ENTRIES ?? 1_000_000)

async function millionEntries(server) {
  const { ms, bytes } = await server.call('fill', count)
  show(`${count} entries set by code`, perSecond(count, ms), `${(bytes / count).toFixed(0)} B each`)
  const bare = async () => {
    const client = await open(server.bare)
    const start = performance.now()
    client.socket.send(String(count))
    await client.when(({ frames }) => frames === count)
    client.socket.terminate()
    return performance.now() - start
  }
  const sync = async churn => {
    const client = await open(server.uri)
    await server.call('churn', churn)
    const before = await server.call('memory')
    await server.call('watch')
    const start = performance.now()
    client.socket.send('@sync(node:"/unit/1",lane:map)')
    await client.when(isSynced)
    const time = performance.now() - start
    // Before memory is looked at: that collects garbage, which takes longer than any turn.
    const longest = await server.call('longest')
    const after = await server.call('memory')
    await server.call('churn', 0)
    client.socket.terminate()
    return { time, frames: client.frames, grown: after - before, longest }
  }
  const rounds = { bare: [], still: [], moving: [] }
  for (let i = 0; i < 3; i++) {
    rounds.bare.push({ time: await bare() })
    rounds.still.push(await sync(0))
    rounds.moving.push(await sync(100))
  }
  const median = list => [...list].sort((a, b) => a.time - b.time)[1]
  const floor = median(rounds.bare).time
  show('  bare ws sends as many such frames', `${(floor / 1000).toFixed(2)} s`, perSecond(count, floor))
  for (const [name, list] of [
    ['  sync', rounds.still],
    ['  sync while 10,000 entries a second change', rounds.moving],
  ]) {
    const { time, frames, grown, longest } = median(list)
    show(
      name,
      `${(time / 1000).toFixed(2)} s`,
      perSecond(frames, time),
      `${(time / frames / (floor / count)).toFixed(2)} of bare`,
      `${frames} frames`,
      `longest turn ${longest.toFixed(0)} ms`,
      `memory +${megabytes(grown)}`,
    )
  }
}

async function manyLinks(server) {
  const links = 10_000
  const before = await server.call('memory')
  const client = await open(server.uri)
  let start = performance.now()
  for (let i = 0; i < links; i++) client.socket.send(`@sync(node:"/unit/${i}",lane:value)`)
  await client.when(({ frames }) => frames === 3 * links)
  const linked = performance.now() - start
  const bytes = (await server.call('memory')) - before
  show(
    `${links} links on one socket`,
    `${linked.toFixed(0)} ms`,
    perSecond(links, linked),
    `${(bytes / links).toFixed(0)} B each, nodes included`,
  )
  const times = []
  for (let i = 1; i <= 10; i++) {
    start = performance.now()
    void server.call('setAll', links, i)
    await client.when(({ frames }) => frames === (3 + i) * links)
    times.push(performance.now() - start)
  }
  const ms = times.sort((a, b) => a - b)[5]
  show('  one event for each of them', `${ms.toFixed(0)} ms`, perSecond(links, ms))
  client.socket.terminate()
}

async function manySockets(server) {
  const sockets = 1000
  const join = async uri => {
    const all = []
    while (all.length < sockets) all.push(...(await Promise.all(Array.from({ length: 50 }, () => open(uri)))))
    return all
  }
  const start = performance.now()
  const clients = await join(server.uri)
  for (const { socket } of clients) socket.send('@sync(node:"/unit/fan",lane:value)')
  await Promise.all(clients.map(client => client.when(isSynced)))
  show(
    `${sockets} sockets, each with a link`,
    `${(performance.now() - start).toFixed(0)} ms`,
    JSON.stringify(await server.call('load')),
  )
  const bare = await join(server.bare)
  const times = { host: [], bare: [] }
  for (let i = 0; i < 30; i++) {
    for (const [kind, all, send] of [
      ['host', clients, 'set'],
      ['bare', bare, 'bareSend'],
    ]) {
      const goals = all.map(({ frames }) => frames + 1)
      const begun = performance.now()
      void server.call(send, i)
      await Promise.all(all.map((client, at) => client.when(({ frames }) => frames >= goals[at])))
      times[kind].push(performance.now() - begun)
    }
  }
  const [host, floor] = [times.host, times.bare].map(list => list.sort((a, b) => a - b)[15])
  show('  one event to each', `${host.toFixed(1)} ms`, `${(host / floor).toFixed(2)} of bare (${floor.toFixed(1)} ms)`)
  for (const { socket } of [...clients, ...bare]) socket.terminate()
}

async function slowReader(server) {
  const client = await open(server.uri)
  client.socket.send('@sync(node:"/unit/slow",lane:map)')
  await client.when(isSynced)
  const before = await server.call('memory')
  client.socket.pause()
  const updates = 200_000
  await server.call('slow', updates)
  const grown = (await server.call('memory')) - before
  const frames = client.frames
  client.socket.resume()
  client.socket.send('@sync(node:"/unit/slow",lane:map)')
  client.last = undefined
  await client.when(isSynced)
  show(
    `${updates} updates of 1 kB over 10 keys, nobody reading`,
    `memory +${megabytes(Math.max(0, grown))}`,
    `${client.frames - frames} frames in the end, of ${megabytes(updates * 1000)}`,
  )
  client.socket.terminate()
}

async function echoes(server) {
  const commands = 200_000
  const run = async (uri, isHost) => {
    const client = await open(uri)
    if (isHost) {
      client.socket.send('@link(node:"/unit/echo",lane:map)')
      await client.when(({ frames }) => frames === 1)
    }
    const goal = client.frames + commands
    const start = performance.now()
    for (let i = 0; i < commands; i++) {
      client.socket.send(`@command(node:"/unit/echo",lane:map)@update(key:${i % 50_000}){id:${i},open:true}`)
      if (i % 1000 === 999) while (client.socket.bufferedAmount > 100_000) await wait(0)
    }
    if (isHost) client.socket.send('@sync(node:"/unit/echo",lane:map)')
    await client.when(isHost ? isSynced : ({ frames }) => frames === goal)
    client.socket.terminate()
    return performance.now() - start
  }
  const times = { host: [], bare: [] }
  for (let i = 0; i < 3; i++) {
    times.bare.push(await run(server.bare, false))
    times.host.push(await run(server.uri, true))
  }
  const [host, bare] = [times.host, times.bare].map(list => list.sort((a, b) => a - b)[1])
  show(
    `${commands} commands, echoed, and a sync of 50,000`,
    perSecond(commands, host),
    `${(host / bare).toFixed(2)} of bare ws echoing texts (${perSecond(commands, bare)})`,
  )
}

async function keptOnDisk(server) {
  const client = await open(server.kept)
  client.socket.send('@link(node:"/unit/1",lane:map)')
  await client.when(({ frames }) => frames === 1)
  const times = []
  for (let i = 0; i < 200; i++) {
    const begun = performance.now()
    client.socket.send(`@command(node:"/unit/1",lane:map)@update(key:${i})1`)
    await client.when(({ frames }) => frames === i + 2)
    times.push(performance.now() - begun)
  }
  const one = times.sort((a, b) => a - b)[100]
  const writes = 50_000
  const goal = client.frames + writes
  const start = performance.now()
  for (let i = 0; i < writes; i++)
    client.socket.send(`@command(node:"/unit/1",lane:map)@update(key:${i + 1000}){id:${i}}`)
  await client.when(({ frames }) => frames === goal)
  const ms = performance.now() - start
  show(
    'with levelStore, each write on disk before its echo',
    `${one.toFixed(2)} ms for one`,
    `${perSecond(writes, ms)} for ${writes} together`,
  )
  client.socket.terminate()
}

if (process.argv[2] === 'serve') await serve()
else {
  const { build } = await import('esbuild')
  mkdirSync(dirname(bundle), { recursive: true })
  await build({
    entryPoints: [join(dirname(self), '../src/host/index.ts')],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  const only = process.argv[2]
  for (const run of [millionEntries, manyLinks, manySockets, slowReader, echoes, keptOnDisk]) {
    if (only && !run.name.includes(only)) continue
    const server = await start()
    try {
      await run(server)
    } finally {
      server.end()
    }
  }
  rmSync(bundle)
}
