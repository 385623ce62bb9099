// Floor 7. A store in the browser's database, for pages and workers.
import { systemClock, type Cancel } from '../base/clock.js'
import { say } from '../base/excerpt.js'
import { afterPrefix } from './prefix.js'
import { readStoreOptions, type CacheStoreOptions } from './store-options.js'
import type { CacheStore } from '../client/caching.js'

/** How long a call waits for the browser, which does not answer while a frozen or busy tab holds the database. */
const timeoutMs = 10_000

/** A promise that `start` settles. After a time-out, calls the function that `start` returned, which may reject it. */
function inTime<T>(
  start: (resolve: (value: T) => void, reject: (why: unknown) => void) => (late: Error) => void,
): Promise<T> {
  let cancel: Cancel | undefined
  return new Promise<T>((resolve, reject) => {
    const fail = start(resolve, reject)
    const late = () => fail(new Error(say`IndexedDB did not answer within ${timeoutMs} ms: another tab may hold it`))
    cancel = systemClock.timer(late, timeoutMs)
  }).finally(cancel)
}

// Arrays sort after all texts.
const rangeOf = (prefix: string) => IDBKeyRange.bound(prefix, afterPrefix(prefix) ?? [], false, true)

/**
 * Keeps rows in IndexedDB, one database per scope, opened at the first read or write. Calls reject where the page has no IndexedDB,
 * its storage is full, or another tab blocks the database for 10,000 ms. A deleted database is created again. Locks are Web Locks,
 * which pages have over https and on localhost.
 * @throws {ConfigError} naming an unknown option, or one with an invalid value
 * @example
 * const client = new SwimClient({ hostUri: 'warps://example.com', cache: indexedDbCache({ scope: user.id }) })
 * const rooms = client.downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms', cache: true }).open()
 */
export function indexedDbCache(options: CacheStoreOptions = {}): CacheStore {
  const given = readStoreOptions(options)
  // Escaped as in JSON: Firefox opens no database whose name has a lone surrogate.
  const database = 'swimlink cache' + (given.scope === undefined ? '' : ' ' + JSON.stringify(given.scope).slice(1, -1))
  let opening: Promise<IDBDatabase> | undefined

  const forget = (which = opening) => {
    which?.then(db => db.close()).catch(() => {})
    if (opening === which) opening = undefined
  }

  const open = () =>
    (opening ??= inTime((resolve, reject) => {
      if (!globalThis.indexedDB) throw new Error('there is no IndexedDB here')
      const request = indexedDB.open(database, 1)
      request.onupgradeneeded = () => request.result.createObjectStore('rows')
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const db = request.result
        // A tab that deletes the database waits until all others have closed it, which browsers do not do by themselves.
        db.onversionchange = db.onclose = () => forget()
        resolve(db)
      }
      return late => {
        // A database that opens too late would block a tab that deletes it.
        request.onsuccess = () => request.result.close()
        reject(late)
      }
    }))

  /**
   * Runs one transaction. `ask` makes requests; `then` gets their results, may make more requests, and returns the result. Writes are
   * committed with their last request, so that a tab that is frozen then does not block others.
   */
  function transact<T>(
    mode: IDBTransactionMode,
    ask: (rows: IDBObjectStore) => IDBRequest[],
    then: (results: unknown[], rows: IDBObjectStore) => T,
  ): Promise<T> {
    const run = (db: IDBDatabase) =>
      inTime<T>((resolve, reject) => {
        // Relaxed: a write survives a crash of the browser. To survive a crash of the machine, each write had to wait for the disk.
        const transaction = db.transaction('rows', mode, { durability: 'relaxed' })
        const rows = transaction.objectStore('rows')
        const requests = ask(rows)
        let outcome: T
        let fault: unknown
        const fail = (why: unknown) => {
          try {
            transaction.abort()
            fault = why
          } catch {
            // The transaction is committed, and will be done once the browser goes on.
          }
        }
        const end = () => {
          try {
            outcome = then(
              requests.map(({ result }) => result as unknown),
              rows,
            )
          } catch (error) {
            // A row may be too large, for example. The rows before it must not be stored.
            fail(error)
          }
        }
        transaction.oncomplete = () => resolve(outcome)
        transaction.onabort = () => reject(fault ?? transaction.error)
        // Requests are answered in order.
        if (requests.length) requests.at(-1)!.onsuccess = end
        else end()
        return fail
      })
    const attempt = (isLast: boolean): Promise<T> => {
      const mine = open()
      // By `then`: the transaction begins before a later call can close the database.
      return mine.then(run).catch((error: unknown) => {
        // After any failure, the next call opens the database again. A database opened in between is not this call's.
        forget(mine)
        // The browser has closed the database, as when the user clears what sites keep: nothing of the transaction is stored.
        if (!isLast && /^(Abort|InvalidState)Error$/.test((error as Error).name)) return attempt(true)
        throw error
      })
    }
    return attempt(false)
  }

  return {
    ...given,
    read: prefix =>
      transact(
        'readonly',
        // Not committed: Chromium would complete the transaction before large texts have arrived.
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
          rows.transaction.commit()
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
