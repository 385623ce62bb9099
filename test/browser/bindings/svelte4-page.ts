import { app } from './app.js'
import List from './List4.svelte'

/** What Svelte 4 makes of a component. */
type Component = new (options: { target: Element }) => { $destroy(): void }

const list = new (List as unknown as Component)({ target: document.body })
app.unmount = () => list.$destroy()
