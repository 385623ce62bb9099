// Floor 8. A lane as the source of a TanStack DB collection: rows follow a map downlink, and the collection's own writes go to it.
import type {
  BaseCollectionConfig,
  CollectionConfig,
  DeleteMutationFnParams,
  InsertMutationFnParams,
  SyncConfig,
  UpdateMutationFnParams,
} from '@tanstack/db'
import { about, say } from './base/errors.js'
import { ClosedError, ConfigError, RefusedError, type MapDownlink, type WriteOutcome } from './index.js'

/** What the `utils` of such a collection has. */
// A type: TanStack DB asks for an index signature, which interfaces do not have.
export type SwimCollectionUtils<TKey, V> = {
  /** The map downlink behind the collection, for its status or `pending`; undefined while the collection is not in use. */
  readonly downlink: () => MapDownlink<TKey, V> | undefined
}

/**
 * How a collection follows a lane. All other options are those of TanStack DB. Values are checked by the downlink's `valueSchema`;
 * the collection takes no schema of its own.
 */
export interface SwimCollectionConfig<T extends object, TKey extends string | number, V = T> extends Omit<
  BaseCollectionConfig<T, TKey, never, SwimCollectionUtils<TKey, V>>,
  'schema' | 'syncMode' | 'onInsert' | 'onUpdate' | 'onDelete'
> {
  /** Opens the map downlink: called each time that the collection comes into use, and closed when it goes out of use. */
  open(): MapDownlink<TKey, V>
  /** The key of a row. It must be the key that the row's entry has in the lane. */
  getKey: (row: T) => TKey
  /** Makes a row of an entry, where its value alone is none; called once for each change. @default the value */
  readonly toRow?: (value: V, key: TKey) => T
  /** The inverse of `toRow`: what the lane holds for a row. @default the row */
  readonly toValue?: (row: T) => V
}

/** What `createCollection` takes. */
export type SwimCollectionOptions<T extends object, TKey extends string | number, V = T> = CollectionConfig<
  T,
  TKey,
  never,
  SwimCollectionUtils<TKey, V>
> & { readonly utils: SwimCollectionUtils<TKey, V>; readonly schema?: never }

type Sync<T extends object, TKey extends string | number> = Parameters<SyncConfig<T, TKey>['sync']>[0]

/**
 * Options for TanStack DB's `createCollection`: the rows are a map lane's entries.
 *
 * A lost link keeps its rows. What a sync finds, the first or a later one, is one transaction of differences; the first makes the
 * collection ready. Where the lane is refused before that, the collection is in error, and ready once the link is there after all.
 * `insert`, `update` and `delete` resolve once the lane has decided; they are undone where it refuses, or the write fails.
 *
 * An entry whose key is not what `getKey` gives of its row is left out, and reported to `onError` as a CallbackError.
 * @throws {ConfigError} when `open` or `getKey` is not a function
 * @example
 * const rooms = createCollection(
 *   swimCollectionOptions({
 *     open: () => client.downlinkMap<string, Room>({ nodeUri: '/hotel', laneUri: 'rooms' }).open(),
 *     getKey: (room: Room) => room.name,
 *   }),
 * )
 */
export function swimCollectionOptions<T extends object, TKey extends string | number>(
  config: SwimCollectionConfig<T, TKey>,
): SwimCollectionOptions<T, TKey>
/** As above, of entries whose values are not rows. */
export function swimCollectionOptions<T extends object, TKey extends string | number, V>(
  config: SwimCollectionConfig<T, TKey, V> & Required<Pick<SwimCollectionConfig<T, TKey, V>, 'toRow' | 'toValue'>>,
): SwimCollectionOptions<T, TKey, V>
export function swimCollectionOptions<T extends object, TKey extends string | number, V>(
  config: SwimCollectionConfig<T, TKey, V>,
): SwimCollectionOptions<T, TKey, V> {
  const { open, toRow = itself, toValue = itself, ...rest } = config
  for (const [name, given] of Object.entries({ open, getKey: rest.getKey })) {
    if (typeof given !== 'function') throw new ConfigError(name, say`must be a function, got ${typeof given}`)
  }
  let source: Source<T, TKey, V> | undefined
  const writes =
    (write: (map: MapDownlink<TKey, V>, key: TKey, row: T) => Promise<WriteOutcome>) =>
    ({ transaction }: Mutations<T, TKey>) =>
      source!.write(transaction.mutations, write)
  const put = writes((map, key, row) => map.put(key, toValue(row) as V))
  return {
    ...rest,
    sync: {
      // A value replaces the one before it.
      rowUpdateMode: 'full',
      sync: params => {
        const mine = (source = new Source(open(), params, toRow as (value: V, key: TKey) => T))
        mine.begin()
        return () => {
          mine.end()
          if (source === mine) source = undefined
        }
      },
    },
    onInsert: put,
    onUpdate: put,
    onDelete: writes((map, key) => map.remove(key)),
    utils: { downlink: () => source?.map },
  }
}

type Mutations<T extends object, TKey extends string | number> = {
  readonly transaction: {
    readonly mutations: readonly (
      InsertMutationFnParams<T, TKey> | UpdateMutationFnParams<T, TKey> | DeleteMutationFnParams<T, TKey>
    )['transaction']['mutations'][number][]
  }
}

const itself = (value: unknown) => value
const none = Symbol()
const advice = 'give toRow and toValue where values are no rows with their keys'

interface Given<V> {
  readonly value: V
  /** Not where it can't be a row. */
  readonly isRow: boolean
}

/** In a listener of a downlink: reported as what went wrong with it. */
const complain = (fault: unknown) => {
  if (fault !== none) throw fault
}

/** One run of a collection's sync: from its first use until it goes out of use. */
class Source<T extends object, TKey extends string | number, V> {
  readonly map: MapDownlink<TKey, V>
  readonly #sync: Sync<T, TKey>
  readonly #toRow: (value: V, key: TKey) => T
  /** What the collection was given by key, or could not be. Values are compared by identity. */
  readonly #given = new Map<TKey, Given<V>>()
  readonly #undo: (() => void)[] = []

  constructor(map: MapDownlink<TKey, V>, sync: Sync<T, TKey>, toRow: (value: V, key: TKey) => T) {
    this.map = map
    this.#sync = sync
    this.#toRow = toRow
  }

  begin(): void {
    const { map } = this
    this.#undo.push(
      map.subscribe(changes => {
        if (!this.#isComingIn) complain(this.#apply(changes.map(({ key }) => key)))
      }),
      map.on('didChangeStatus', () => this.#look()),
    )
    this.#look()
  }

  end(): void {
    for (const undo of this.#undo) undo()
    this.map.close()
  }

  /** Writes all rows of a transaction. Rejects with the first that failed, once each has ended. */
  async write(
    mutations: readonly { readonly key: unknown; readonly modified: T }[],
    write: (map: MapDownlink<TKey, V>, key: TKey, row: T) => Promise<WriteOutcome>,
  ): Promise<void> {
    const keys = mutations.map(({ key }) => key as TKey)
    const ends = await Promise.allSettled(mutations.map(async ({ modified }, i) => write(this.map, keys[i]!, modified)))
    // The rows that the transaction covered are what the map has by now: in the collection before the transaction ends.
    this.#apply(keys)
    ends.forEach((end, i) => {
      if (end.status === 'rejected') throw end.reason
      if (end.value === 'refused') throw this.#refused(keys[i]!)
    })
  }

  /** While entries come in by a sync, what changes is not brought one by one. */
  get #isComingIn(): boolean {
    const { status } = this.map
    return status.state === 'syncing' || (status.state === 'stale' && status.because === 'resyncing')
  }

  #look(): void {
    const { status } = this.map
    const isLoading = this.#sync.collection.status === 'loading'
    if (status.state === 'synced' || status.state === 'linked') {
      const fault = this.#apply(new Set([...this.#given.keys(), ...this.map.keys()]))
      this.#sync.markReady()
      complain(fault)
    } else if (status.state === 'unlinked' && isLoading) this.#sync.markError(status.error)
    else if (status.state === 'closed' && isLoading)
      this.#sync.markError(new ClosedError('the downlink was closed before its first sync'))
  }

  /**
   * Writes what the map has of these keys to the collection, in one transaction; none where nothing differs.
   * @returns what was wrong with the first entry that can't be a row, or `none`: all others are there
   */
  #apply(keys: Iterable<TKey>): unknown {
    let fault: unknown = none
    let isOpen = false
    const write = (message: Parameters<Sync<T, TKey>['write']>[0]) => {
      if (!isOpen) this.#sync.begin()
      isOpen = true
      this.#sync.write(message)
    }
    for (const key of keys) {
      const value: V | typeof none = this.map.get(key) ?? (this.map.has(key) ? (undefined as V) : none)
      const given = this.#given.get(key) ?? none
      if (value === (given === none ? none : given.value)) continue
      let row: T | undefined
      try {
        if (value !== none) row = this.#rowOf(value, key)
      } catch (error) {
        if (fault === none) fault = error
      }
      const wasThere = given !== none && given.isRow
      if (row !== undefined) write({ type: wasThere ? 'update' : 'insert', value: row })
      else if (wasThere) write({ type: 'delete', key })
      if (value === none) this.#given.delete(key)
      else this.#given.set(key, { value, isRow: row !== undefined })
    }
    // Applied at once, or when the writes that are under way have ended.
    if (isOpen) void this.#sync.commit()
    return fault
  }

  #rowOf(value: V, key: TKey): T {
    const row = this.#toRow(value, key)
    if (typeof row !== 'object' || row === null)
      throw new ConfigError('toRow', say`a row must be an object, got ${row} for the entry ${key}; ` + advice)
    const found = this.#sync.collection.config.getKey(row)
    if (found !== key)
      throw new ConfigError('getKey', say`must give the key of the entry, ${key}, got ${found}; ` + advice)
    return row
  }

  #refused(key: TKey): RefusedError {
    const { hostUri, nodeUri, laneUri } = this.map
    const message = say`${hostUri} ${nodeUri} ${laneUri} has refused the write to the entry ${key}`
    return about(new RefusedError(message, key), { hostUri, nodeUri, laneUri })
  }
}
