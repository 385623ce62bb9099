// The network is cut behind each byte of a conversation: of its handshake, of its syncs, of its writes. Whatever has come by then,
// the client comes back, is what the host is, and has lost no write, nor made one twice where that counts.
import { beforeAll, describe, expect, test } from 'vitest'
import type { SwimError } from '../../src/index.js'
import { ByteWorld } from './support/byte-world.js'
import type { Cut } from './support/byte-pair.js'

/** How far it is from one cut to the next: 1 for all. Which bytes these are is chance, by the seed. */
const step = Number(process.env['HOSTILE_CUT_STEP'] ?? 8)
const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** The lanes of a host, as it holds them. */
interface Lanes {
  map: Map<string, number>
  queue: Map<number, string>
  list: Iterable<string>
}

/** What one client and its host come to, over a network that is cut once. Writes have a word each for what became of them. */
async function converse(cut?: Cut) {
  const orders: string[] = []
  const lanes = {} as Lanes
  const ends: Record<string, unknown> = {}
  const failed: SwimError[] = []
  const world = new ByteWorld({
    define: node => {
      lanes.map = node.mapLane<string, number>('map').set('a', 1).set('gone', 2).set('theirs', 3) as never
      const queue = node.mapLane<number, string>('queue')
      for (let i = 0; i < 6; i++) queue.set(i, 'x')
      lanes.queue = queue as never
      const list = node.listLane<string>('list')
      list.push('first')
      lanes.list = list as never
      node.commandLane<string>('orders', { onCommand: body => void orders.push(body) })
    },
    cut,
    onCut: () => {
      // Others go on meanwhile.
      lanes.map.delete('theirs')
      lanes.map.set('more', 4)
    },
  })
  const { client } = world
  const at = (laneUri: string) => ({ nodeUri: '/n', laneUri })
  const map = client.downlinkMap<string, number>(at('map')).open()
  const queue = client.downlinkMap<number, string>(at('queue')).didFail(error => failed.push(error)).open() // prettier-ignore
  const list = client.downlinkList<string>(at('list')).open()
  const isSynced = () => map.synced && queue.synced && list.synced
  await world.until(isSynced, 'all is synced')
  const write = (name: string, end: Promise<unknown>) => {
    ends[name] = 'pending'
    end.then(
      outcome => (ends[name] = outcome ?? 'settled'),
      (error: unknown) => (ends[name] = error),
    )
  }
  write('update', map.put('a', 10))
  write('insert', map.put('mine', 11))
  write('remove', map.remove('gone'))
  list.push('second')
  write('push', list.settled())
  queue.drop(1)
  write('drop', queue.settled())
  write('order', client.command('warp://host', '/n', 'orders', 'one'))
  await world.until(() => !Object.values(ends).includes('pending'), 'all writes have ended')
  await world.until(isSynced, 'all is synced again')
  await world.clock.advance(10_000)
  await world.until(() => client.pendingCount === 0 && isSynced(), 'nothing is pending')
  const { up, down } = world.pairs[0]!
  const shown = { map: sorted(map), queue: sorted(queue), list: [...list] }
  const held = { map: sorted(lanes.map), queue: sorted(lanes.queue), list: [...lanes.list] }
  const sockets = world.pairs.length
  await world.close()
  return { ends, orders, shown, held, failed, errors: world.errors, sockets, bytes: { up, down }, left: world.clock.pendingTimers } // prettier-ignore
}

const sorted = <K, V>(map: Iterable<[K, V]>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))

type End = Awaited<ReturnType<typeof converse>>

/** What has to be so, wherever the cut was. */
function check({ ends, orders, shown, held, failed, errors, left }: End, isCut: boolean): void {
  expect(shown).toEqual(held)
  // No write is lost, and none is made twice.
  const theirs = isCut ? [['more', 4]] : []
  expect(held.map).toEqual([['a', 10], ['mine', 11], ...theirs, ...(isCut ? [] : [['theirs', 3]])])
  expect(held.list).toEqual(['first', 'second'])
  expect(ends).toMatchObject({ update: 'taken', insert: 'taken', remove: 'taken', push: 'settled', order: 'taken' })
  // Of a command nobody hears whether it has come; it is sent once.
  expect(orders.length).toBeLessThanOrEqual(1)
  if (!isCut) expect(orders).toEqual(['one'])
  // What a drop did that was under way is not known, and is said not to be; twice it is not done.
  const dropped = 6 - held.queue.length
  expect(dropped).toBeLessThanOrEqual(1)
  if (failed.length === 0) expect(dropped).toBe(1)
  for (const error of failed) expect(error.code).toBe('transport')
  expect(errors).toEqual([])
  expect(left).toBe(0)
}

let whole: End

beforeAll(async () => {
  console.log(`HOSTILE_SEED=${seed} HOSTILE_CUT_STEP=${step}`)
  whole = await converse()
  check(whole, false)
  expect(whole.sockets).toBe(1)
})

/** In so many tests, so that one that fails says nearly where. */
const parts = 10

describe.each(['up', 'down'] as const)('cut behind each byte that goes %s', way => {
  describe.each(['end', 'reset'] as const)('by a connection that %ss', how => {
    test.each(Array.from({ length: parts }, (_, i) => i))(
      'in tenth %i',
      async part => {
        const most = whole.bytes[way]
        const from = Math.ceil((most * part) / parts)
        for (let after = from + ((seed + part) % step); after < (most * (part + 1)) / parts; after += step) {
          const end = await converse({ way, after, how })
          try {
            check(end, true)
            expect(end.sockets).toBeGreaterThan(1)
          } catch (cause) {
            throw new Error(`HOSTILE_SEED=${seed}: cut behind byte ${after} of ${most}: ${String(cause)}`, { cause })
          }
        }
      },
      120_000,
    )
  })
})
