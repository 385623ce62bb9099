// Floor 8. Signals for Solid. A downlink opens in an effect, which a server does not run, and closes with its owner. How to use
// them: docs/BINDINGS.md.
import { createComputed, createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'
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

/** An accessor of a downlink; undefined where there is none yet. */
export type Source<D> = Accessor<D | undefined>

type Changed = () => void

const createOpen = <D extends { close(): void }>(open: () => D | undefined): Source<D> => {
  const [downlink, setDownlink] = createSignal<D>()
  createEffect(() => {
    const opened = open()
    setDownlink(() => opened)
    onCleanup(() => opened?.close())
  })
  return downlink
}

const createRead = <D, T>(
  source: Source<D>,
  subscribe: (downlink: D, changed: Changed) => Unsubscribe,
  read: (downlink: D) => T,
  absent?: T,
): Accessor<T> => {
  const [value, setValue] = createSignal(absent as T)
  createComputed(() => {
    const downlink = source()
    const changed = () => {
      setValue(() => (downlink ? read(downlink) : (absent as T)))
    }
    if (downlink) onCleanup(subscribe(downlink, changed))
    changed()
  })
  return value
}

const subscribe = (downlink: { subscribe(changed: Changed): Unsubscribe }, changed: Changed) =>
  downlink.subscribe(changed)

/** What an accessor gives; no lane has functions for keys. */
const given = <T>(value: T | Accessor<T>): T => (typeof value === 'function' ? (value as Accessor<T>)() : value)

/**
 * The downlink that `open` returns, called in an effect and again when what `open` reads changes; undefined until then. Changes of
 * the map don't change this accessor: the other accessors change with what they read.
 * @example
 * const rooms = createMapDownlink(() => client.downlinkMap<string, number>({ nodeUri: props.node, laneUri: 'rooms' }).open())
 * const guests = createMapEntry(rooms, 'r12')
 */
export function createMapDownlink<K, V>(open: () => MapDownlink<K, V>): Source<MapDownlink<K, V>> {
  return createOpen(open)
}

/**
 * The view that `open` returns, called in an effect and again when what `open` reads changes; undefined until then, and where `open`
 * returns it. It closes with its owner; its map stays open.
 * @example
 * const full = createView(() => {
 *   const map = rooms()
 *   return map && view(map).filter(guests => guests > 1)
 * })
 * const entries = createMapEntries(full)
 */
export function createView<M extends { close(): void }>(open: () => M | undefined): Source<M> {
  return createOpen(open)
}

/**
 * The value of one key; changes only with it. An accessor of keys is followed.
 * @example
 * const guests = createMapEntry(rooms, () => props.name)
 */
export function createMapEntry<K, V>(map: Source<ReadableMap<K, V>>, key: K | Accessor<K>): Accessor<V | undefined> {
  return createRead<ReadableMap<K, V>, V | undefined>(
    map,
    (map, changed) => map.subscribeTo(given(key), changed),
    map => map.get(given(key)),
  )
}

/** The state of an entry's own write; undefined where there is none, or the lane has it. */
export type EntryState = 'waiting' | 'sent' | undefined

/**
 * The value of one key, and the state of its own write; both change only with that key. An accessor of keys is followed.
 * @example
 * const [guests, state] = createMapEntryState(rooms, () => props.name)
 * const note = () => (state() === undefined ? '' : 'not saved yet')
 */
export function createMapEntryState<K, V>(
  map: Source<MapDownlink<K, V>>,
  key: K | Accessor<K>,
): readonly [value: Accessor<V | undefined>, state: Accessor<EntryState>] {
  const state = createRead<MapDownlink<K, V>, EntryState>(
    map,
    (map, changed) => map.subscribeTo(given(key), changed),
    map => map.pendingState(given(key)),
  )
  return [createMapEntry(map, key), state]
}

/**
 * All pending writes, by key; changes with any of them, at O(pending writes).
 * @example
 * const pending = createMapPending(rooms)
 * const unsaved = () => [...pending().keys()]
 */
export function createMapPending<K, V>(map: Source<MapDownlink<K, V>>): Accessor<ReadonlyMap<K, PendingWrite<V>>> {
  return createRead<MapDownlink<K, V>, ReadonlyMap<K, PendingWrite<V>>>(map, subscribe, map => map.pending, new Map())
}

/**
 * All keys, in the lane's order; changes when a key comes or goes, but not with values.
 * @example
 * const keys = createMapKeys(rooms)
 * const names = () => keys().map(room => room.toUpperCase())
 */
export function createMapKeys<K, V>(map: Source<ReadableMap<K, V>>): Accessor<readonly K[]> {
  return createRead(map, subscribe, map => map.keySnapshot(), [])
}

/**
 * All entries, in the lane's order; changes with any of them, at O(n).
 * @example
 * const entries = createMapEntries(rooms)
 * const total = () => [...entries().values()].reduce((sum, guests) => sum + guests, 0)
 */
export function createMapEntries<K, V>(map: Source<ReadableMap<K, V>>): Accessor<ReadonlyMap<K, V>> {
  return createRead<ReadableMap<K, V>, ReadonlyMap<K, V>>(map, subscribe, map => map.snapshot(), new Map())
}

/**
 * For a scrolled list: the `count` entries from the position `start` on (`entries`), and the size of the map (`total`). Changes only
 * with these; O(count log n) for each batch of changes, whatever the map's size. Positions that the map does not
 * have are left out. Accessors of numbers are followed.
 * @example
 * const [firstRow, setFirstRow] = createSignal(0)
 * const shown = createMapWindow(rooms, firstRow, 50)
 */
export function createMapWindow<K, V>(
  map: Source<ReadableMap<K, V>>,
  start: number | Accessor<number>,
  count: number | Accessor<number>,
): Accessor<MapWindow<K, V>> {
  let last: MapWindow<K, V> = noWindow
  return createRead<ReadableMap<K, V>, MapWindow<K, V>>(
    map,
    subscribe,
    map => (last = windowOf(map, given(start), given(count), last)),
    last,
  )
}

/**
 * The value of a value lane, and its downlink for writing; opened and closed as in {@link createMapDownlink}.
 * @example
 * const [light, downlink] = createValueDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 * const toggle = () => downlink()?.set(light() === 'on' ? 'off' : 'on')
 */
export function createValueDownlink<V>(
  open: () => ValueDownlink<V>,
): readonly [value: Accessor<V | undefined>, downlink: Source<ValueDownlink<V>>] {
  const downlink = createOpen(open)
  return [createRead(downlink, subscribe, downlink => downlink.snapshot()), downlink]
}

/**
 * The status of a downlink of any kind; `connecting` where there is no downlink yet.
 * @example
 * const status = createDownlinkStatus(rooms)
 * const isBehind = () => status().state !== 'synced'
 */
export function createDownlinkStatus(downlink: Source<WithStatus>): Accessor<DownlinkStatus> {
  return createRead<WithStatus, DownlinkStatus>(
    downlink,
    (downlink, changed) => downlink.on('didChangeStatus', changed),
    downlink => downlink.status,
    { state: 'connecting' },
  )
}

/**
 * The state of a value lane's own write; undefined where there is none, or the lane has it.
 * @example
 * const [light, downlink] = createValueDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 * const state = createValueState(downlink)
 */
export function createValueState<V>(downlink: Source<ValueDownlink<V>>): Accessor<EntryState> {
  return createRead<ValueDownlink<V>, EntryState>(downlink, subscribe, downlink => downlink.pendingState())
}

/**
 * How many writes of a client have not ended: what to show as "not saved yet". Changes once a frame at most; 0 on a server.
 * @example
 * const unsaved = createPendingCount(client)
 */
export function createPendingCount(client: Pick<SwimClient, 'pendingCount' | 'on'>): Accessor<number> {
  const [source, setSource] = createSignal<Pick<SwimClient, 'pendingCount' | 'on'>>()
  createEffect(() => setSource(() => client))
  return createRead<Pick<SwimClient, 'pendingCount' | 'on'>, number>(
    source,
    (client, changed) => client.on('pending', changed),
    client => client.pendingCount,
    0,
  )
}
