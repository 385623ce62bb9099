import { createSSRApp } from 'vue'
import { app, embedded } from './ssr-app.js'
import { pageOfVue } from './ssr-vue.js'

const late = new Promise<void>(resolve => (app.release = resolve))
const page = createSSRApp(pageOfVue(embedded('rows'), late))
page.config.warnHandler = message => app.mended.push(message)
page.config.errorHandler = error => app.mended.push(String(error))
page.mount('main')
