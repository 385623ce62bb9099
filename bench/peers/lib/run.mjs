// One work of one peer: its server and the relay on the first core, a fresh client alone on the second.
import { peers } from './all.mjs'
import { sizesOf } from './data.mjs'
import { startProcess } from './processes.mjs'

/** No work may take longer. */
const mostMs = 240_000

/** Handshakes are smaller; what comes beyond is held, until the server has sent all. */
const handshakeBytes = 64 * 1024

/** What each work does between the client's start and its end; where reads are not filled, all passes as it comes. */
const courses = {
  async first({ relay, client, start, isFilled }) {
    if (!isFilled) return start({ beginsAtOnce: true })
    await relay.ask('fill', handshakeBytes)
    await start()
    await relay.ask('filled')
    await client.ask('begin')
    await relay.ask('release')
  },
  async updates({ server, relay, client, start, isFilled }) {
    await start()
    await relay.ask(isFilled ? 'fill' : 'count', 0)
    if (!isFilled) await client.ask('begin')
    await server.ask('set', 'updates')
    if (!isFilled) return
    await relay.ask('filled')
    await client.ask('begin')
    await relay.ask('release')
  },
  async writes({ relay, client, start }) {
    await start()
    await relay.ask('count')
    await client.ask('begin')
  },
  async cut({ server, relay, client, start }) {
    await start()
    await Promise.all([client.ask('hears'), server.ask('set', 'mark')])
    await relay.ask('cut')
    await server.ask('set', 'changes')
    await relay.ask('waits')
    await client.ask('begin')
    await relay.ask('mend')
  },
}

/** How many entries there are before the client comes. */
const filled = { first: 'entries', updates: 'keys', cut: 'entries' }

/** Measures one work once; throws where the map is not right in the end. */
export async function measure(name, work, part) {
  const server = startProcess('server.mjs', { core: 0 })
  const relay = startProcess('relay.mjs', { core: 0 })
  const client = startProcess('client.mjs', { core: 1, flags: ['--expose-gc', '--max-old-space-size=4096'] })
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${mostMs / 1000} s`)), mostMs)
  })
  const run = async () => {
    const port = await relay.ask('listen', await server.ask('start', name, part))
    const sizes = sizesOf(part)
    await server.ask('fill', sizes[filled[work]] ?? 0)
    const start = how => client.ask('start', { name, port, work, part, ...how })
    await courses[work]({ server, relay, client, start, isFilled: !peers[name].waits.includes(work) })
    const figures = await client.ask('ended')
    if (work === 'writes') await server.ask('check', sizes.writes)
    return { ...figures, ...(await relay.ask('received')) }
  }
  try {
    return await Promise.race([run(), late])
  } finally {
    clearTimeout(timer)
    await Promise.all([client, relay, server].map(each => each.stop()))
  }
}
