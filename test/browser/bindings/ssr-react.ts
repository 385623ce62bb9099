// The page that React renders on a server and hydrates: each row by its key, a view and a window of them, the status, and a part
// that hydrates late.
import { createElement as h, memo, Suspense, use, useEffect, useMemo } from 'react'
import { useDownlinkStatus, useMapDownlink, useMapEntry, useMapKeys, useMapWindow } from '../../../src/react.js'
import { view } from '../../../src/view/index.js'
import { app, open, still, type Rows } from './ssr-app.js'

export function Page({ text, late }: { text: string; late?: Promise<void> | undefined }) {
  return h('div', null, h(Table, { text }), h(Suspense, { fallback: 'waits' }, h(Late, { text, late })))
}

const useRows = (text: string): Rows => {
  const rows = useMemo(() => still(text), [text])
  return useMapDownlink(() => open(text), [text]) ?? rows
}

const Table = memo(({ text }: { text: string }) => {
  const rows = useRows(text)
  const status = useDownlinkStatus(rows)
  const keys = useMapKeys(rows)
  const long = useMapKeys(useMemo(() => view(rows).filter(row => row.length > 1), [rows]))
  const { entries, total } = useMapWindow(rows, 0, 1)
  app.shown.push(`${status.state}: ${keys.join()}`)
  useEffect(() => {
    app.isHydrated = true
  }, [])
  return h(
    'section',
    null,
    h('p', { id: 'status' }, status.state),
    h('p', { id: 'long' }, long.length),
    h('p', { id: 'window' }, `${entries[0]?.[0]} of ${total}`),
    h(
      'ul',
      null,
      keys.map(id => h(Row, { key: id, id, rows })),
    ),
  )
})

const Row = memo(({ rows, id }: { rows: Rows; id: string }) => h('li', { id }, useMapEntry(rows, id)))

const Late = memo(({ text, late }: { text: string; late?: Promise<void> | undefined }) => {
  if (late) use(late)
  return h('p', { id: 'late' }, useMapKeys(useRows(text)).join())
})
