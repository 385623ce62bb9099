// Some clients of one list lane, over networks that cut, stall and lag, with others who write beside them: after quiet every list is the
// lane's, every own write has ended, and what callbacks, batches and iterators told, replayed, is the list.
import { describe, expect, it } from 'vitest'
import '../../src/list.js'
import { SwimClient, type ListChange, type ListDownlink } from '../../src/index.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import type { SocketClass } from '../../src/transport/websocket.js'
import { ListHost } from '../support/list-host.js'
import { RelayDevice } from '../support/relay-device.js'
import { MemoryNetwork, type Peer } from '../../src/testing/memory-network.js'
import { chanceOf } from '../../src/testing/random.js'
import { difference, KeyedList, type Item } from '../../src/store/keyed-list.js'

/** Steps at least; `npm run test:long` sets more. */
const steps = Number(process.env['LIST_STEPS'] ?? 10_000)
const seed = Number(process.env['LIST_SEED'] ?? (process.env['LIST_STEPS'] === undefined ? 7 : Date.now() % 2 ** 31))
/** One walk again: a failure says which. */
const again = process.env['LIST_WALK']
const stepsPerWalk = 80
/**
 * For how long nothing happens before lists are looked at, in seconds. A state that foreign changes came amid is asked for once more,
 * after nine times as long as the last took (docs/PROTOCOL.md#overtaking); models of maps wait as long.
 */
const quietS = 150

/** A list made of nothing but what was told of it. */
class Replay {
  readonly items: { key: string; value: unknown }[] = []

  take(change: ListChange<unknown>): void {
    const { items } = this
    const { key } = change
    if (change.type === 'insert') return void items.splice(change.index, 0, { key, value: change.value })
    const at = change.type === 'move' ? change.from : change.index
    if (items[at]?.key !== key) throw new Error(`${change.type} of ${key} at ${at}, where ${items[at]?.key} is`)
    if (change.type === 'update') items[at] = { key, value: change.value }
    else {
      const [item] = items.splice(at, 1)
      if (change.type === 'move') items.splice(change.to, 0, item!)
    }
  }

  get shown(): unknown[] {
    return this.items.map(({ key, value }) => [key, value])
  }
}

interface Party {
  readonly client: SwimClient
  readonly network: MemoryNetwork
  peer: Peer | undefined
  readonly list: ListDownlink<unknown>
  readonly replays: { [by: string]: Replay }
  readonly errors: string[]
}

const shownOf = (list: ListDownlink<unknown>) => {
  const all: unknown[] = []
  list.forEach((value, _, key) => all.push([key, value]))
  return all
}

/** @param network that of the client alone; or that of the worker whose sockets it shares with others */
function join(host: ListHost, clock: VirtualClock, network: MemoryNetwork, webSocket: SocketClass): Party {
  const replays = { callbacks: new Replay(), batches: new Replay(), subscribe: new Replay(), changes: new Replay() }
  const errors: string[] = []
  const client = new SwimClient({
    hostUri: 'warp://host',
    clock,
    webSocket,
    heartbeatMs: 0,
    reconnectMinMs: 50,
    reconnectMaxMs: 200,
    requestTimeoutMs: 3000,
    onError: error => errors.push(`${error.code}: ${error.message}`),
  }) as SwimClient
  const { callbacks } = replays
  const list = client
    .downlinkList<unknown>({ nodeUri: '/unit/1', laneUri: 'list' })
    .didUpdate((index, value, old, key) =>
      callbacks.take(
        callbacks.items.some(item => item.key === key)
          ? { type: 'update', index, key, value, oldValue: old }
          : { type: 'insert', index, key, value },
      ),
    )
    .didMove((from, to, value, key) => callbacks.take({ type: 'move', from, to, value, key }))
    .didRemove((index, oldValue, key) => callbacks.take({ type: 'remove', index, oldValue, key }))
    .didChange(changes => changes.forEach(change => replays.batches.take(change)))
    .open()
  list.subscribe(changes => changes.forEach(change => replays.subscribe.take(change)))
  const read = async () => {
    for await (const changes of list.changes()) for (const change of changes) replays.changes.take(change)
  }
  read().catch((error: unknown) => errors.push(String(error)))
  const party: Party = { client, network, peer: undefined, list, replays, errors }
  const { onconnect } = network
  network.onconnect = (peer, url) => {
    party.peer = peer
    // Where clients share it, the first has handed it to the host.
    onconnect(peer, url)
    if (!host.isConnected(peer)) host.connect(peer)
  }
  return party
}

/** @param isRelayed whether the clients are tabs, whose one socket a worker has */
async function walk(from: number, isRelayed: boolean): Promise<void> {
  const random = chanceOf(from)
  const pick = (n: number) => Math.floor(random() * n)
  const clock = new VirtualClock(random)
  const host = new ListHost()
  const trace: string[] = []
  let next = 0
  // In some walks nothing is taken away: then whatever was put in is there once.
  const isKept = pick(4) === 0
  const put: unknown[] = []
  for (let i = pick(6); i > 0; i--) host.run(`@update(index:0) ${next++}`)
  const shared = new MemoryNetwork(clock)
  const device = new RelayDevice(clock, shared.WebSocket)
  const parties = Array.from({ length: 1 + pick(3) }, (_, i) => {
    const network = isRelayed ? shared : new MemoryNetwork(clock)
    return join(host, clock, network, isRelayed ? device.page(i).WebSocket : network.WebSocket)
  })
  // Values are told apart; a few are records, and a few come back.
  const value = () => (pick(8) === 0 ? { x: pick(3) } : pick(10) === 0 ? 'same' : next++)
  const write = ({ list }: Party, who: number): void => {
    const { size } = list
    const most = isKept ? 7 : size > 12 ? 12 : 10
    let kind = pick(most)
    if (isKept && (kind === 3 || kind === 4)) kind = 5
    const say = (text: string) => trace.push(`${who}: ${text}`)
    if (kind < 3 || size === 0) {
      const at = pick(3) === 0 ? pick(size + 1) : size
      const what = isKept ? next++ : value()
      put.push(what)
      say(`insert ${at} ${JSON.stringify(what)}`)
      if (at === size) list.push(what)
      else list.insert(at, what)
    } else if (kind < 5) {
      const [at, what] = [pick(size), value()]
      say(`set ${at} ${JSON.stringify(what)}`)
      list.set(at, what)
    } else if (kind < 7) {
      const [a, b] = [pick(size), pick(size)]
      say(`move ${a} ${b}`)
      list.move(a, b)
    } else if (kind < 9) {
      const at = pick(size)
      say(`remove ${at}`)
      list.remove(at)
    } else {
      const how = (['clear', 'drop', 'take', 'drop', 'take'] as const)[pick(5)]!
      const n = how === 'take' ? pick(size + 1) : pick(3)
      say(`${how} ${n}`)
      if (how === 'clear') list.clear()
      else list[how](n)
    }
  }
  const foreign = () => {
    const { length } = host.items
    const at = pick(length + 1)
    const body = [
      `@update(index:${at},key:f${next}) ${next++}`,
      `@update(index:${pick(length + 3)},key:${host.items[pick(length)]?.key ?? 'none'}) ${next++}`,
      `@update(index:${at}) ${next++}`,
      `@move(from:${pick(length + 1)},to:${pick(length + 1)})`,
      `@move(from:${pick(length + 1)},to:${pick(length + 1)},key:${host.items[pick(length)]?.key ?? 'none'})`,
      `@remove(index:${at})`,
      `@remove(index:${at},key:${host.items[pick(length)]?.key ?? 'none'})`,
      '@drop(1)',
      `@take(${Math.max(0, length - 1)})`,
      ...(pick(4) === 0 ? ['@clear'] : []),
    ]
    const chosen = body[isKept ? 3 + pick(2) : pick(body.length)]!
    trace.push(`host: ${chosen}`)
    host.run(chosen)
  }
  for (let i = 0; i < stepsPerWalk; i++) {
    const who = pick(parties.length)
    const party = parties[who]!
    const what = pick(20)
    if (what < 7) write(party, who)
    else if (what < 10) foreign()
    else if (what < 14) host.pump(1 + pick(8))
    else if (what < 16) await clock.advance(pick(4) === 0 ? pick(5000) : pick(60))
    else if (what === 16) party.network.latencyMs = pick(200)
    else if (what === 17) {
      trace.push(`${who}: cut`)
      party.peer?.cut()
    } else if (what === 18) {
      trace.push(`${who}: refuse`)
      party.network.refuses = !party.network.refuses
    } else if (pick(4) === 0) {
      trace.push('host: unlink all')
      host.unlinkAll()
    }
    if (pick(2) === 0) await clock.settle()
  }
  for (const { network } of parties) {
    network.refuses = false
    network.latencyMs = 0
  }
  for (let s = 0; s < 2 * quietS; s++) {
    let rounds = 0
    while (host.pump(50)) {
      if (rounds++ > 2000) throw new Error(`never quiet: LIST_WALK=${from}\n${trace.join('\n')}`)
      await clock.settle()
    }
    await clock.advance(500)
  }
  const truth = host.items.map(({ key, value }) => [key, value])
  if (isKept) {
    const own = host.items.map(({ value }) => value).filter(value => put.includes(value))
    const about = `LIST_WALK=${from}\n${trace.join('\n')}\n`
    expect(new Set(own).size, about + 'something is there twice').toBe(own.length)
    // A write that was on its way in two sockets that ended may be why they did: it is given up, and its writer is told.
    const refused = parties.flatMap(({ errors }) => errors.filter(text => text.startsWith('refused:')))
    expect(put.length - own.length, about + 'of what was put in, something is not there').toBeLessThanOrEqual(
      refused.length,
    )
  }
  for (const [i, { list, replays, errors }] of parties.entries()) {
    const about = `LIST_WALK=${from}, client ${i} of ${parties.length}\n${trace.join('\n')}\n`
    expect(shownOf(list), about + 'differs from the lane').toEqual(truth)
    expect(list.synced, about).toBe(true)
    expect(list.pendingCount, about).toBe(0)
    for (const [by, replay] of Object.entries(replays))
      expect(replay.shown, `${about}${by} told otherwise`).toEqual(truth)
    const unexpected = errors.filter(text => !/^(transport|timeout|unlinked|refused):/.test(text))
    expect(unexpected, about).toEqual([])
  }
  const closed = Promise.all(parties.map(({ client }) => client.close()))
  await clock.advance(3000)
  await closed
}

describe('lists of many clients', () => {
  it.each([
    ['are the lane', false],
    ['whose tabs share a socket are the lane', true],
  ])(`%s after quiet (LIST_SEED=${seed} LIST_STEPS=${steps})`, { timeout: 3_600_000 }, async (_, isRelayed) => {
    if (again !== undefined) return walk(Number(again), isRelayed)
    const share = isRelayed ? steps / 2 : steps
    for (let i = 0; i * stepsPerWalk < share; i++) await walk(seed * 100_003 + i, isRelayed)
  })
})

describe('the difference of two lists', () => {
  it('makes one of the other, change by change', () => {
    const random = chanceOf(seed)
    const pick = (n: number) => Math.floor(random() * n)
    for (let i = 0; i < 3000; i++) {
      const make = (): Item<number>[] => {
        const ids = Array.from({ length: 9 }, (_, n) => `k${n}`).sort(() => random() - 0.5)
        return ids.slice(0, pick(9)).map(id => ({ id, value: pick(2) }))
      }
      const [from, to] = [make(), make()]
      const list = new KeyedList<number>(from)
      for (const change of difference(from, to)) {
        const { index, item } = change
        const id = item.id
        if (change.type === 'insert') list.insert(index, item)
        else if (change.type === 'update') list.apply({ type: 'update', index, id, value: item.value })
        else if (change.type === 'move') list.apply({ type: 'move', index, id: undefined, to: change.to })
        else list.apply({ type: 'remove', index, id: undefined })
      }
      expect(list.items(), JSON.stringify([from, to])).toEqual(to)
    }
  })

  it('is one move for one move', () => {
    const items = Array.from({ length: 9 }, (_, n) => ({ id: `k${n}`, value: n }))
    for (let from = 0; from < 9; from++)
      for (let to = 0; to < 9; to++) {
        const moved = [...items]
        moved.splice(to, 0, ...moved.splice(from, 1))
        expect(difference(items, moved)).toHaveLength(from === to ? 0 : 1)
      }
  })
})
