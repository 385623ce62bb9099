// Floor 7. A store on disk, for Node: classic-level, an optional peer dependency, loaded when the store is first used.
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { ConfigError, quote, say } from '../base/errors.js'
import { openLevel, reasonOf, type Level } from '../base/level.js'
import { afterPrefix } from './prefix.js'
import { readStoreOptions, type CacheStoreOptions } from './store-options.js'
import type { CacheStore } from '../client/caching.js'

/** LevelDB compares bytes. UTF-16 with the high byte first keeps the order of units, and keeps lone surrogates. */
const units = {
  name: 'utf16be',
  format: 'buffer' as const,
  encode: (key: string) => Buffer.from(key, 'utf16le').swap16(),
  decode: (bytes: Buffer) => Buffer.from(bytes).swap16().toString('utf16le'),
}

// JSON escapes lone surrogates, which UTF-8 can't hold.
const encodings = { keyEncoding: units, valueEncoding: 'json' }

function rangeOf(prefix: string): { gte: string; lt?: string } {
  const lt = afterPrefix(prefix)
  return lt === undefined ? { gte: prefix } : { gte: prefix, lt }
}

const isLocked = (error: unknown) => reasonOf(error).code === 'LEVEL_LOCKED'

/** Opens a database. If it is damaged, repairs it: the remaining rows are better than none. */
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

/** The database of one path, shared by all stores of this process: LevelDB allows only one user at a time. */
class Database {
  static readonly #all = new Map<string, Database>()

  /** The locks by name, each with an object that identifies its holder. */
  readonly locks = new Map<string, object>()
  readonly #path: string
  #users = 0
  #level: Level | undefined
  /** Resolves when all earlier calls are done: calls run one at a time, in order. */
  #done: Promise<unknown> = Promise.resolve()

  private constructor(path: string) {
    this.#path = path
  }

  /** The database of a path. The caller has to call `release` in the end. */
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
      // A new user may have come in between.
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

/** A file name for a scope. It can't lead out of the folder, and differs for each scope even if capitals do not count. */
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
        // The write survives the end of the process. To survive a crash of the machine, each write would have to wait for the disk.
        await level.batch([
          ...gone.map(key => ({ type: 'del' as const, key })),
          ...put.map(([key, value]) => ({ type: 'put' as const, key, value })),
        ])
        return true
      }),
    async lock(name) {
      // A holder of a lock keeps the database open, so that no other process gets it.
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
