// Floor 8. Hooks for React 19. Rendering opens nothing: a downlink opens when its component is there, so StrictMode makes one
// link, and a server none. How to use them: docs/BINDINGS.md.
import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type DependencyList,
} from 'react'
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

type Changed = () => void
/** What has a status that may say that it stays as it is. */
type Still = { readonly status?: { readonly isStill?: true } }

// What hooks give where there is no downlink yet: the same each time.
const none = () => undefined
const keys: readonly never[] = []
const entries: ReadonlyMap<unknown, unknown> = new Map()
const connecting = { state: 'connecting' } as const

const useOpen = <D extends { close(): void }>(open: () => D | undefined, deps: DependencyList): D | undefined => {
  const [again, setAgain] = useState({})
  // Another object whenever `deps` change: what was opened before them is given to no render after.
  const turn = useMemo((): { isBegun?: true; downlink?: D | undefined } => ({}), [...deps, again])
  const [, setOpened] = useState<object>()
  useLayoutEffect(() => {
    // Effects that run again without a render (StrictMode, what was hidden) have what the last render had, which may be closed.
    if (turn.isBegun) return setAgain({})
    turn.isBegun = true
    turn.downlink = open()
    setOpened(turn)
    return () => {
      turn.downlink?.close()
      turn.downlink = undefined
    }
  }, [turn])
  // Read as it is: a render that React began before the effects ran again would be given what they closed.
  return turn.downlink
}

/**
 * Renders again when `subscribe` says so and `read` gives something else. On a server, and while hydrating, it is `absent`, unless
 * the map stays as it is: what a link brings while a page hydrates is not what its server rendered.
 */
const useRead = <D, T>(
  downlink: D | undefined,
  subscribe: (downlink: D, changed: Changed) => Unsubscribe,
  read: (downlink: D) => T,
  absent: () => T,
  key?: unknown,
): T => {
  const now = () => (downlink ? read(downlink) : absent())
  return useSyncExternalStore(
    useCallback(changed => (downlink ? subscribe(downlink, changed) : none), [downlink, key]),
    now,
    (downlink as Still | undefined)?.status?.isStill ? now : absent,
  )
}

const subscribe = (downlink: { subscribe(changed: Changed): Unsubscribe }, changed: Changed) =>
  downlink.subscribe(changed)

/**
 * The downlink that `open` returns, called once the component is mounted and again when `deps` change; `undefined` until then. It
 * closes with the component. Changes of the map render nothing here: the other hooks render for what they read.
 * @example
 * const rooms = useMapDownlink(() => client.downlinkMap<string, number>({ nodeUri, laneUri: 'rooms' }).open(), [nodeUri])
 */
export function useMapDownlink<K, V>(
  open: () => MapDownlink<K, V>,
  deps: DependencyList = [],
): MapDownlink<K, V> | undefined {
  return useOpen(open, deps)
}

/**
 * The view that `open` returns, called once the component is mounted and again when `deps` change; `undefined` until then, and where
 * `open` returns it. It closes with the component; its map stays open.
 * @example
 * const full = useView(() => rooms && view(rooms).filter(guests => guests > 1), [rooms])
 */
export function useView<M extends { close(): void }>(
  open: () => M | undefined,
  deps: DependencyList = [],
): M | undefined {
  return useOpen(open, deps)
}

/**
 * The value of one key. Renders again only when it changes.
 * @example
 * const guests = useMapEntry(rooms, 'r12')
 */
export function useMapEntry<K, V>(map: ReadableMap<K, V> | undefined, key: K): V | undefined {
  return useRead<ReadableMap<K, V>, V | undefined>(
    map,
    (map, changed) => map.subscribeTo(key, changed),
    map => map.get(key),
    none,
    key,
  )
}

/** The state of an entry's own write; undefined where there is none, or the lane has it. */
export type EntryState = 'waiting' | 'sent' | undefined

/**
 * The value of one key, and the state of its own write. Renders again only when one of them changes.
 * @example
 * const [guests, state] = useMapEntryState(rooms, 'r12')
 */
export function useMapEntryState<K, V>(
  map: MapDownlink<K, V> | undefined,
  key: K,
): readonly [value: V | undefined, state: EntryState] {
  const state = useRead<MapDownlink<K, V>, EntryState>(
    map,
    (map, changed) => map.subscribeTo(key, changed),
    map => map.pendingState(key),
    none,
    key,
  )
  return [useMapEntry(map, key), state]
}

/**
 * All pending writes, by key. Renders again when any of them changes; O(pending writes) each time.
 * @example
 * const unsaved = [...useMapPending(rooms).keys()]
 */
export function useMapPending<K, V>(map: MapDownlink<K, V> | undefined): ReadonlyMap<K, PendingWrite<V>> {
  return useRead<MapDownlink<K, V>, ReadonlyMap<K, PendingWrite<V>>>(
    map,
    subscribe,
    map => map.pending,
    () => entries as ReadonlyMap<K, PendingWrite<V>>,
  )
}

/**
 * All keys, in the lane's order. Renders again when a key comes or goes, but not for values.
 * @example
 * const names = useMapKeys(rooms).map(room => room.toUpperCase())
 */
export function useMapKeys<K, V>(map: ReadableMap<K, V> | undefined): readonly K[] {
  return useRead<ReadableMap<K, V>, readonly K[]>(
    map,
    subscribe,
    map => map.keySnapshot(),
    () => keys,
  )
}

/**
 * All entries, in the lane's order. Renders again when any of them changes; O(n) each time.
 * @example
 * const total = [...useMapEntries(rooms).values()].reduce((sum, guests) => sum + guests, 0)
 */
export function useMapEntries<K, V>(map: ReadableMap<K, V> | undefined): ReadonlyMap<K, V> {
  return useRead<ReadableMap<K, V>, ReadonlyMap<K, V>>(
    map,
    subscribe,
    map => map.snapshot(),
    () => entries as ReadonlyMap<K, V>,
  )
}

/**
 * For a scrolled list: the `count` entries from the position `start` on (`entries`), and the size of the map (`total`). Renders again
 * when one of these changes; O(count log n) for each batch of changes, whatever the map's size. Positions that the map does not have
 * are left out.
 * @example
 * const { entries, total } = useMapWindow(rooms, firstRow, 50)
 */
export function useMapWindow<K, V>(map: ReadableMap<K, V> | undefined, start: number, count: number): MapWindow<K, V> {
  const shown = useRef<MapWindow<K, V>>(noWindow)
  const read = useMemo(() => {
    // Its own for these arguments: React may go between renders that were given others, and each finds what it had.
    let last: MapWindow<K, V> | undefined
    return (map: ReadableMap<K, V>) => (shown.current = last = windowOf(map, start, count, last ?? shown.current))
  }, [map, start, count])
  return useRead<ReadableMap<K, V>, MapWindow<K, V>>(map, subscribe, read, () => noWindow)
}

/**
 * The value of a value lane, and its downlink for writing; opened and closed as in {@link useMapDownlink}.
 * @example
 * const [light, downlink] = useValueDownlink(() => lobby.downlinkValue<string>({ laneUri: 'light' }).open())
 */
export function useValueDownlink<V>(
  open: () => ValueDownlink<V>,
  deps: DependencyList = [],
): readonly [value: V | undefined, downlink: ValueDownlink<V> | undefined] {
  const downlink = useOpen(open, deps)
  return [
    useRead<ValueDownlink<V>, V | undefined>(downlink, subscribe, downlink => downlink.snapshot(), none),
    downlink,
  ]
}

/**
 * The status of a downlink of any kind. Renders again when it changes; `connecting` where there is no downlink yet.
 * @example
 * const isBehind = useDownlinkStatus(rooms).state !== 'synced'
 */
export function useDownlinkStatus(downlink: WithStatus | undefined): DownlinkStatus {
  return useRead<WithStatus, DownlinkStatus>(
    downlink,
    (downlink, changed) => downlink.on('didChangeStatus', changed),
    downlink => downlink.status,
    () => connecting,
  )
}

/**
 * The state of a value lane's own write; undefined where there is none, or the lane has it.
 * @example
 * const isSaved = useValueState(downlink) === undefined
 */
export function useValueState<V>(downlink: ValueDownlink<V> | undefined): EntryState {
  return useRead<ValueDownlink<V>, EntryState>(downlink, subscribe, downlink => downlink.pendingState(), none)
}

/**
 * How many writes of a client have not ended: what to show as "not saved yet". Renders again when it changes, once a frame.
 * @example
 * const unsaved = usePendingCount(client)
 */
export function usePendingCount(client: Pick<SwimClient, 'pendingCount' | 'on'>): number {
  return useRead<Pick<SwimClient, 'pendingCount' | 'on'>, number>(
    client,
    (client, changed) => client.on('pending', changed),
    client => client.pendingCount,
    () => 0,
  )
}
