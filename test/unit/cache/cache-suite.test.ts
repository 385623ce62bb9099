// What the suite makes of stores with a fault: each is caught by the check that is there for it.
import { describe, expect, it } from 'vitest'
import type { MakeCacheStore } from '../../../src/cache/cache-suite.js'
import type { CacheChanges, CacheRow, CacheStore } from '../../../src/client/caching.js'
import { cacheSuite } from '../../../src/testing/index.js'
import { byScope, memory } from '../../support/cache-stores.js'

/** Rows with a fault: what differs from a store in memory. */
const faulty = (change: (store: CacheStore) => Partial<CacheStore>): MakeCacheStore =>
  byScope(scope => {
    const store = memory(scope)
    return { ...store, ...change(store) }
  })

const writing = (change: (changes: CacheChanges, store: CacheStore) => CacheChanges | Promise<CacheChanges>) =>
  faulty(store => ({ write: async changes => store.write(await change(changes, store)) }))

const reading = (change: (rows: readonly CacheRow[], prefix: string, store: CacheStore) => readonly CacheRow[]) =>
  faulty(store => ({ read: async prefix => change(await store.read(''), prefix, store) }))

const prefixed = (rows: readonly CacheRow[], prefix: string) => rows.filter(([key]) => key.startsWith(prefix))
const mapped = (put: readonly CacheRow[] = [], to: (row: CacheRow) => CacheRow) => put.map(to)
const utf8 = (text: string) => Buffer.from(text).toString()
const byCodePoints = ([a]: CacheRow, [b]: CacheRow) => Buffer.compare(Buffer.from(a), Buffer.from(b))
const later = async () => {
  for (let i = 0; i < 5; i++) await undefined
}

const faults: { readonly [name: string]: { readonly make: MakeCacheStore; readonly caughtBy: RegExp } } = {
  'rows in the order of code points': {
    make: reading((rows, prefix) => [...prefixed(rows, prefix)].sort(byCodePoints)),
    caughtBy: /order/,
  },
  'rows in the order of an alphabet': {
    make: reading((rows, prefix) => [...prefixed(rows, prefix)].sort(([a], [b]) => a.localeCompare(b))),
    caughtBy: /order/,
  },
  'rows in the order of writing': {
    make: faulty(() => {
      const rows = new Map<string, string>()
      return {
        read: async prefix => prefixed([...rows], prefix),
        async write({ remove = [], put = [] }) {
          for (const key of rows.keys()) if (remove.some(prefix => key.startsWith(prefix))) rows.delete(key)
          for (const [key, text] of put) rows.set(key, text)
          return true
        },
      }
    }),
    caughtBy: /order/,
  },
  'prefixes with _ for any letter': {
    make: reading((rows, prefix) =>
      rows.filter(([key]) => [...prefix].every((unit, i) => unit === '_' || unit === key[i])),
    ),
    caughtBy: /reads the rows that begin/,
  },
  'prefixes without capitals': {
    make: reading((rows, prefix) => rows.filter(([key]) => key.toLowerCase().startsWith(prefix.toLowerCase()))),
    caughtBy: /reads the rows that begin/,
  },
  'ranges that end at \\uffff': {
    make: reading((rows, prefix) => rows.filter(([key]) => key >= prefix && key <= prefix + '\uffff')),
    caughtBy: /reads the rows that begin/,
  },
  'removes of one key alone': {
    make: faulty(store => ({
      async write(changes) {
        const { remove = [] } = changes
        const kept = (await store.read('')).filter(([key]) => !remove.includes(key))
        return store.write({ ...changes, remove: [''], put: [...kept, ...(changes.put ?? [])] })
      },
    })),
    caughtBy: /removes the rows/,
  },
  'texts in UTF-8': {
    make: writing(changes => ({ ...changes, put: mapped(changes.put, ([key, text]) => [key, utf8(text)]) })),
    caughtBy: /keeps texts/,
  },
  'keys in UTF-8': {
    make: writing(changes => ({ ...changes, put: mapped(changes.put, ([key, text]) => [utf8(key), text]) })),
    caughtBy: /order/,
  },
  'texts that end at a NUL': {
    make: writing(changes => ({
      ...changes,
      put: mapped(changes.put, ([key, text]) => [key, text.split('\0', 1)[0]!]),
    })),
    caughtBy: /keeps texts/,
  },
  'no row without a text': {
    make: writing(changes => ({ ...changes, put: changes.put?.filter(([, text]) => text) })),
    caughtBy: /keeps texts/,
  },
  'no row without a key': {
    make: writing(changes => ({ ...changes, put: changes.put?.filter(([key]) => key) })),
    caughtBy: /order/,
  },
  'keys cut at 900': {
    make: writing(changes => ({ ...changes, put: mapped(changes.put, ([key, text]) => [key.slice(0, 900), text]) })),
    caughtBy: /long keys/,
  },
  'the first of two of one key': {
    make: writing(changes => ({ ...changes, put: [...(changes.put ?? [])].reverse() })),
    caughtBy: /in the place/,
  },
  'removes after puts': {
    make: faulty(store => ({
      async write({ remove, put, only }) {
        return (await store.write({ put, only })) && store.write({ remove })
      },
    })),
    caughtBy: /removes first/,
  },
  'no `only`': {
    make: writing(({ remove, put }) => ({ remove, put })),
    caughtBy: /changes nothing/,
  },
  '`only` of rows that must be there alone': {
    make: writing(changes => ({ ...changes, only: changes.only?.filter(([, text]) => text !== undefined) })),
    caughtBy: /changes nothing/,
  },
  'the first of `only`': {
    make: writing(changes => ({ ...changes, only: changes.only?.slice(0, 1) })),
    caughtBy: /changes nothing/,
  },
  'puts of a write whose `only` does not hold': {
    make: faulty(store => ({
      write: async changes => (await store.write(changes)) || (await store.write({ put: changes.put }), false),
    })),
    caughtBy: /changes nothing/,
  },
  'an `only` that is looked at early': {
    make: faulty(store => ({
      async write({ remove, put, only = [] }) {
        const rows = new Map(await store.read(''))
        if (only.some(([key, text]) => rows.get(key) !== text)) return false
        return store.write({ remove, put })
      },
    })),
    caughtBy: /loses no step/,
  },
  'writes row by row': {
    make: faulty(store => ({
      async write({ remove, put = [], only }) {
        if (!(await store.write({ remove, only }))) return false
        for (const row of put) await store.write({ put: [row] })
        return true
      },
    })),
    caughtBy: /one moment/,
  },
  'reads row by row': {
    make: faulty(store => ({
      async read(prefix) {
        const rows: CacheRow[] = []
        for (const [key] of (await store.read(prefix)).slice(0, 100))
          rows.push(...(await store.read(key)).filter(([found]) => found === key))
        return rows
      },
    })),
    caughtBy: /one moment/,
  },
  'writes that resolve before they are done': {
    make: faulty(store => ({
      async write(changes) {
        void later().then(() => store.write(changes))
        return true
      },
    })),
    caughtBy: /order/,
  },
  'writes out of turn': {
    make: faulty(store => {
      let count = 0
      return {
        async write(changes) {
          if (count++ % 2) await later()
          return store.write(changes)
        },
      }
    }),
    caughtBy: /order in which it is asked/,
  },
  'one heap for all scopes': {
    make: (store => (scope?: string) => ({ ...store, scope }))(memory()),
    caughtBy: /nothing of another/,
  },
  'scopes without capitals': {
    make: (make => async (scope?: string) => ({ ...(await make(scope?.toLowerCase())), scope }))(byScope(memory)),
    caughtBy: /nothing of another/,
  },
  'locks of all scopes': {
    make: (({ lock }) => byScope(scope => ({ ...memory(scope), lock })))(memory()),
    caughtBy: /nothing of another/,
  },
  'a heap for each store': { make: memory, caughtBy: /both being open/ },
  'rows that are gone after it is closed': {
    make: faulty(store => ({ close: async () => void (await store.write({ remove: [''] })) })),
    caughtBy: /after it was closed/,
  },
  'no calls after it is closed': {
    make: faulty(store => {
      let isClosed = false
      return {
        async close() {
          isClosed = true
        },
        read: async prefix => (isClosed ? Promise.reject(new Error('closed')) : store.read(prefix)),
      }
    }),
    caughtBy: /after it was closed/,
  },
  'locks for all': { make: faulty(() => ({ lock: async () => () => {} })), caughtBy: /one at a time/ },
  'locks for none': { make: faulty(() => ({ lock: async () => undefined })), caughtBy: /one at a time/ },
  'locks for ever': {
    make: faulty(store => ({ lock: async name => (await store.lock(name)) && (() => {}) })),
    caughtBy: /one at a time/,
  },
  'locks that anybody lets go of': {
    make: faulty(() => {
      const held = new Set<string>()
      return { lock: async name => (held.has(name) ? undefined : (held.add(name), () => held.delete(name))) }
    }),
    caughtBy: /one at a time/,
  },
  'one lock for all names': {
    make: faulty(store => ({ lock: () => store.lock('') })),
    caughtBy: /one at a time/,
  },
  'another scope than it was given': { make: faulty(() => ({ scope: 'mine' })), caughtBy: /says its scope/ },
  'no room': { make: faulty(() => ({ maxBytes: 0 })), caughtBy: /says its scope/ },
}

describe('the suite', () => {
  it.each(Object.entries(faults))('fails for a store with this fault: %s', async (_, { make, caughtBy }) => {
    const caught: string[] = []
    for (const { name, run } of cacheSuite(make))
      await run().catch(error => {
        expect(error).toBeInstanceOf(Error)
        expect(String(error).length).toBeLessThan(500)
        caught.push(name)
      })
    expect(caught.join('\n')).toMatch(caughtBy)
  })

  it('leaves no row in the store', async () => {
    const made = new Set<CacheStore>()
    const make = byScope(memory)
    for (const { run } of cacheSuite(async scope => {
      const store = await make(scope)
      made.add(store)
      return store
    }))
      await run()
    expect(made.size).toBeGreaterThan(20)
    for (const store of made) expect(await store.read('')).toEqual([])
  })
})
