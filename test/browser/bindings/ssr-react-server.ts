import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { pageOf, readRows } from './ssr-app.js'
import { Page } from './ssr-react.js'

export async function render(hostUri: string, script: string): Promise<string> {
  const text = await readRows(hostUri)
  return pageOf(renderToString(createElement(Page, { text })), text, script)
}
