// A collection of the real @tanstack/db on a lane of the embedded host: writes of both sides, a host that is away, and its return.
import { createCollection } from '@tanstack/db'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { refuse, WarpHost, type MapLane } from '../../src/host/index.js'
import { SwimClient } from '../../src/index.js'
import { swimCollectionOptions } from '../../src/tanstack-db.js'

const Car = z.object({ id: z.string(), speed: z.number() })
type Car = z.infer<typeof Car>

function serve(port = 0) {
  const host = new WarpHost({ port })
  host.node('/fleet', node => {
    node.mapLane<string, Car>('cars', { willUpdate: (key, car) => (car.speed > 200 ? refuse : undefined) })
  })
  return { host, lane: host.nodeRef('/fleet').lane('cars', 'map') as unknown as MapLane<string, Car> }
}

test('a collection and a lane agree: at first, live, over a restart, and after what was written in between', async () => {
  const first = serve()
  first.lane.set('a', { id: 'a', speed: 1 })
  first.lane.set('b', { id: 'b', speed: 2 })
  const { uri, port } = await first.host.listen()
  await using client = new SwimClient({ hostUri: uri, reconnectMinMs: 20, reconnectMaxMs: 50, onError: () => {} })
  const collection = createCollection(
    swimCollectionOptions({
      getKey: ({ id }) => id,
      open: () =>
        client.downlinkMap({ nodeUri: '/fleet', laneUri: 'cars' }).keySchema(z.string()).valueSchema(Car).open(),
    }),
  )
  const rows = () => Object.fromEntries(collection.toArray.map(({ id, speed }) => [id, speed]))
  await collection.preload()
  expect(rows()).toEqual({ a: 1, b: 2 })

  await collection.insert({ id: 'c', speed: 3 }).isPersisted.promise
  await collection.update('a', car => void (car.speed = 9)).isPersisted.promise
  await collection.delete('b').isPersisted.promise
  expect(first.lane.get('a')).toEqual({ id: 'a', speed: 9 })
  expect([[...first.lane.keys()], rows()]).toEqual([['a', 'c'], { a: 9, c: 3 }])
  const refused = collection.update('c', car => void (car.speed = 300)).isPersisted.promise
  await expect(refused).rejects.toMatchObject({ code: 'refused', key: 'c' })
  expect(rows()).toEqual({ a: 9, c: 3 })

  await first.host.close()
  await vi.waitFor(() => expect(collection.utils.downlink()!.status.state).toBe('stale'), 5000)
  const waiting = collection.insert({ id: 'd', speed: 4 })
  expect(rows()).toEqual({ a: 9, c: 3, d: 4 })
  const second = serve(port)
  second.lane.set('a', { id: 'a', speed: 5 })
  await second.host.listen()
  await waiting.isPersisted.promise
  expect([rows(), [...second.lane.keys()]]).toEqual([{ a: 5, d: 4 }, ['a', 'd']])
  await collection.cleanup()
  await second.host.close()
})
