// Floor 6. Lanes of other hosts that join lanes follow, by our own client: the one file of the host that knows it.
import { SwimClient } from '../index.js'
import type { Value } from '../recon/index.js'
import type { RemoteLanes } from './lane.js'

export interface ClosableLanes extends RemoteLanes {
  close(): Promise<void>
}

/** Opens no socket, and makes no client, before a lane is asked for. */
export function remoteLanes(onError: (error: unknown) => void): ClosableLanes {
  let client: SwimClient | undefined
  const open = () => (client ??= new SwimClient({ onError }))
  return {
    map({ hostUri, nodeUri, laneUri }, on) {
      const downlink = open()
        .downlinkMap()
        .hostUri(hostUri!)
        .nodeUri(nodeUri)
        .laneUri(laneUri)
        .emptyValues('keep')
        .didUpdate((key, value) => on.set(key as Value, value as Value))
        .didRemove(key => on.delete(key as Value))
        .open()
      return () => downlink.close()
    },
    value({ hostUri, nodeUri, laneUri }, set) {
      const downlink = open()
        .downlinkValue()
        .hostUri(hostUri!)
        .nodeUri(nodeUri)
        .laneUri(laneUri)
        .didSet(value => set(value as Value))
        .open()
      return () => downlink.close()
    },
    async close() {
      await client?.close()
    },
  }
}
