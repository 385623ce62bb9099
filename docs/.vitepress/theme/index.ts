// What the site looks like: VitePress's own theme, in the demo's colours, and the examples that run in its pages.
import theme from 'vitepress/theme'
import type { Theme } from 'vitepress'
import LiveView from './LiveView.vue'
import TwoClients from './TwoClients.vue'
import './style.css'

export default {
  extends: theme,
  enhanceApp: ({ app }) => void app.component('LiveView', LiveView).component('TwoClients', TwoClients),
} satisfies Theme
