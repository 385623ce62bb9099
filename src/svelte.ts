// Floor 8. Stores for Svelte 4 and 5, by its store contract: `subscribe` calls at once, and again with each change. A downlink opens
// when its component is mounted, so a server opens none. How to use them: docs/BINDINGS.md.
import { onMount } from 'svelte'
import { readable, type Readable, type Writable } from 'svelte/store'
import type {
  DownlinkStatus,
  MapDownlink,
  PendingWrite,
  ReadableMap,
  SwimClient,
  Unsubscribe,
  ValueDownlink,
  WithStatus,
} from './index.js'
import { noWindow, windowOf, type MapWindow } from './map-window.js'

export type { MapWindow }

const store = <D, T>(
  downlink: D | undefined,
  subscribe: (downlink: D, changed: () => void) => Unsubscribe,
  read: (downlink: D) => T,
  absent?: T,
  set: (value: T) => void = () => {},
): Writable<T> => {
  const now = () => (downlink ? read(downlink) : (absent as T))
  return {
    subscribe(run) {
      let last = now()
      run(last)
      const changed = () => {
        const next = now()
        if (next !== last) run((last = next))
      }
      return downlink ? subscribe(downlink, changed) : () => {}
    },
    set,
    update: change => set(change(now())),
  }
}

const subscribe = (downlink: { subscribe(changed: () => void): Unsubscribe }, changed: () => void) =>
  downlink.subscribe(changed)

/**
 * The downlink of any kind that `open` returns: undefined until the component is mounted; it closes with the component. Call it
 * during component initialisation, as `onMount`.
 * @example
 * const rooms = openDownlink(() => client.downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms' }).open())
 * const guests = $derived(mapEntry($rooms, 'r12'))
 */
export function openDownlink<D extends { close(): void }>(open: () => D): Readable<D | undefined> {
  let downlink: D | undefined
  const runs = new Set<(downlink: D | undefined) => void>()
  onMount(() => {
    const opened = open()
    downlink = opened
    for (const run of runs) run(opened)
    return () => opened.close()
  })
  return {
    subscribe(given) {
      // Of its own, so that one function can subscribe twice.
      const run = (downlink: D | undefined) => given(downlink)
      runs.add(run)
      run(downlink)
      return () => runs.delete(run)
    },
  }
}

/**
 * The view that `make` returns for a map, while somebody subscribes: all subscribers share it, and the last to leave closes it.
 * undefined where there is no map yet. `$derived(mapView($map, map => view(map).filter(…)))`
 * @example
 * const full = $derived(mapView($rooms, rooms => view(rooms).filter(guests => guests > 1)))
 * const entries = $derived(mapEntries($full))
 */
export function mapView<S, M extends { close(): void }>(
  map: S | undefined,
  make: (map: S) => M,
): Readable<M | undefined> {
  return readable<M | undefined>(undefined, set => {
    const view = map && make(map)
    set(view)
    return () => view?.close()
  })
}

/**
 * The value of one key; changes only with it. Setting it sets the entry; undefined removes it.
 * @example
 * const guests = $derived(mapEntry($rooms, 'r12'))
 * const addGuest = () => ($guests = ($guests ?? 0) + 1)
 */
export function mapEntry<K, V>(map: MapDownlink<K, V> | undefined, key: K): Writable<V | undefined>
/** The value of one key of a view; read only. */
export function mapEntry<K, V>(map: ReadableMap<K, V> | undefined, key: K): Readable<V | undefined>
export function mapEntry<K, V>(map: ReadableMap<K, V> | undefined, key: K): Writable<V | undefined> {
  // A view has neither.
  const written = map as Partial<MapDownlink<K, V>> | undefined
  return store<ReadableMap<K, V>, V | undefined>(
    map,
    (map, changed) => map.subscribeTo(key, changed),
    map => map.get(key),
    undefined,
    value => (value === undefined ? written?.delete?.(key) : written?.set?.(key, value)),
  )
}

/** The state of an entry's own write; undefined where there is none, or the lane has it. */
export type EntryState = 'waiting' | 'sent' | undefined

/**
 * The value of one key, and the state of its own write: `[value, state]`. Changes only with that key.
 * @example
 * const entry = $derived(mapEntryState($rooms, 'r12'))
 * const note = $derived($entry[1] === undefined ? '' : 'not saved yet')
 */
export function mapEntryState<K, V>(
  map: MapDownlink<K, V> | undefined,
  key: K,
): Readable<readonly [value: V | undefined, state: EntryState]> {
  let last: readonly [V | undefined, EntryState] = [undefined, undefined]
  return store<MapDownlink<K, V>, readonly [V | undefined, EntryState]>(
    map,
    (map, changed) => map.subscribeTo(key, changed),
    map => {
      const [value, state] = [map.get(key), map.pendingState(key)]
      if (value !== last[0] || state !== last[1]) last = [value, state]
      return last
    },
    last,
  )
}

/**
 * All pending writes, by key; changes with any of them, at O(pending writes).
 * @example
 * const pending = $derived(mapPending($rooms))
 * const unsaved = $derived([...$pending.keys()])
 */
export function mapPending<K, V>(map: MapDownlink<K, V> | undefined): Readable<ReadonlyMap<K, PendingWrite<V>>> {
  return store<MapDownlink<K, V>, ReadonlyMap<K, PendingWrite<V>>>(map, subscribe, map => map.pending, new Map())
}

/**
 * All keys, in the lane's order; changes when a key comes or goes, but not with values.
 * @example
 * const keys = $derived(mapKeys($rooms))
 * const names = $derived($keys.map(room => room.toUpperCase()))
 */
export function mapKeys<K, V>(map: ReadableMap<K, V> | undefined): Readable<readonly K[]> {
  return store<ReadableMap<K, V>, readonly K[]>(map, subscribe, map => map.keySnapshot(), [])
}

/**
 * All entries, in the lane's order; changes with any of them, at O(n).
 * @example
 * const entries = $derived(mapEntries($rooms))
 * const total = $derived([...$entries.values()].reduce((sum, guests) => sum + guests, 0))
 */
export function mapEntries<K, V>(map: ReadableMap<K, V> | undefined): Readable<ReadonlyMap<K, V>> {
  return store<ReadableMap<K, V>, ReadonlyMap<K, V>>(map, subscribe, map => map.snapshot(), new Map())
}

/**
 * For a scrolled list: the `count` entries from the position `start` on (`entries`), and the size of the map (`total`). Changes only
 * with these; O(count log n) for each batch of changes, whatever the map's size. Positions that the map does not
 * have are left out.
 * @example
 * let firstRow = $state(0)
 * const shown = $derived(mapWindow($rooms, firstRow, 50))
 */
export function mapWindow<K, V>(
  map: ReadableMap<K, V> | undefined,
  start: number,
  count: number,
): Readable<MapWindow<K, V>> {
  let last: MapWindow<K, V> = noWindow
  return store<ReadableMap<K, V>, MapWindow<K, V>>(
    map,
    subscribe,
    map => (last = windowOf(map, start, count, last)),
    last,
  )
}

/**
 * The value of a value lane. Setting it sets the lane.
 * @example
 * const downlink = openDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 * const light = $derived(laneValue($downlink))
 * const toggle = () => ($light = $light === 'on' ? 'off' : 'on')
 */
export function laneValue<V>(downlink: ValueDownlink<V> | undefined): Writable<V | undefined> {
  return store<ValueDownlink<V>, V | undefined>(
    downlink,
    subscribe,
    downlink => downlink.snapshot(),
    undefined,
    value => downlink?.set(value),
  )
}

/**
 * The status of a downlink of any kind; `connecting` where there is no downlink yet.
 * @example
 * const status = $derived(downlinkStatus($rooms))
 * const isBehind = $derived($status.state !== 'synced')
 */
export function downlinkStatus(downlink: WithStatus | undefined): Readable<DownlinkStatus> {
  return store<WithStatus, DownlinkStatus>(
    downlink,
    (downlink, changed) => downlink.on('didChangeStatus', changed),
    downlink => downlink.status,
    { state: 'connecting' },
  )
}

/**
 * The state of a value lane's own write; undefined where there is none, or the lane has it.
 * @example
 * const downlink = openDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 * const state = $derived(valueState($downlink))
 */
export function valueState<V>(downlink: ValueDownlink<V> | undefined): Readable<EntryState> {
  return store<ValueDownlink<V>, EntryState>(downlink, subscribe, downlink => downlink.pendingState())
}

/**
 * How many writes of a client have not ended: what to show as "not saved yet". Changes once a frame at most.
 * @example
 * const unsaved = pendingCount(client)
 */
export function pendingCount(client: Pick<SwimClient, 'pendingCount' | 'on'>): Readable<number> {
  return store<Pick<SwimClient, 'pendingCount' | 'on'>, number>(
    client,
    (client, changed) => client.on('pending', changed),
    client => client.pendingCount,
  )
}
