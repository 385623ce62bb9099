import { createElement, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { app, embedded } from './ssr-app.js'
import { Page } from './ssr-react.js'

const late = new Promise<void>(resolve => (app.release = resolve))
const page = createElement(Page, { text: embedded('rows'), late })
hydrateRoot(document.querySelector('main')!, createElement(StrictMode, null, page), {
  onRecoverableError: error => app.mended.push(String(error)),
})
