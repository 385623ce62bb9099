import { createApp } from 'vue'
import { app } from './app.js'
import { List } from './vue-list.js'

const vue = createApp(List)
vue.mount(document.body.appendChild(document.createElement('main')))
app.unmount = () => vue.unmount()
