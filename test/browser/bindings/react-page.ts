import { createElement as h, StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { app } from './app.js'
import { List } from './react-list.js'

const page = h(StrictMode, null, h(List))
const rendered = document.querySelector('main')
const root = rendered
  ? hydrateRoot(rendered, page)
  : createRoot(document.body.appendChild(document.createElement('main')))
if (rendered === null) root.render(page)
app.unmount = () => root.unmount()
