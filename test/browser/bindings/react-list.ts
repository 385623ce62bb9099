import { createElement as h, memo } from 'react'
import type { MapDownlink } from '../../../src/index.js'
import {
  useDownlinkStatus,
  useMapDownlink,
  useMapEntries,
  useMapEntry,
  useMapKeys,
  useValueDownlink,
} from '../../../src/react.js'
import { app, counted, openLight, openRows, sums, total } from './app.js'

const Row = memo(({ rows, id }: { rows: MapDownlink<string, number> | undefined; id: string }) => {
  const value = useMapEntry(rows, id)
  return h('li', { id }, counted(id, String(value)))
})

export function List() {
  const rows = useMapDownlink(openRows)
  const keys = useMapKeys(rows)
  const [light, downlink] = useValueDownlink(openLight)
  app.setLight = value => downlink?.set(value)
  app.setRow = (key, value) => rows?.set(key, value)
  return h(
    'div',
    null,
    h(Status, { rows }),
    sums && h(Sum, { rows }),
    h('p', { id: 'light' }, light),
    h(
      'ul',
      null,
      counted('list', keys).map(id => h(Row, { key: id, rows, id })),
    ),
  )
}

function Sum({ rows }: { rows: MapDownlink<string, number> | undefined }) {
  return h('p', { id: 'sum' }, total(useMapEntries(rows)))
}

function Status({ rows }: { rows: MapDownlink<string, number> | undefined }) {
  return h('p', { id: 'status' }, useDownlinkStatus(rows).state)
}
