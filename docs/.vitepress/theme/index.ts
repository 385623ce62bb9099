// What the site looks like: VitePress's own theme, in the demo's colours, and the example that runs in its pages.
import theme from 'vitepress/theme'
import type { Theme } from 'vitepress'
import TwoClients from './TwoClients.vue'
import './style.css'

export default {
  extends: theme,
  enhanceApp: ({ app }) => void app.component('TwoClients', TwoClients),
} satisfies Theme
