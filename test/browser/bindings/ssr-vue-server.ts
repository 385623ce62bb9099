import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { pageOf, readRows } from './ssr-app.js'
import { pageOfVue } from './ssr-vue.js'

export async function render(hostUri: string, script: string): Promise<string> {
  const text = await readRows(hostUri)
  return pageOf(await renderToString(createSSRApp(pageOfVue(text))), text, script)
}
