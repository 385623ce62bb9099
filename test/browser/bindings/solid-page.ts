// Written as Solid's compiler writes what it makes of JSX.
import { createComponent, For, insert, render } from 'solid-js/web'
import {
  createDownlinkStatus,
  createMapDownlink,
  createMapEntries,
  createMapEntry,
  createMapKeys,
  createValueDownlink,
} from '../../../src/solid.js'
import { app, counted, openLight, openRows, sums, total } from './app.js'

function element(tag: string, id: string, content: () => unknown): Element {
  const made = document.createElement(tag)
  made.id = id
  insert(made, content as never)
  return made
}

function List(): never {
  const rows = createMapDownlink(openRows)
  const keys = createMapKeys(rows)
  const status = createDownlinkStatus(rows)
  const [light, downlink] = createValueDownlink(openLight)
  app.setLight = value => downlink()?.set(value)
  app.setRow = (key, value) => rows()?.set(key, value)
  const entries = sums ? createMapEntries(rows) : () => new Map<string, number>()
  const list = createComponent(For, {
    get each() {
      return counted('list', keys()) as string[]
    },
    children: (id: string) => {
      const value = createMapEntry(rows, id)
      return element('li', id, () => counted(id, String(value()))) as never
    },
  })
  return [
    element('p', 'status', () => status().state),
    element('p', 'light', light),
    element('p', 'sum', () => total(entries())),
    element('ul', 'list', () => list),
  ] as never
}

app.unmount = render(() => createComponent(List, {}), document.body)
