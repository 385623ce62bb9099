// Floor 3'. A store on disk: classic-level, an optional peer dependency, loaded when the store is read.
import type { ClassicLevel } from 'classic-level'
import { ConfigError } from '../../base/errors.js'
import type { Change, LaneStore } from './store.js'

type Level = ClassicLevel<string, string>

/** Canonical URIs hold no space, so the third part may. */
const keyOf = ({ node, lane, key }: Change): string => `${node} ${lane} ${key}`

const changeOf = (key: string, value: string): Change => {
  const [node = '', lane = ''] = key.split(' ', 2)
  return { node, lane, key: key.slice(node.length + lane.length + 2), value }
}

async function open(path: string): Promise<Level> {
  let level: { readonly ClassicLevel: typeof ClassicLevel }
  try {
    level = await import('classic-level')
  } catch (cause) {
    throw new ConfigError('store', 'levelStore needs the package classic-level: npm install classic-level', { cause })
  }
  const db: Level = new level.ClassicLevel(path)
  await db.open()
  return db
}

/**
 * Keeps lanes in a LevelDB database in the folder `path`, which is made where it is not there; one host at a time may use it.
 * Each write is synced to disk before it counts. Needs the package `classic-level`.
 */
export function levelStore(path: string): LaneStore {
  let db: Level | undefined
  return {
    async *load() {
      db ??= await open(path)
      for await (const [key, value] of db.iterator()) yield changeOf(key, value)
    },
    async write(changes) {
      db ??= await open(path)
      await db.batch(
        changes.map(change =>
          change.value === undefined
            ? { type: 'del', key: keyOf(change) }
            : { type: 'put', key: keyOf(change), value: change.value },
        ),
        // Without it a write outlasts the process, but not the machine.
        { sync: true },
      )
    },
    async close() {
      await db?.close()
    },
  }
}
