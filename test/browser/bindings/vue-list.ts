import { defineComponent, h } from 'vue'
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
} from '../../../src/vue.js'
import { app, client, counted, openLight, openRows, shown, states, sums, total, unsaved } from './app.js'

export const List = defineComponent(() => {
  const rows = useMapDownlink(openRows)
  const keys = useMapKeys(rows)
  const status = useDownlinkStatus(rows)
  const { value: light, downlink } = useValueDownlink(openLight)
  app.setLight = value => downlink.value?.set(value)
  app.setRow = (key, value) => rows.value?.set(key, value)
  app.deleteRow = key => rows.value?.delete(key)

  const Row = defineComponent(
    ({ id }: { id: string }) => {
      const value = useMapEntry(rows, () => id)
      return () => h('li', { id }, counted(id, String(value.value)))
    },
    { props: ['id'] },
  )
  const StateRow = defineComponent(
    ({ id }: { id: string }) => {
      const { value, state } = useMapEntryState(rows, () => id)
      return () => h('li', { id }, counted(id, shown(value.value, state.value)))
    },
    { props: ['id'] },
  )
  const Unsaved = defineComponent(() => {
    const [count, pending, state] = [usePendingCount(client), useMapPending(rows), useValueState(downlink)]
    return () => h('p', { id: 'unsaved' }, unsaved(count.value, pending.value, state.value))
  })
  const Sum = defineComponent(() => {
    const entries = useMapEntries(rows)
    return () => h('p', { id: 'sum' }, total(entries.value))
  })
  const Status = defineComponent(() => () => h('p', { id: 'status' }, status.value.state))
  const Light = defineComponent(() => () => h('p', { id: 'light' }, light.value))
  return () => [
    h(Status),
    sums && h(Sum),
    h(Light),
    states && h(Unsaved),
    h(
      'ul',
      counted('list', keys.value).map(id => h(states ? StateRow : Row, { key: id, id })),
    ),
  ]
})
