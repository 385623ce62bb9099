// A lane as a collection of the real @tanstack/db: what its rows are, when they change, and what becomes of its writes.
import { count, createCollection, createLiveQueryCollection, gt } from '@tanstack/db'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { swimCollectionOptions } from '../../src/tanstack-db.js'
import { follow } from '../support/follow.js'
import { ScriptedHost } from '../support/scripted-host.js'

const Car = z.object({ id: z.string(), speed: z.number() })
type Car = z.infer<typeof Car>

/** Until the echo of a write is late, and a sync is asked for; and until the next may be. */
const late = 2000
const rest = 100

let host: ScriptedHost
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** `@event` of a car that is there. */
const car = (id: string, speed: number) => `@event@update(key:${id}){id:${id},speed:${speed}}`

const openCars = () => host.map().keySchema(z.string()).valueSchema(Car).open()

/** A collection of cars in use, with what its listeners were notified of. */
function cars(getKey = ({ id }: Car) => id) {
  host = new ScriptedHost()
  const collection = createCollection(swimCollectionOptions({ open: openCars, getKey }))
  const heard: unknown[][] = []
  const subscription = collection.subscribeChanges(changes =>
    heard.push(changes.map(({ type, key, value }) => `${type} ${key} ${value.speed}`)),
  )
  ends.push(
    () => subscription.unsubscribe(),
    () => collection.cleanup(),
  )
  return {
    collection,
    // Readiness is reported as a batch of nothing.
    take: () => heard.splice(0).filter(batch => batch.length > 0),
    rows: () => Object.fromEntries(collection.toArray.map(({ id, speed }) => [id, speed])),
  }
}

async function synced() {
  const all = cars()
  await host.settle()
  await host.say('@linked', car('a', 1), car('b', 2), '@synced')
  all.take()
  return all
}

describe('what comes from the lane', () => {
  test('is there in one transaction at the first sync, which makes the collection ready', async () => {
    const { collection, take, rows } = cars()
    await host.settle()
    await host.say('@linked', car('a', 1))
    await host.say(car('b', 2))
    expect([collection.status, take(), rows()]).toEqual(['loading', [], {}])
    await host.say('@synced')
    expect([collection.status, take(), rows()]).toEqual(['ready', [['insert a 1', 'insert b 2']], { a: 1, b: 2 }])
  })

  test('is ready where the lane has no entries', async () => {
    const { collection, rows } = cars()
    const ready = follow(collection.preload())
    await host.settle()
    await host.say('@linked', '@synced')
    expect([collection.status, ready.end, rows()]).toEqual(['ready', undefined, {}])
  })

  test('changes rows batch by batch', async () => {
    const { take, rows } = await synced()
    await host.say(car('a', 3), car('c', 4), '@event@remove(key:b)')
    expect([take(), rows()]).toEqual([[['update a 3', 'insert c 4', 'delete b 2']], { a: 3, c: 4 }])
  })

  test('stays while the link is lost, and a resync is one transaction of what differs', async () => {
    const { collection, take, rows } = await synced()
    await host.say(car('c', 3))
    take()
    host.peers.at(-1)!.cut()
    await host.settle()
    expect([collection.status, collection.utils.downlink()!.status.state, rows()]).toEqual([
      'ready',
      'stale',
      { a: 1, b: 2, c: 3 },
    ])
    await host.clock.advance(100)
    await host.say('@linked', car('a', 9))
    await host.say(car('b', 2), car('d', 4))
    expect(take()).toEqual([])
    await host.say('@synced')
    expect(take()).toEqual([['delete c 3', 'update a 9', 'insert d 4'].sort(byKey)])
    expect(rows()).toEqual({ a: 9, b: 2, d: 4 })
    // What the resync brought is not brought again, and a resync without differences is silent.
    await host.cut()
    await host.say('@linked', car('a', 9), car('b', 2), car('d', 4), '@synced')
    expect(take()).toEqual([])
  })

  test('shows what was seen of a resync that a cut ended', async () => {
    const { take, rows } = await synced()
    await host.cut()
    await host.say('@linked', car('a', 9))
    expect(take()).toEqual([])
    host.peers.at(-1)!.cut()
    await host.settle()
    expect(rows()).toEqual({ a: 1, b: 2 })
    await host.clock.advance(100)
    await host.say('@linked', car('a', 9), car('b', 2), '@synced')
    expect([take(), rows()]).toEqual([[['update a 9']], { a: 9, b: 2 }])
  })

  test('is left out where a schema refuses it, and the rest is there', async () => {
    const { take, rows } = await synced()
    await host.say('@event@update(key:c){id:c,speed:fast}', car('d', 4))
    expect([take(), rows()]).toEqual([[['insert d 4']], { a: 1, b: 2, d: 4 }])
    expect(host.errors.map(({ code }) => code)).toEqual(['schema'])
  })

  test('feeds live queries', async () => {
    const { collection } = await synced()
    const fast = createLiveQueryCollection(q =>
      q
        .from({ car: collection })
        .where(({ car }) => gt(car.speed, 1))
        .groupBy(({ car }) => car.speed)
        .select(({ car }) => ({ speed: car.speed, n: count(car.id) })),
    )
    await fast.preload()
    ends.unshift(() => fast.cleanup())
    await host.say(car('c', 2), car('d', 3))
    expect(fast.toArray.map(({ speed, n }) => [speed, n]).sort()).toEqual([
      [2, 2],
      [3, 1],
    ])
  })
})

describe('what is written to the collection', () => {
  test('shows at once, and is persisted once the lane has taken it', async () => {
    const { collection, rows } = await synced()
    const insert = follow(collection.insert({ id: 'c', speed: 3 }).isPersisted.promise)
    const update = follow(collection.update('a', draft => void (draft.speed = 9)).isPersisted.promise)
    const remove = follow(collection.delete('b').isPersisted.promise)
    expect(rows()).toEqual({ a: 9, c: 3 })
    await host.settle()
    expect(host.take().filter(text => text.startsWith('@command'))).toEqual([
      '@command@update(key:c){id:c,speed:3}',
      '@command@update(key:a){id:a,speed:9}',
      '@command@remove(key:b)',
    ])
    expect([insert.end, update.end, remove.end]).toEqual(['pending', 'pending', 'pending'])
    await host.say(car('c', 3), car('a', 9), '@event@remove(key:b)')
    for (const { error, end } of [insert, update, remove])
      expect([error, end === 'pending']).toEqual([undefined, false])
    expect(rows()).toEqual({ a: 9, c: 3 })
  })

  test('is undone, and rejects, where the lane refuses it', async () => {
    const { collection, rows, take } = await synced()
    const end = follow(collection.update('a', draft => void (draft.speed = 9)).isPersisted.promise)
    await host.settle()
    take()
    for (const wait of [late, rest]) {
      await host.clock.advance(wait)
      await host.say(car('a', 1), car('b', 2), '@synced')
    }
    expect([end.end, end.error!.key, end.error!.laneUri, rows()]).toEqual(['refused', 'a', 'map', { a: 1, b: 2 }])
    expect(end.error!.message).toBe('warp://host /unit/1 map has refused the write to the entry a')
    // Undone in one step: no listener saw the row as it was written once more.
    expect(take()).toEqual([['update a 1']])
  })

  test('is undone where the schema of the downlink refuses it', async () => {
    const { collection, rows } = await synced()
    const end = follow(collection.insert({ id: 'c', speed: 'fast' as unknown as number }).isPersisted.promise)
    await host.settle()
    expect([end.end, rows()]).toEqual(['schema', { a: 1, b: 2 }])
    expect(host.take().filter(text => text.startsWith('@command'))).toEqual([])
  })

  test('waits for a link that is lost, and is in order behind its resync', async () => {
    const { collection, rows } = await synced()
    host.peers.at(-1)!.cut()
    await host.settle()
    const end = follow(collection.insert({ id: 'c', speed: 3 }).isPersisted.promise)
    await host.settle()
    expect([end.end, rows()]).toEqual(['pending', { a: 1, b: 2, c: 3 }])
    await host.clock.advance(100)
    await host.say('@linked', car('b', 5), '@synced')
    expect(host.take().at(-1)).toBe('@command@update(key:c){id:c,speed:3}')
    await host.say(car('c', 3))
    expect([end.error, rows()]).toEqual([undefined, { b: 5, c: 3 }])
  })

  test('ends all rows of a transaction before it rejects', async () => {
    const { collection, rows } = await synced()
    const tx = collection.insert([
      { id: 'c', speed: 'fast' as unknown as number },
      { id: 'd', speed: 4 },
    ])
    const end = follow(tx.isPersisted.promise)
    await host.settle()
    expect(end.end).toBe('pending')
    await host.say(car('d', 4))
    // The lane has the one row all the same: no lane knows transactions.
    expect([end.end, rows()]).toEqual(['schema', { a: 1, b: 2, d: 4 }])
  })

  test('is what the lane made of it, where that is something of its own', async () => {
    const { collection, rows } = await synced()
    const end = follow(collection.update('a', draft => void (draft.speed = 9)).isPersisted.promise)
    await host.settle()
    await host.say(car('a', 9), car('a', 7))
    expect([end.error, rows()]).toEqual([undefined, { a: 7, b: 2 }])
  })

  test('shows changes of others once it has ended', async () => {
    const { collection, rows } = await synced()
    const end = follow(collection.update('a', draft => void (draft.speed = 9)).isPersisted.promise)
    await host.say(car('b', 5))
    expect(rows()).toEqual({ a: 9, b: 2 })
    await host.say(car('a', 9))
    expect([end.error, rows()]).toEqual([undefined, { a: 9, b: 5 }])
  })

  test('by the downlink itself shows at once as well', async () => {
    const { collection, rows } = await synced()
    collection.utils.downlink()!.set('b', { id: 'b', speed: 7 }).delete('a')
    await host.settle()
    expect(rows()).toEqual({ b: 7 })
  })
})

describe('what can not be', () => {
  test.each([
    ['open', { getKey: ({ id }: Car) => id }, 'open: must be a function, got undefined'],
    ['getKey', { open: openCars, getKey: 'id' }, 'getKey: must be a function, got string'],
  ])('without the function %s nothing is made', (_, config, message) => {
    expect(() => swimCollectionOptions(config as never)).toThrow(message)
  })

  test('an entry whose key is not that of its row is left out and reported, and all else is there', async () => {
    const { collection, rows } = cars()
    await host.settle()
    await host.say('@linked', '@event@update(key:x){id:a,speed:1}', car('b', 2), '@synced')
    expect([collection.status, rows()]).toEqual(['ready', { b: 2 }])
    const [{ code, cause } = {}] = host.errors as { code?: string; cause?: Error }[]
    expect([code, cause?.message]).toEqual([
      'callback',
      'getKey: must give the key of the entry, x, got a; give toRow and toValue where values are no rows with their keys',
    ])
    // It is a row as soon as it can be one, and goes when it can be one no more.
    await host.say('@event@update(key:x){id:x,speed:1}')
    expect(rows()).toEqual({ b: 2, x: 1 })
    await host.say('@event@update(key:x){id:a,speed:1}')
    expect(rows()).toEqual({ b: 2 })
  })

  test('a getKey that throws harms its own entry alone', async () => {
    const { collection, rows } = cars(({ id, speed }) => {
      if (speed === 13) throw new Error('unlucky')
      return id
    })
    await host.settle()
    await host.say('@linked', car('a', 13), car('b', 2), '@synced')
    expect([collection.status, rows(), host.errors.map(({ code }) => code)]).toEqual(['ready', { b: 2 }, ['callback']])
  })

  test('values that are no rows are named, and are rows by toRow and toValue', async () => {
    host = new ScriptedHost()
    const open = () => host.client.downlinkMap<string, number>().laneUri('map').open()
    const plain = createCollection(swimCollectionOptions({ open: open as never, getKey: ({ id }: Car) => id }))
    plain.startSyncImmediate()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    expect([plain.size, String((host.errors[0] as Error).cause)]).toEqual([
      0,
      expect.stringMatching(
        /^ConfigError: toRow: a row must be an object, got 1 for the entry a; give toRow and toValue/,
      ),
    ])
    const collection = createCollection(
      swimCollectionOptions({
        open,
        getKey: ({ id }: Car) => id,
        toRow: (speed, id) => ({ id, speed }),
        toValue: ({ speed }) => speed,
      }),
    )
    collection.startSyncImmediate()
    ends.push(
      () => plain.cleanup(),
      () => collection.cleanup(),
    )
    expect(collection.toArray).toMatchObject([{ id: 'a', speed: 1 }])
    collection.update('a', draft => void (draft.speed = 2))
    await host.settle()
    expect(host.take().at(-1)).toBe('@command@update(key:a) 2')
  })

  test('a lane that is not there is an error, and rows once it is', async () => {
    const { collection, rows } = cars()
    const ready = follow(collection.preload())
    await host.settle()
    await host.say('@unlinked@laneNotFound')
    expect([collection.status, ready.end]).toEqual(['error', 'unlinked'])
    await host.clock.advance(60_000)
    await host.say('@linked', car('a', 1), '@synced')
    expect([collection.status, rows()]).toEqual(['ready', { a: 1 }])
  })

  test('a lane that ends later keeps its rows', async () => {
    const { collection, rows } = await synced()
    await host.say('@unlinked@laneNotFound')
    expect([collection.status, rows()]).toEqual(['ready', { a: 1, b: 2 }])
  })

  test('a downlink that somebody closes before its first sync is an error', async () => {
    const { collection } = cars()
    const ready = follow(collection.preload())
    collection.utils.downlink()!.close()
    await host.settle()
    expect([collection.status, ready.end]).toEqual(['error', 'closed'])
  })
})

test('the downlink closes with the collection, and another opens when it is used again', async () => {
  const { collection, rows } = await synced()
  const first = collection.utils.downlink()!
  await collection.cleanup()
  expect([first.status.state, collection.utils.downlink()]).toEqual(['closed', undefined])
  await host.clock.advance(1000)
  collection.startSyncImmediate()
  await host.settle()
  await host.say('@linked', car('c', 3), '@synced')
  expect(rows()).toEqual({ c: 3 })
})

const byKey = (a: string, b: string) => a.split(' ')[1]!.localeCompare(b.split(' ')[1]!)
