import { app } from './views-app.js'
import ViewsPage from './ViewsPage4.svelte'

/** What Svelte 4 makes of a component. */
type Component = new (options: { target: Element }) => { $destroy(): void }

const page = new (ViewsPage as unknown as Component)({ target: document.body })
app.unmount = () => page.$destroy()
