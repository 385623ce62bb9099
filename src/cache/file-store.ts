// Floor 7. A store on disk, for Node: classic-level, an optional peer dependency, loaded when the store is first used.
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { ConfigError, quote, say } from '../base/errors.js'
import { openLevel, reasonOf, type Level } from '../base/level.js'
import { afterPrefix } from './prefix.js'
import { readStoreOptions, type CacheStoreOptions } from './store-options.js'
import type { CacheStore } from '../client/caching.js'

/** LevelDB compares bytes: of UTF-16 with the high one first, these are in the order of units, and lone surrogates are kept. */
const units = {
  name: 'utf16be',
  format: 'buffer' as const,
  encode: (key: string) => Buffer.from(key, 'utf16le').swap16(),
  decode: (bytes: Buffer) => Buffer.from(bytes).swap16().toString('utf16le'),
}

// JSON writes lone surrogates out, of which UTF-8 keeps none.
const encodings = { keyEncoding: units, valueEncoding: 'json' }

function rangeOf(prefix: string): { gte: string; lt?: string } {
  const lt = afterPrefix(prefix)
  return lt === undefined ? { gte: prefix } : { gte: prefix, lt }
}

const isLocked = (error: unknown) => reasonOf(error).code === 'LEVEL_LOCKED'

/** Opens a database; what is left of one that is damaged is worth more than none of it. */
const open = (path: string): Promise<Level> =>
  openLevel(path, {
    option: 'cache',
    name: 'fileCache',
    encodings,
    locked(cause) {
      const where = say`${quote(path)} is used by another process or worker: `
      return new ConfigError('cache', where + 'give each a folder of its own', { cause: reasonOf(cause) })
    },
  })

/** The database of one path, which all stores of this process share: LevelDB lets nobody else have it meanwhile. */
class Database {
  static readonly #all = new Map<string, Database>()

  /** Its locks, each with something of its holder's own. */
  readonly locks = new Map<string, object>()
  readonly #path: string
  #users = 0
  #level: Level | undefined
  /** When all that was asked for has been done: one call at a time, in order. */
  #done: Promise<unknown> = Promise.resolve()

  private constructor(path: string) {
    this.#path = path
  }

  /** Who is done with it calls `release`. */
  static of(path: string): Database {
    const found = Database.#all.get(path) ?? new Database(path)
    Database.#all.set(path, found)
    found.#users++
    return found
  }

  run<T>(work: (level: Level) => Promise<T>): Promise<T> {
    return this.#next(async () => {
      this.#level ??= await open(this.#path)
      return work(this.#level)
    })
  }

  async release(): Promise<void> {
    this.#users--
    await this.#next(async () => {
      // Somebody may have come meanwhile.
      if (this.#users > 0) return
      await this.#level?.close()
      this.#level = undefined
      if (this.#users === 0) Database.#all.delete(this.#path)
    })
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#done.then(work)
    this.#done = done.catch(() => {})
    return done
  }
}

/** A name that no scope can leave the folder by, and that no two share where capitals are all one. */
const nameOf = (scope: string | undefined): string =>
  scope === undefined
    ? 'everybody'
    : 'scope-' + createHash('sha256').update(Buffer.from(scope, 'utf16le')).digest('hex').slice(0, 32)

/**
 * Keeps rows in LevelDB databases, one per scope, in a folder that is created if missing. All clients of a process may share it;
 * calls of another process with the same scope reject meanwhile. Needs the package `classic-level`.
 * @throws {ConfigError} naming an unknown option, or one with an invalid value
 */
export function fileCache(folder: string, options: CacheStoreOptions = {}): CacheStore {
  if (typeof folder !== 'string' || folder === '') throw new ConfigError('folder', 'must be the path of a folder')
  const given = readStoreOptions(options)
  const path = resolve(join(folder, nameOf(given.scope)))
  let mine: Database | undefined
  const database = () => (mine ??= Database.of(path))

  return {
    ...given,
    read: prefix => database().run(level => level.iterator(rangeOf(prefix)).all()),
    write: ({ remove = [], put = [], only = [] }) =>
      database().run(async level => {
        const texts = await level.getMany(only.map(([key]) => key))
        if (only.some(([, text], i) => text !== texts[i])) return false
        const gone: string[] = []
        for (const prefix of remove) for await (const key of level.keys(rangeOf(prefix))) gone.push(key)
        // It outlives the process as it is; to outlive the machine, each write would wait for the disk.
        await level.batch([
          ...gone.map(key => ({ type: 'del' as const, key })),
          ...put.map(([key, value]) => ({ type: 'put' as const, key, value })),
        ])
        return true
      }),
    async lock(name) {
      // Who holds a lock keeps the database, so that no other process has it.
      const held = Database.of(path)
      try {
        await held.run(async () => {})
      } catch (error) {
        await held.release()
        if (isLocked(error)) return undefined
        throw error
      }
      if (held.locks.has(name)) {
        await held.release()
        return undefined
      }
      const own = {}
      held.locks.set(name, own)
      return () => {
        if (held.locks.get(name) !== own) return
        held.locks.delete(name)
        void held.release().catch(() => {})
      }
    },
    async close() {
      const was = mine
      mine = undefined
      await was?.release()
    },
  }
}
