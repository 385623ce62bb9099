// A map and a view of it in one component, which is hidden and shown again without being taken from the page.
import { Activity, createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useMapDownlink, useMapKeys, useView } from '../../../src/react.js'
import { openRows } from './app.js'
import { above, app } from './views-app.js'

function Count() {
  const rows = useMapDownlink(openRows)
  const positive = useView(() => rows && above(rows), [rows])
  return h('p', { id: 'positive' }, useMapKeys(positive).length)
}

function Page() {
  const [isShown, setShown] = useState(true)
  Object.assign(app, { setShown })
  return h(Activity, { mode: isShown ? 'visible' : 'hidden', children: h(Count) })
}

createRoot(document.body.appendChild(document.createElement('div'))).render(h(StrictMode, null, h(Page)))
