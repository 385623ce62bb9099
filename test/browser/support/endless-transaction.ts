// A tab that has a database for itself, as one that is frozen in the middle of a transaction.
import type { Page } from 'playwright-core'

/** Begins a transaction in a database of the cache that does not end before the page has a global `isOver`. */
export const beginEndless = (page: Page, database: string): Promise<void> =>
  page.evaluate(async name => {
    const request = indexedDB.open(name)
    await new Promise(done => (request.onsuccess = done))
    const rows = request.result.transaction('rows', 'readwrite').objectStore('rows')
    const goOn = () => {
      if (!('isOver' in globalThis)) rows.get('a').onsuccess = goOn
    }
    goOn()
  }, database)
