import { createApp, defineComponent, h, ref, type PropType } from 'vue'
import { useDownlinkStatus, useMapDownlink, useMapEntry, useMapKeys, useMapWindow, useView } from '../../../src/vue.js'
import { counted, openRows } from './app.js'
import { above, app, atLeast, isShownAtFirst, windowSize, type Rows } from './views-app.js'

const rowsProp = Object as PropType<Rows>

const Row = defineComponent(
  (props: { rows: Rows | undefined; id: string }) => {
    const value = useMapEntry(
      () => props.rows,
      () => props.id,
    )
    return () => h('li', { id: props.id }, counted(props.id, String(value.value)))
  },
  { props: { rows: rowsProp, id: { type: String, required: true } } },
)

const WindowRow = defineComponent(
  ({ name, entry: [id, value] }: { name: string; entry: readonly [string, number] }) =>
    () =>
      h('td', { class: name }, counted(`${name} ${id}`, `${id} ${value}`)),
  { props: ['name', 'entry'] },
)

const Window = defineComponent(
  (props: { rows: Rows | undefined; name: string; start: number }) => {
    const window = useMapWindow(
      () => props.rows,
      () => props.start,
      windowSize,
    )
    return () => [
      h('p', { id: props.name }, counted(props.name, String(window.value.total))),
      h(
        'table',
        h(
          'tr',
          window.value.entries.map(entry => h(WindowRow, { key: entry.join(), name: props.name, entry })),
        ),
      ),
    ]
  },
  { props: { rows: rowsProp, name: { type: String, required: true }, start: { type: Number, required: true } } },
)

const Views = defineComponent(
  (props: { rows: Rows | undefined; minimum: number; start: number }) => {
    const shown = useView(() => props.rows && atLeast(props.minimum)(props.rows))
    const keys = useMapKeys(shown)
    const List = defineComponent(
      () => () =>
        h(
          'ul',
          counted('list', keys.value).map(id => h(Row, { key: id, rows: shown.value, id })),
        ),
    )
    return () => [
      h(Window, { rows: props.rows, name: 'ofMap', start: props.start }),
      h(Window, { rows: shown.value, name: 'ofView', start: props.start }),
      h(List),
    ]
  },
  { props: { rows: rowsProp, minimum: { type: Number, required: true }, start: { type: Number, required: true } } },
)

const Page = defineComponent(() => {
  const rows = useMapDownlink(openRows)
  const positive = useView(() => rows.value && above(rows.value))
  const [isShown, minimum, start] = [ref(isShownAtFirst), ref(0), ref(0)]
  app.setShown = value => (isShown.value = value)
  app.setMinimum = value => (minimum.value = value)
  app.setStart = value => (start.value = value)
  const [status, keys] = [useDownlinkStatus(positive), useMapKeys(positive)]
  return () => [
    h('p', { id: 'status' }, status.value.state),
    h('p', { id: 'positive' }, keys.value.length),
    isShown.value && h(Views, { rows: rows.value, minimum: minimum.value, start: start.value }),
  ]
})

const vue = createApp(Page)
vue.mount(document.body.appendChild(document.createElement('main')))
app.unmount = () => vue.unmount()
