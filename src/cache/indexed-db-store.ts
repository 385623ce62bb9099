// Floor 7. A store in the browser's database, in pages and in workers.
import { systemClock } from '../base/clock.js'
import { say } from '../base/excerpt.js'
import { afterPrefix } from './prefix.js'
import { readStoreOptions, type CacheStoreOptions } from './store-options.js'
import type { CacheStore } from './store.js'

/** How long a call waits for the database to open. While another tab deletes it, or is frozen at that, the browser answers nothing. */
const openTimeoutMs = 5_000

// Arrays come after all texts.
const rangeOf = (prefix: string) => IDBKeyRange.bound(prefix, afterPrefix(prefix) ?? [], false, true)

/**
 * Keeps rows in IndexedDB, a database for each scope, which is opened when it is first read or written. Its calls reject where
 * the page has no IndexedDB, its storage is full, or the database does not open within 5,000 ms. One that was deleted is made anew.
 * Locks are Web Locks, which pages have over https and on localhost.
 * @throws {ConfigError} naming an option that does not exist, or whose value is not allowed
 */
export function indexedDbCache(options: CacheStoreOptions = {}): CacheStore {
  const given = readStoreOptions(options)
  const database = given.scope === undefined ? 'swimlink cache' : 'swimlink cache ' + given.scope
  let opening: Promise<IDBDatabase> | undefined

  const forget = (which = opening) => {
    which?.then(db => db.close()).catch(() => {})
    if (opening === which) opening = undefined
  }

  const open = () =>
    (opening ??= new Promise((resolve, reject) => {
      if (!globalThis.indexedDB) throw new Error('there is no IndexedDB here')
      const request = indexedDB.open(database, 1)
      const cancel = systemClock.timer(() => {
        // What comes late is nobody's, and would hold up who wants to delete it.
        request.onsuccess = () => request.result.close()
        reject(
          new Error(say`IndexedDB did not open within ${openTimeoutMs} ms: another tab may hold it. Close that one`),
        )
      }, openTimeoutMs)
      request.onupgradeneeded = () => request.result.createObjectStore('rows')
      request.onerror = () => {
        cancel()
        reject(request.error)
      }
      request.onsuccess = () => {
        cancel()
        const db = request.result
        // Who deletes the database waits for all to let go of it; the browser itself waits for nobody.
        db.onversionchange = db.onclose = () => forget()
        resolve(db)
      }
    }))

  /**
   * One transaction: `ask` places requests, and `then` gets their results, may place more, and says what comes of it all.
   * Where nothing is asked, the transaction is whole at once, and a tab that is frozen then holds up no other.
   */
  function transact<T>(
    mode: IDBTransactionMode,
    ask: (rows: IDBObjectStore) => IDBRequest[],
    then: (results: unknown[], rows: IDBObjectStore) => T,
  ): Promise<T> {
    const run = (db: IDBDatabase) =>
      new Promise<T>((resolve, reject) => {
        // Relaxed: what is done outlives a crash of the browser. To outlive one of the machine, each write would wait for the disk.
        const transaction = db.transaction('rows', mode, { durability: 'relaxed' })
        const rows = transaction.objectStore('rows')
        const requests = ask(rows)
        let outcome: T
        let fault: unknown
        const end = () => {
          try {
            outcome = then(
              requests.map(({ result }) => result as unknown),
              rows,
            )
            transaction.commit()
          } catch (error) {
            // Such as a row that is too large: those before it would be put.
            fault = error
            transaction.abort()
          }
        }
        transaction.oncomplete = () => resolve(outcome)
        transaction.onabort = () => reject(fault ?? transaction.error)
        // Requests are answered in order.
        if (requests.length) requests.at(-1)!.onsuccess = end
        else end()
      })
    const mine = open()
    // By `then`: a transaction begins before what was called later can close the database.
    return mine.then(run).catch(error => {
      // Whatever it was, the next call begins anew; what has begun since is another's.
      forget(mine)
      throw error
    })
  }

  return {
    ...given,
    read: prefix =>
      transact(
        'readonly',
        rows => [rows.getAllKeys(rangeOf(prefix)), rows.getAll(rangeOf(prefix))],
        ([keys, texts]) => (keys as string[]).map((key, i) => [key, (texts as string[])[i]!] as const),
      ),
    write: ({ remove = [], put = [], only = [] }) =>
      transact(
        'readwrite',
        rows => only.map(([key]) => rows.get(key)),
        (texts, rows) => {
          if (only.some(([, text], i) => text !== texts[i])) return false
          for (const prefix of remove) rows.delete(rangeOf(prefix))
          for (const [key, text] of put) rows.put(text, key)
          return true
        },
      ),
    lock: name =>
      new Promise(resolve => {
        const nobody = () => resolve(undefined)
        const locks = globalThis.navigator?.locks as LockManager | undefined
        if (!locks) return nobody()
        locks
          .request(JSON.stringify([database, name]), { ifAvailable: true }, held =>
            held === null ? nobody() : new Promise<void>(letGo => resolve(letGo)),
          )
          .catch(nobody)
      }),
    close: async () => forget(),
  }
}
