import { defineComponent, h } from 'vue'
import {
  useDownlinkStatus,
  useMapDownlink,
  useMapEntries,
  useMapEntry,
  useMapKeys,
  useValueDownlink,
} from '../../../src/vue.js'
import { app, counted, openLight, openRows, sums, total } from './app.js'

export const List = defineComponent(() => {
  const rows = useMapDownlink(openRows)
  const keys = useMapKeys(rows)
  const status = useDownlinkStatus(rows)
  const { value: light, downlink } = useValueDownlink(openLight)
  app.setLight = value => downlink.value?.set(value)
  app.setRow = (key, value) => rows.value?.set(key, value)

  const Row = defineComponent(
    ({ id }: { id: string }) => {
      const value = useMapEntry(rows, () => id)
      return () => h('li', { id }, counted(id, String(value.value)))
    },
    { props: ['id'] },
  )
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
    h(
      'ul',
      counted('list', keys.value).map(id => h(Row, { key: id, id })),
    ),
  ]
})
