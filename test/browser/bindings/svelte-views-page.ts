import { mount, unmount } from 'svelte'
import ViewsPage from './ViewsPage.svelte'
import { app } from './views-app.js'

const page = mount(ViewsPage as Parameters<typeof mount>[0], { target: document.body })
app.unmount = () => void unmount(page)
