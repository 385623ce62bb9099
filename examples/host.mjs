// A host for these examples to talk to: `node examples/host.mjs`, then `node examples/map-downlink.mjs` in another terminal.
// It listens at warp://127.0.0.1:9001, or at another port: `node examples/host.mjs 0` takes a free one.
import { WarpHost } from 'swimlink/host'

const host = new WarpHost({
  port: Number(process.argv[2] ?? 9001),
  authenticate: ({ token }) => token === 'open sesame' && { name: 'ann' },
})

host.node('/unit/:id', node => {
  const cart = node.mapLane('cart')
  for (const lane of ['seen', 'vehicles', 'lines']) node.mapLane(lane)
  node.valueLane('info', { initial: 'nothing yet' })
  node.commandLane('addItem', { onCommand: ({ name, count }) => cart.set(name, (cart.get(name) ?? 0) + count) })
})

console.log((await host.listen()).uri)
