import { createElement as h, memo, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import {
  useDownlinkStatus,
  useMapDownlink,
  useMapEntry,
  useMapKeys,
  useMapWindow,
  useView,
} from '../../../src/react.js'
import { counted, openRows } from './app.js'
import { above, app, atLeast, isShownAtFirst, windowSize, type Rows } from './views-app.js'

const Row = memo(({ rows, id }: { rows: Rows | undefined; id: string }) => {
  const value = useMapEntry(rows, id)
  return h('li', { id }, counted(id, String(value)))
})

const WindowRow = memo(({ entry: [id, value], name }: { entry: readonly [string, number]; name: string }) =>
  h('td', { className: name }, counted(`${name} ${id}`, `${id} ${value}`)),
)

const Window = memo(({ rows, name, start }: { rows: Rows | undefined; name: string; start: number }) => {
  const { entries, total } = useMapWindow(rows, start, windowSize)
  return h(
    'table',
    null,
    h('caption', { id: name }, counted(name, String(total))),
    h(
      'tbody',
      null,
      h(
        'tr',
        null,
        entries.map(entry => h(WindowRow, { key: entry[0], entry, name })),
      ),
    ),
  )
})

const Views = memo(({ rows, minimum, start }: { rows: Rows | undefined; minimum: number; start: number }) => {
  const shown = useView(() => rows && atLeast(minimum)(rows), [rows, minimum])
  const keys = useMapKeys(shown)
  return h(
    'section',
    null,
    h(Window, { rows, name: 'ofMap', start }),
    h(Window, { rows: shown, name: 'ofView', start }),
    h(
      'ul',
      null,
      counted('list', keys).map(id => h(Row, { key: id, rows: shown, id })),
    ),
  )
})

function Page() {
  const rows = useMapDownlink(openRows)
  const positive = useView(() => rows && above(rows), [rows])
  const [isShown, setShown] = useState(isShownAtFirst)
  const [minimum, setMinimum] = useState(0)
  const [start, setStart] = useState(0)
  Object.assign(app, { setShown, setMinimum, setStart })
  return h(
    'main',
    null,
    h('p', { id: 'status' }, useDownlinkStatus(positive).state),
    h('p', { id: 'positive' }, useMapKeys(positive).length),
    isShown && h(Views, { rows, minimum, start }),
  )
}

const root = createRoot(document.body.appendChild(document.createElement('div')))
root.render(h(StrictMode, null, h(Page)))
app.unmount = () => root.unmount()
