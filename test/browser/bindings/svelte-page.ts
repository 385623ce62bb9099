import { mount, unmount } from 'svelte'
import { app } from './app.js'
import List from './List.svelte'

const list = mount(List as Parameters<typeof mount>[0], { target: document.body })
app.unmount = () => void unmount(list)
