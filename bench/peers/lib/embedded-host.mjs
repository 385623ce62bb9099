// The embedded host with one map lane, for the two clients that speak WARP.
import { turns } from './turns.mjs'

export const nodeUri = '/hotel/lobby'
export const laneUri = 'elevators'

export async function startHost() {
  const { WarpHost } = await import('../../../dist/node/host/index.js')
  let lane
  const host = new WarpHost().node(nodeUri, node => void (lane = node.mapLane(laneUri)))
  const { port } = await host.listen()
  host.nodeRef(nodeUri)
  const set = changes =>
    turns(changes, ([key, value]) => {
      if (value === undefined) lane.delete(key)
      else lane.set(key, value)
    })
  return { port, fill: set, set, read: () => [...lane], close: () => host.close() }
}
