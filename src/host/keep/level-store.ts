// Floor 3'. A store on disk: classic-level, an optional peer dependency, loaded when the store is read.
import { constants, open as openFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, quote, say } from '../../base/errors.js'
import { openLevel, type Level } from '../../base/level.js'
import { readOptions } from '../../base/options.js'
import type { Change, LaneStore } from './store.js'
import { Count, lossOf, readTally, writeTally, type Tally } from './tally.js'

/** Options of {@link levelStore}. */
export interface LevelStoreOptions {
  /**
   * Whether the host listens, with the remaining entries, though the store has lost acknowledged writes.
   * @default false: `listen()` throws
   */
  readonly acceptLoss?: boolean
}

const levelStoreOptions = { acceptLoss: [false, true] } as const

/** The key of the tally, which each write updates. Node URIs never begin like that. */
const tallyKey = '\0tally'
/** A file with the tally of acknowledged writes. If the database's log is cut off, its own tally is lost as well. */
const tallyFile = 'acknowledged'

/** Canonical URIs have no spaces, so the third part may have some. */
const keyOf = ({ node, lane, key }: Change): string => `${node} ${lane} ${key}`

const changeOf = (key: string, value: string): Change => {
  const [node = '', lane = ''] = key.split(' ', 2)
  return { node, lane, key: key.slice(node.length + lane.length + 2), value }
}

const damaged = (path: string, what: string, cause?: unknown): ConfigError =>
  new ConfigError(
    'store',
    `${quote(path)} is damaged: ${what}. Put a copy of the folder in its place, or go on with what is left by ` +
      'levelStore(path, { acceptLoss: true })',
    { cause },
  )

const open = (path: string, acceptLoss: boolean): Promise<Level> =>
  openLevel(path, {
    option: 'store',
    name: 'levelStore',
    locked: cause =>
      new ConfigError('store', say`${quote(path)} is used by another host: give each a folder of its own`, { cause }),
    damaged: (message, cause) => (acceptLoss ? undefined : damaged(path, message, cause)),
  })

/**
 * Keeps lanes in a LevelDB database in the folder `path`, which is created if missing; one host at a time may use it. Each write is
 * synced to disk before clients see it. Needs the package `classic-level`. A tally of acknowledged writes is kept too, in about 100
 * bytes of memory for each entry: if the database has lost any of them, `listen()` throws ConfigError.
 * @example
 * const host = new WarpHost({ port: 9001, store: levelStore('./data') })
 * await host.listen()
 */
export function levelStore(path: string, options: LevelStoreOptions = {}): LaneStore {
  const { acceptLoss } = readOptions<LevelStoreOptions, typeof levelStoreOptions>(levelStoreOptions, options)
  let db: Level | undefined
  let file: FileHandle | undefined
  let count = new Count()

  /** Not synced: this tally may be behind the database, which is no loss. */
  const acknowledge = () => file?.write(writeTally(count.tally), 0)

  async function close(): Promise<void> {
    await file?.close()
    await db?.close()
    file = undefined
    db = undefined
  }

  async function* load(level: Level): AsyncGenerator<Change> {
    const acknowledged = readTally(await file!.readFile('utf8'))
    let kept: Tally | undefined
    count = new Count()
    try {
      for await (const [key, value] of level.iterator()) {
        if (key === tallyKey) kept = readTally(value)
        else {
          count.put(key, value)
          yield changeOf(key, value)
        }
      }
    } catch (cause) {
      if (!acceptLoss) throw damaged(path, 'its database can not be read', cause)
    }
    const loss = lossOf(count.tally, kept, acknowledged)
    if (loss !== undefined && !acceptLoss) throw damaged(path, loss)
    count.wrote(Math.max(kept?.writes ?? 0, acknowledged?.writes ?? 0))
    if (loss === undefined && kept !== undefined) return
    // From now on, the present entries count as complete.
    await level.put(tallyKey, writeTally(count.tally), { sync: true })
    await acknowledge()
  }

  return {
    async *load() {
      try {
        db ??= await open(path, acceptLoss)
        file ??= await openFile(join(path, tallyFile), constants.O_RDWR | constants.O_CREAT)
        yield* load(db)
      } catch (error) {
        // Frees the folder, so that the user can try again, or accept the loss.
        await close()
        throw error
      }
    },
    async write(changes) {
      const level = (db ??= await open(path, acceptLoss))
      const puts = changes.map(change => {
        const key = keyOf(change)
        if (change.value === undefined) {
          count.delete(key)
          return { type: 'del' as const, key }
        }
        count.put(key, change.value)
        return { type: 'put' as const, key, value: change.value }
      })
      count.wrote()
      puts.push({ type: 'put', key: tallyKey, value: writeTally(count.tally) })
      // Without `sync`, a write survives the end of the process, but not a crash of the machine.
      await level.batch(puts, { sync: true })
      await acknowledge()
    },
    close,
  }
}
