// The embedded host as a process that keeps a record of what its map lane holds, change by change, before anybody is told. Prints
// `listening PORT`, and ends with its standard input.
import { WarpHost } from '../../src/host/index.js'
import { notesFor } from './record.js'

const [port, record] = process.argv.slice(2)
const note = notesFor('host', record!)
note({ e: 'up' })
const host = new WarpHost({ port: Number(port) })
host.node('/unit/:id', node => {
  node.mapLane<string, string>('map', {
    willUpdate: (key, v) => note({ e: 'hold', key, v }),
    willRemove: key => note({ e: 'drop', key }),
    didClear: () => note({ e: 'clear' }),
  })
})
const end = () => void host.close().then(() => process.exit(0))
process.once('SIGTERM', end)
process.stdin.once('close', end).resume()
host.listen().then(
  ({ port }) => console.log(`listening ${port}`),
  (problem: unknown) => {
    console.error(problem)
    process.exit(1)
  },
)
