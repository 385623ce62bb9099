// Floor 7. The checks of a store. Each gets a function that opens stores with scopes for this check only.
import { say } from '../base/excerpt.js'
import { holds, isLocked, keyed, keys, lock, rows, same, texts, write } from './check-kit.js'
import type { CacheStore } from '../client/caching.js'

type Check = (
  /** Opens a store with the check's own scope, or with one next to it. */
  open: (scope?: string) => Promise<CacheStore>,
  make: (scope?: string) => CacheStore | Promise<CacheStore>,
) => Promise<void>

export const checks: { readonly [name: string]: Check } = {
  async 'says its scope and how much it holds'(open, make) {
    same('scope of a store without one', typeof (await make()).scope, 'undefined')
    const store = await open('x')
    same('the end of scope', store.scope?.slice(-1), 'x')
    if (!(store.maxBytes > 0)) throw new Error(say`maxBytes must be above 0, and is ${store.maxBytes}`)
  },

  async 'has nothing at first'(open) {
    const store = await open()
    await holds(store, [])
    await holds(store, [], 'a')
    await write(store, {})
    await write(store, { remove: ['', 'a'] })
  },

  async 'reads rows in the order of the UTF-16 units of their keys'(open) {
    const store = await open()
    // In steps of three and backwards, so that the rows come neither in order nor in reverse.
    for (let from = 0; from < 3; from++) await write(store, { put: keyed.filter((_, i) => i % 3 === from).reverse() })
    await holds(store, keyed)
  },

  async 'reads the rows that begin with a prefix, whatever is in it'(open) {
    const store = await open()
    await write(store, { put: keyed })
    for (const prefix of [...keys, '\ud83d', 'A%', 'none']) {
      const wanted = keyed.filter(([key]) => key.startsWith(prefix))
      await holds(store, wanted, prefix)
    }
  },

  async 'removes the rows that begin with a prefix, whatever is in it'(open) {
    const store = await open()
    for (const prefix of keys) {
      await write(store, { put: keyed })
      await write(store, { remove: [prefix, 'none'] })
      const wanted = keyed.filter(([key]) => !key.startsWith(prefix))
      await holds(store, wanted)
    }
  },

  async 'keeps texts as they are, whatever is in them'(open) {
    const store = await open()
    await write(store, { put: rows(texts) })
    await holds(store, rows(texts))
    await write(store, { only: rows(texts) })
  },

  async 'keeps long keys, and many rows'(open) {
    const store = await open()
    const many = Array.from({ length: 2_000 }, (_, i) => [`${'k😀'.repeat(333)}${10_000 + i}`, `${i}`] as const)
    await write(store, { put: many })
    await holds(store, many)
    await write(store, { remove: ['k'] })
    await holds(store, [])
  },

  async 'puts a row in the place of one with the same key'(open) {
    const store = await open()
    await write(store, { put: rows({ a: '1', ab: '1' }) })
    await write(store, { put: [...rows({ a: '2', c: '1' }), ...rows({ a: '' })] })
    await holds(store, rows({ a: '', ab: '1', c: '1' }))
  },

  async 'removes first, and puts then'(open) {
    const store = await open()
    await write(store, { put: rows({ a: '1', a1: '1', b: '1' }) })
    await write(store, { remove: ['a'], put: rows({ a1: '2', a2: '2' }) })
    await holds(store, rows({ a1: '2', a2: '2', b: '1' }))
  },

  async 'changes nothing where a row is not as `only` says'(open) {
    const store = await open()
    const kept = rows({ a: '1', b: '', c: '3' })
    await write(store, { put: kept })
    const wrong: { readonly [key: string]: string | undefined }[] = [
      { a: '2' },
      { a: '' },
      { a: undefined },
      { A: '1' },
      { b: undefined },
      { d: '' },
      { a: '1', b: '', c: '2' },
      { a: '2', b: '', c: '3' },
    ]
    for (const only of wrong) {
      await write(store, { remove: ['a', 'c'], put: rows({ a: '2', d: '4' }), only: rows(only) }, false)
      await holds(store, kept)
    }
  },

  async 'changes all where each row is as `only` says, before anything is removed'(open) {
    const store = await open()
    await write(store, { put: rows({ a: '1', b: '' }), only: rows({ a: undefined, '': undefined }) })
    await write(store, { only: rows({ a: '1', b: '', c: undefined }) })
    await write(store, { remove: [''], put: rows({ c: '1' }), only: rows({ a: '1', c: undefined }) })
    await holds(store, rows({ c: '1' }))
  },

  async 'loses no step of four that count by `only` at a time'(open) {
    const [one, other] = [await open(), await open()]
    const count = async (store: CacheStore) => {
      for (let steps = 0; steps < 10;) {
        const [row] = await store.read('n')
        const next = `${Number(row?.[1] ?? 0) + 1}`
        if (await store.write({ put: [['n', next]], only: [['n', row?.[1]]] })) steps++
      }
    }
    await Promise.all([one, one, other, other].map(count))
    await holds(one, rows({ n: '40' }))
  },

  async 'reads rows as they were at one moment'(open) {
    const [writer, reader] = [await open(), await open()]
    const rowsOf = (round: number) => Array.from({ length: 50 }, (_, i) => [`k${10 + i}`, `${round}`] as const)
    await write(writer, { put: rowsOf(0) })
    const early = await writer.read('')
    let isWriting = true
    const reading = (async () => {
      while (isWriting)
        for (const found of await Promise.all([reader.read(''), writer.read('k')]))
          same('rows read amid a write', found, rowsOf(Number(found[0]?.[1])))
    })()
    try {
      for (let round = 1; round <= 30; round++) await write(writer, { remove: ['k1', 'k4'], put: rowsOf(round) })
    } finally {
      isWriting = false
      await reading
    }
    same('what was read before all that', early, rowsOf(0))
    await holds(reader, rowsOf(30))
  },

  async 'does what it is asked in the order in which it is asked'(open) {
    const store = await open()
    const asked = Array.from({ length: 20 }, (_, i) => store.write({ put: rows({ n: `${i}` }) }))
    const read = store.read('')
    await Promise.all(asked)
    same('what is read after 20 writes', await read, rows({ n: '19' }))
    await holds(store, rows({ n: '19' }))
  },

  async 'shows a scope nothing of another'(open, make) {
    const own = await Promise.all(['a', 'A', 'a ', 'a/b', '/../a', 'é', 'e\u0301', '\ud800', '\ud801'].map(open))
    const without = await make()
    await without.write({ remove: ['cacheSuite'] })
    for (const store of own) await write(store, { put: rows({ cacheSuite: String(store.scope) }) })
    await holds(without, [], 'cacheSuite')
    for (const store of own) await holds(store, rows({ cacheSuite: String(store.scope) }))
    const held = await Promise.all([without, ...own].map(store => lock(store, 'cacheSuite')))
    for (const letGo of held) letGo()
    await without.close()
  },

  async 'has what another of its scope has written, both being open'(open) {
    const [one, other] = [await open(), await open()]
    await holds(other, [])
    await write(one, { put: rows({ a: '1', b: '1' }) })
    await holds(other, rows({ a: '1', b: '1' }))
    await write(other, { remove: ['a'], only: rows({ a: '1' }) })
    await holds(one, rows({ b: '1' }))
  },

  async 'has its rows after it was closed'(open) {
    const [store, other] = [await open(), await open()]
    await write(store, { put: rows({ a: '1' }) })
    await store.close()
    await store.close()
    await holds(store, rows({ a: '1' }))
    await Promise.all([store.write({ put: rows({ a: '2' }) }), store.close()])
    await holds(other, rows({ a: '2' }))
    await other.close()
    await holds(await open(), rows({ a: '2' }))
  },

  async 'gives a lock to one at a time'(open) {
    const [one, other] = [await open(), await open()]
    const letGo = await lock(one, 'x')
    await isLocked(one, 'x', 'who has it')
    await isLocked(other, 'x', 'another store of its scope')
    const beside = await lock(other, 'y')
    letGo()
    const letGoOther = await lock(other, 'x')
    // A second call must not release the lock of its new holder.
    letGo()
    await isLocked(one, 'x', 'who had it before, having let go of it twice')
    letGoOther()
    ;(await lock(one, 'x'))()
    beside()
    const [first, second] = await Promise.all([one.lock('z'), other.lock('z')])
    if (!first === !second) throw new Error('of two that ask for a lock at a time, one must have it')
    ;(first ?? second)!()
  },
}
