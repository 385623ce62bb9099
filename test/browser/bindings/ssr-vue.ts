// The page that Vue renders on a server and hydrates: as ssr-react.ts.
import { computed, defineAsyncComponent, defineComponent, h, onMounted, Suspense } from 'vue'
import { useDownlinkStatus, useMapDownlink, useMapEntry, useMapKeys, useMapWindow } from '../../../src/vue.js'
import { view } from '../../../src/view/index.js'
import { app, open, still, type Rows } from './ssr-app.js'

const useRows = (text: string) => {
  const rows = still(text)
  const map = useMapDownlink(() => open(text))
  return computed((): Rows => map.value ?? rows)
}

const Row = defineComponent(
  (props: { rows: Rows; id: string }) => {
    const value = useMapEntry<string, string>(
      () => props.rows,
      () => props.id,
    )
    return () => h('li', { id: props.id }, value.value)
  },
  { props: ['rows', 'id'] },
)

const Table = defineComponent(
  ({ text }: { text: string }) => {
    const rows = useRows(text)
    const [status, keys] = [useDownlinkStatus(rows), useMapKeys(rows)]
    const long = useMapKeys(computed(() => view(rows.value).filter(row => row.length > 1)))
    const part = useMapWindow(rows, 0, 1)
    onMounted(() => (app.isHydrated = true))
    return () => {
      app.shown.push(`${status.value.state}: ${keys.value.join()}`)
      return h('section', [
        h('p', { id: 'status' }, status.value.state),
        h('p', { id: 'long' }, long.value.length),
        h('p', { id: 'window' }, `${part.value.entries[0]?.[0]} of ${part.value.total}`),
        h(
          'ul',
          keys.value.map(id => h(Row, { key: id, id, rows: rows.value })),
        ),
      ])
    }
  },
  { props: ['text'] },
)

const Late = defineComponent(
  ({ text }: { text: string }) => {
    const keys = useMapKeys(useRows(text))
    return () => h('p', { id: 'late' }, keys.value.join())
  },
  { props: ['text'] },
)

/** @param late when the part hydrates that waits; at once on a server */
export const pageOfVue = (text: string, late?: Promise<void>) => {
  const Waiting = defineAsyncComponent(async () => {
    await late
    return Late
  })
  return defineComponent(() => () => h('div', [h(Table, { text }), h(Suspense, () => h(Waiting, { text }))]))
}
