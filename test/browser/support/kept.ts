// What pages of the demo have kept in the browser's database, and whether they are ready to be left.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** All texts of all rows. */
export function keptTexts(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const texts: string[] = []
    // Only those that are there: to open one makes it.
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name!))
      texts.push(...(await done(db.transaction('rows').objectStore('rows').getAll() as IDBRequest<string[]>)))
      db.close()
    }
    return texts
  })
}

/** Resolves once the hotel page has kept its four lanes, as they were with their host there, and the browser its files. */
export async function isKept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  const lanes = async () => (await keptTexts(page)).filter(text => /^\{.*"asOf":[1-9]/.test(text)).length
  await expect.poll(lanes, { timeout: 20_000 }).toBe(4)
}
