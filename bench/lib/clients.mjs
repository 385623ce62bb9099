// The clients of the frame benches. Each takes in all frames of one case and says when: `begin` as the first may come, `end` after
// the last. What it returns is what it holds, and how to let go of it.
import { node } from './data.mjs'

/** Where the host serves a case, in a format. */
export const urlOf = (port, one, format) =>
  `ws://127.0.0.1:${port}/${encodeURIComponent(JSON.stringify({ one, format }))}`

const lanesOf = ({ lanes = 1 }) =>
  lanes === 1 ? ['elevators'] : Array.from({ length: lanes }, (_, i) => `elevators${i}`)

/** A bare `ws`: `take` gets each message. */
async function bare({ one, port, begin }, take, format = 'json') {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(urlOf(port, one, format), { perMessageDeflate: false })
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  const { count } = one
  let taken = 0
  await new Promise(resolve => {
    socket.on('message', data => {
      // What the host says at the end, where it speaks WARP.
      if (taken === count) return
      take(data)
      if (++taken === count) resolve()
    })
    begin()
    socket.send('go')
  })
  return () => socket.close()
}

async function zodSchema() {
  const { z } = await import('zod')
  return z.object({
    id: z.number(),
    floor: z.number(),
    occupied: z.boolean(),
    name: z.string(),
    load: z.number(),
    door: z.string(),
  })
}

export const clients = {
  /** JSON.parse and Map.set: what every ratio is of. */
  async json(run) {
    const { one } = run
    const schema = one.zod && (await zodSchema())
    const maps = new Map(lanesOf(one).map(lane => [lane, new Map()]))
    let told = 0
    const listeners = Array.from({ length: one.views ?? 0 }, () => () => told++)
    const letGo = await bare(run, data => {
      const { lane, key, value } = JSON.parse(data)
      maps.get(lane).set(key, schema ? schema.parse(value) : value)
      for (const listener of listeners) listener(key, value)
    })
    return { held: maps, letGo }
  },

  /** A floor: each message read by the client's own reader, and set in a plain Map; no lane, no order, no link, no callback. */
  async read(run) {
    const { Reader } = await import(new URL('recon/index.js', run.bundle))
    const reader = new Reader()
    const map = new Map()
    const take = data => {
      const text = data.toString()
      if (!reader.entry(text, text.indexOf(')') + 1, '@update(key:')) throw new Error(`no update: ${text}`)
      map.set(reader.key, reader.value)
    }
    return { held: map, letGo: await bare(run, take, 'recon') }
  },

  /** A floor: a string of each message, and no more. */
  async string(run) {
    let last
    return { letGo: await bare(run, data => (last = data.toString())), held: () => last }
  },

  /** A floor: messages are counted. */
  async count(run) {
    let bytes = 0
    return { letGo: await bare(run, data => (bytes += data.length)), held: () => bytes }
  },

  async swimlink(run) {
    const { one, port, begin, bundle } = run
    const { SwimClient } = await import(bundle)
    const valueSchema = one.zod && (await zodSchema())
    const client = new SwimClient({ hostUri: urlOf(port, one, 'recon'), nodeUri: node })
    let told = 0
    const didUpdate = () => void told++
    const options = { ...(one.tells !== false && { didUpdate }), ...(valueSchema && { valueSchema }) }
    const maps = Array.from({ length: one.views ?? 1 }, () =>
      lanesOf(one).map(laneUri => client.downlinkMap({ laneUri, ...options }).open()),
    ).flat()
    const ended = new Promise(resolve => client.downlinkEvent({ laneUri: 'end', onEvent: resolve }).open())
    await Promise.all(maps.map(map => map.whenSynced()))
    begin()
    await ended
    const expected = one.count * (one.views ?? 1)
    if (one.tells !== false && told !== expected) throw new Error(`${told} of ${expected} updates were told`)
    return { held: maps, letGo: () => client.close() }
  },

  /** @swim/client 4.0.0, where it has been installed: npm --prefix bench/rival-client install */
  async rival(run) {
    const { one, port, begin } = run
    const { WarpClient, Form } = await import('../rival-client/index.mjs')
    const client = new WarpClient()
    const hostUri = urlOf(port, one, 'recon')
    let told = 0
    const maps = lanesOf(one).map(laneUri =>
      client
        .downlinkMap({
          hostUri,
          nodeUri: node,
          laneUri,
          keyForm: one.integers ? Form.forNumber() : Form.forString(),
          valueForm: Form.forAny(),
          ...(one.tells !== false && { didUpdate: () => void told++ }),
        })
        .open(),
    )
    let open = () => {}
    const ended = new Promise(resolve => (open = resolve))
    const last = client.downlink({ hostUri, nodeUri: node, laneUri: 'end', onEvent: () => open() }).open()
    begin()
    await ended
    return { held: maps, letGo: () => [...maps, last].forEach(map => map.close()) }
  },
}
