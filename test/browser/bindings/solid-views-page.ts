// Written as Solid's compiler writes what it makes of JSX.
import { createMemo, createSignal } from 'solid-js'
import { createComponent, For, insert, render } from 'solid-js/web'
import {
  createDownlinkStatus,
  createMapDownlink,
  createMapEntry,
  createMapKeys,
  createMapWindow,
  createView,
  type Source,
} from '../../../src/solid.js'
import { counted, openRows } from './app.js'
import { above, app, atLeast, isShownAtFirst, windowSize, type Rows } from './views-app.js'

function element(tag: string, attributes: object, content: () => unknown): Element {
  const made = Object.assign(document.createElement(tag), attributes)
  insert(made, content as never)
  return made
}

function Window(props: { rows: Source<Rows>; name: string; start: () => number }): never {
  const { name } = props
  const window = createMapWindow(props.rows, props.start, windowSize)
  const rows = createComponent(For, {
    get each() {
      return window().entries as [string, number][]
    },
    children: ([id, value]: [string, number]) =>
      element('td', { className: name }, () => counted(`${name} ${id}`, `${id} ${value}`)) as never,
  })
  return [
    element('p', { id: name }, () => counted(name, String(window().total))),
    element('p', {}, () => rows),
  ] as never
}

function Views(props: { rows: Source<Rows>; minimum: () => number; start: () => number }): never {
  const shown = createView(() => {
    const rows = props.rows()
    return rows && atLeast(props.minimum())(rows)
  })
  const keys = createMapKeys(shown)
  const list = createComponent(For, {
    get each() {
      return counted('list', keys()) as string[]
    },
    children: (id: string) => {
      const value = createMapEntry(shown, id)
      return element('li', { id }, () => counted(id, String(value()))) as never
    },
  })
  return [
    Window({ rows: props.rows, name: 'ofMap', start: props.start }),
    Window({ rows: shown, name: 'ofView', start: props.start }),
    element('ul', {}, () => list),
  ] as never
}

function Page(): never {
  const rows = createMapDownlink(openRows)
  const positive = createView(() => {
    const map = rows()
    return map && above(map)
  })
  const [isShown, setShown] = createSignal(isShownAtFirst)
  const [minimum, setMinimum] = createSignal(0)
  const [start, setStart] = createSignal(0)
  Object.assign(app, { setShown, setMinimum, setStart })
  const [status, keys] = [createDownlinkStatus(positive), createMapKeys(positive)]
  const views = createMemo(() => isShown() && createComponent(Views, { rows, minimum, start }))
  return [
    element('p', { id: 'status' }, () => status().state),
    element('p', { id: 'positive' }, () => keys().length),
    element('div', {}, views),
  ] as never
}

app.unmount = render(() => createComponent(Page, {}), document.body)
