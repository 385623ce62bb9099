// Written as Solid's compiler writes what it makes of JSX.
import { createComponent, For, insert, render } from 'solid-js/web'
import {
  createDownlinkStatus,
  createMapDownlink,
  createMapEntries,
  createMapEntry,
  createMapEntryState,
  createMapKeys,
  createMapPending,
  createPendingCount,
  createValueDownlink,
  createValueState,
} from '../../../src/solid.js'
import { app, client, counted, openLight, openRows, shown, states, sums, total, unsaved } from './app.js'

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
  app.deleteRow = key => rows()?.delete(key)
  const [count, pending, state] = [createPendingCount(client), createMapPending(rows), createValueState(downlink)]
  const entries = sums ? createMapEntries(rows) : () => new Map<string, number>()
  const list = createComponent(For, {
    get each() {
      return counted('list', keys()) as string[]
    },
    children: (id: string) => {
      if (states) {
        const [value, state] = createMapEntryState(rows, id)
        return element('li', id, () => counted(id, shown(value(), state()))) as never
      }
      const value = createMapEntry(rows, id)
      return element('li', id, () => counted(id, String(value()))) as never
    },
  })
  return [
    element('p', 'status', () => status().state),
    element('p', 'light', light),
    states && element('p', 'unsaved', () => unsaved(count(), pending(), state())),
    element('p', 'sum', () => total(entries())),
    element('ul', 'list', () => list),
  ] as never
}

app.unmount = render(() => createComponent(List, {}), document.body)
