// Floor 8. Composables for Vue 3. A downlink opens when its component is mounted, so a server opens none; it closes with the
// component, or with the scope. How to use them: docs/BINDINGS.md.
import {
  getCurrentInstance,
  onMounted,
  shallowRef,
  toValue,
  watchEffect,
  type MaybeRefOrGetter,
  type ShallowRef,
} from 'vue'
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

/** What can be read, and not set. */
export type ReadRef<T> = Readonly<ShallowRef<T>>

/** A downlink, or a ref or a getter of one; undefined where there is none yet. */
export type Source<D> = MaybeRefOrGetter<D | undefined>

type Changed = () => void

const useOpen = <D extends { close(): void }>(open: () => D | undefined): ReadRef<D | undefined> => {
  const downlink = shallowRef<D>()
  const run = () =>
    watchEffect(onCleanup => {
      const opened = (downlink.value = open())
      onCleanup(() => opened?.close())
    })
  if (getCurrentInstance()) onMounted(run)
  else run()
  return downlink
}

const useRead = <D, T>(
  source: Source<D>,
  subscribe: (downlink: D, changed: Changed) => Unsubscribe,
  read: (downlink: D) => T,
  absent?: T,
): ReadRef<T> => {
  const value = shallowRef(absent as T)
  watchEffect(
    onCleanup => {
      const downlink = toValue(source)
      const changed = () => {
        value.value = downlink ? read(downlink) : (absent as T)
      }
      if (downlink) onCleanup(subscribe(downlink, changed))
      changed()
    },
    // A key that changes is read anew at once, not in the next render.
    { flush: 'sync' },
  )
  return value
}

const subscribe = (downlink: { subscribe(changed: Changed): Unsubscribe }, changed: Changed) =>
  downlink.subscribe(changed)

/**
 * The downlink that `open` returns, called once the component is mounted (at once outside of one) and again when what `open` reads
 * changes; undefined until then. Changes of the map don't change this ref: the other refs change with what they read.
 * @example
 * const rooms = useMapDownlink(() => client.downlinkMap<string, number>({ nodeUri: props.node, laneUri: 'rooms' }).open())
 * const guests = useMapEntry(rooms, 'r12')
 */
export function useMapDownlink<K, V>(open: () => MapDownlink<K, V>): ReadRef<MapDownlink<K, V> | undefined> {
  return useOpen(open)
}

/**
 * The view that `open` returns, called once the component is mounted (at once outside of one) and again when what `open` reads
 * changes; undefined until then, and where `open` returns it. It closes with the component; its map stays open.
 * @example
 * const full = useView(() => rooms.value && view(rooms.value).filter(guests => guests > 1))
 * const entries = useMapEntries(full)
 */
export function useView<M extends { close(): void }>(open: () => M | undefined): ReadRef<M | undefined> {
  return useOpen(open)
}

/**
 * The value of one key; changes only with it.
 * @example
 * const guests = useMapEntry(rooms, () => props.name)
 */
export function useMapEntry<K, V>(map: Source<ReadableMap<K, V>>, key: MaybeRefOrGetter<K>): ReadRef<V | undefined> {
  return useRead<ReadableMap<K, V>, V | undefined>(
    map,
    (map, changed) => map.subscribeTo(toValue(key), changed),
    map => map.get(toValue(key)),
  )
}

/** The state of an entry's own write; undefined where there is none, or the lane has it. */
export type EntryState = 'waiting' | 'sent' | undefined

/**
 * The value of one key, and the state of its own write; both change only with that key.
 * @example
 * const { value, state } = useMapEntryState(rooms, () => props.name)
 * const note = computed(() => (state.value === undefined ? '' : 'not saved yet'))
 */
export function useMapEntryState<K, V>(
  map: Source<MapDownlink<K, V>>,
  key: MaybeRefOrGetter<K>,
): { readonly value: ReadRef<V | undefined>; readonly state: ReadRef<EntryState> } {
  const state = useRead<MapDownlink<K, V>, EntryState>(
    map,
    (map, changed) => map.subscribeTo(toValue(key), changed),
    map => map.pendingState(toValue(key)),
  )
  return { value: useMapEntry(map, key), state }
}

/**
 * All pending writes, by key; changes with any of them, at O(pending writes).
 * @example
 * const pending = useMapPending(rooms)
 * const unsaved = computed(() => [...pending.value.keys()])
 */
export function useMapPending<K, V>(map: Source<MapDownlink<K, V>>): ReadRef<ReadonlyMap<K, PendingWrite<V>>> {
  return useRead<MapDownlink<K, V>, ReadonlyMap<K, PendingWrite<V>>>(map, subscribe, map => map.pending, new Map())
}

/**
 * All keys, in the lane's order; changes when a key comes or goes, but not with values.
 * @example
 * const keys = useMapKeys(rooms)
 * const names = computed(() => keys.value.map(room => room.toUpperCase()))
 */
export function useMapKeys<K, V>(map: Source<ReadableMap<K, V>>): ReadRef<readonly K[]> {
  return useRead(map, subscribe, map => map.keySnapshot(), [])
}

/**
 * All entries, in the lane's order; changes with any of them, at O(n).
 * @example
 * const entries = useMapEntries(rooms)
 * const total = computed(() => [...entries.value.values()].reduce((sum, guests) => sum + guests, 0))
 */
export function useMapEntries<K, V>(map: Source<ReadableMap<K, V>>): ReadRef<ReadonlyMap<K, V>> {
  return useRead<ReadableMap<K, V>, ReadonlyMap<K, V>>(map, subscribe, map => map.snapshot(), new Map())
}

/**
 * For a scrolled list: the `count` entries from the position `start` on (`entries`), and the size of the map (`total`). Changes only
 * with these; O(count log n) for each batch of changes, whatever the map's size. Positions that the map does not
 * have are left out.
 * @example
 * const firstRow = ref(0)
 * const shown = useMapWindow(rooms, firstRow, 50)
 */
export function useMapWindow<K, V>(
  map: Source<ReadableMap<K, V>>,
  start: MaybeRefOrGetter<number>,
  count: MaybeRefOrGetter<number>,
): ReadRef<MapWindow<K, V>> {
  let last: MapWindow<K, V> = noWindow
  return useRead<ReadableMap<K, V>, MapWindow<K, V>>(
    map,
    subscribe,
    map => (last = windowOf(map, toValue(start), toValue(count), last)),
    last,
  )
}

/**
 * The value of a value lane, and its downlink for writing; opened and closed as in {@link useMapDownlink}.
 * @example
 * const { value, downlink } = useValueDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 * const toggle = () => downlink.value?.set(value.value === 'on' ? 'off' : 'on')
 */
export function useValueDownlink<V>(open: () => ValueDownlink<V>): {
  readonly value: ReadRef<V | undefined>
  readonly downlink: ReadRef<ValueDownlink<V> | undefined>
} {
  const downlink = useOpen(open)
  return { downlink, value: useRead(downlink, subscribe, downlink => downlink.snapshot()) }
}

/**
 * The status of a downlink of any kind; `connecting` where there is no downlink yet.
 * @example
 * const status = useDownlinkStatus(rooms)
 * const isBehind = computed(() => status.value.state !== 'synced')
 */
export function useDownlinkStatus(downlink: Source<WithStatus>): ReadRef<DownlinkStatus> {
  return useRead<WithStatus, DownlinkStatus>(
    downlink,
    (downlink, changed) => downlink.on('didChangeStatus', changed),
    downlink => downlink.status,
    { state: 'connecting' },
  )
}

/**
 * The state of a value lane's own write; undefined where there is none, or the lane has it.
 * @example
 * const { downlink } = useValueDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 * const state = useValueState(downlink)
 */
export function useValueState<V>(downlink: Source<ValueDownlink<V>>): ReadRef<EntryState> {
  return useRead<ValueDownlink<V>, EntryState>(downlink, subscribe, downlink => downlink.pendingState())
}

/**
 * How many writes of a client have not ended: what to show as "not saved yet". Changes once a frame at most; 0 on a server.
 * @example
 * const unsaved = usePendingCount(client)
 */
export function usePendingCount(client: Pick<SwimClient, 'pendingCount' | 'on'>): ReadRef<number> {
  const source = shallowRef<Pick<SwimClient, 'pendingCount' | 'on'>>()
  const run = () => void (source.value = client)
  if (getCurrentInstance()) onMounted(run)
  else run()
  return useRead<Pick<SwimClient, 'pendingCount' | 'on'>, number>(
    source,
    (client, changed) => client.on('pending', changed),
    client => client.pendingCount,
    0,
  )
}
