import { createElement as h, memo } from 'react'
import type { MapDownlink, ValueDownlink } from '../../../src/index.js'
import {
  useDownlinkStatus,
  useMapDownlink,
  useMapEntries,
  useMapEntry,
  useMapEntryState,
  useMapKeys,
  useMapPending,
  usePendingCount,
  useValueDownlink,
  useValueState,
} from '../../../src/react.js'
import { app, client, counted, openLight, openRows, shown, states, sums, total, unsaved } from './app.js'

const Row = memo(({ rows, id }: { rows: MapDownlink<string, number> | undefined; id: string }) => {
  const value = useMapEntry(rows, id)
  return h('li', { id }, counted(id, String(value)))
})

const StateRow = memo(({ rows, id }: { rows: MapDownlink<string, number> | undefined; id: string }) => {
  const [value, state] = useMapEntryState(rows, id)
  return h('li', { id }, counted(id, shown(value, state)))
})

export function List() {
  const rows = useMapDownlink(openRows)
  const keys = useMapKeys(rows)
  const [light, downlink] = useValueDownlink(openLight)
  app.setLight = value => downlink?.set(value)
  app.setRow = (key, value) => rows?.set(key, value)
  app.deleteRow = key => rows?.delete(key)
  return h(
    'div',
    null,
    h(Status, { rows }),
    sums && h(Sum, { rows }),
    h('p', { id: 'light' }, light),
    states && h(Unsaved, { rows, light: downlink }),
    h(
      'ul',
      null,
      counted('list', keys).map(id => h(states ? (StateRow as typeof Row) : Row, { key: id, rows, id })),
    ),
  )
}

function Unsaved({ rows, light }: Parameters<typeof Sum>[0] & { light: ValueDownlink<string> | undefined }) {
  const pending = useMapPending(rows)
  const state = useValueState(light)
  return h('p', { id: 'unsaved' }, unsaved(usePendingCount(client), pending, state))
}

function Sum({ rows }: { rows: MapDownlink<string, number> | undefined }) {
  return h('p', { id: 'sum' }, total(useMapEntries(rows)))
}

function Status({ rows }: { rows: MapDownlink<string, number> | undefined }) {
  return h('p', { id: 'status' }, useDownlinkStatus(rows).state)
}
