// A host in a process of its own, that a test can kill: `node killable-host.mjs PORT ENTRIES`, entries in JSON. Prints its URI.
import { WarpHost } from '../../../dist/node/host/index.js'

const [, , port, entries] = process.argv
const host = new WarpHost({ port: Number(port) }).node('/n', node => {
  const rows = node.mapLane('rows')
  for (const [key, value] of Object.entries(JSON.parse(entries))) rows.set(key, value)
})
const { uri } = await host.listen()
console.log(uri)
process.on('message', () => process.send(Object.fromEntries(host.nodeRef('/n').lane('rows', 'map'))))
