// The same questions asked of libraries that keep answers up to date.
import { avg, count, createCollection, createLiveQueryCollection, gt, localOnlyCollectionOptions } from '@tanstack/db'
import { createQueries, createStore } from 'tinybase'

/** @tanstack/db: vehicles in a local collection, and a live query over it. */
export async function tanstack(vehicles) {
  const source = createCollection(localOnlyCollectionOptions({ getKey: ({ id }) => id, initialData: vehicles }))
  await source.preload()
  let live
  return {
    async start() {
      live = createLiveQueryCollection(q =>
        q
          .from({ v: source })
          .where(({ v }) => gt(v.speed, 40))
          .groupBy(({ v }) => v.route)
          .select(({ v }) => ({ route: v.route, n: count(v.id), mean: avg(v.speed) })),
      )
      await live.preload()
    },
    set: vehicle => void source.update(vehicle.id, draft => Object.assign(draft, vehicle)),
    total: () => [...live.values()].reduce((sum, { n }) => sum + n, 0),
  }
}

/** tinybase: vehicles in a table, and a query definition. */
export function tinybase(vehicles) {
  const store = createStore()
  store.setTable('vehicles', Object.fromEntries(vehicles.map(vehicle => [vehicle.id, vehicle])))
  const queries = createQueries(store)
  return {
    start() {
      queries.setQueryDefinition('busy', 'vehicles', ({ select, where, group }) => {
        select('route')
        select('id')
        select('speed')
        where(cell => cell('speed') > 40)
        group('id', 'count').as('n')
        group('speed', 'avg').as('mean')
      })
    },
    set: vehicle => void store.setRow('vehicles', vehicle.id, vehicle),
    total: () => queries.getResultRowIds('busy').reduce((sum, id) => sum + queries.getResultCell('busy', id, 'n'), 0),
  }
}
