// What the site looks like: VitePress's own theme, in the demo's colours.
import theme from 'vitepress/theme'
import './style.css'

export default theme
