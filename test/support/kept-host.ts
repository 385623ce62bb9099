// A host with a store, as a process of its own, so that it can be killed. Its first argument is the folder of the store.
import { levelStore, WarpHost } from '../../src/host/index.js'

const host = new WarpHost({ store: levelStore(process.argv[2]!) })
host.node('/unit/:id', node => {
  node.mapLane('map')
  node.mapLane('passing', { transient: true })
  node.valueLane('value')
})
console.log((await host.listen()).uri)
