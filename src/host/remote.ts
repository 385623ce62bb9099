// Floor 6. Lanes of other hosts that join lanes follow, by our own client: the one file of the host that knows it.
import type { SwimClient } from '../index.js'
import type { Value } from '../recon/index.js'
import type { LaneAddress, RemoteLanes } from './lanes/lane.js'

export interface ClosableLanes extends RemoteLanes {
  close(): Promise<void>
}

/** Loads no client, and opens no socket, before a lane is asked for. */
export function remoteLanes(onError: (error: unknown) => void): ClosableLanes {
  let client: Promise<SwimClient> | undefined
  let isClosed = false

  /** Opens a downlink as soon as there is a client. Returns its undo. */
  function follow(open: (client: SwimClient) => { close(): void }): () => void {
    let downlink: { close(): void } | undefined
    let isLeft = false
    client ??= import('../index.js').then(module => new module.SwimClient({ onError }))
    client.then(loaded => isLeft || isClosed || (downlink = open(loaded))).catch(onError)
    return () => {
      isLeft = true
      downlink?.close()
    }
  }
  const at = ({ hostUri, nodeUri, laneUri }: LaneAddress) => ({ hostUri: hostUri!, nodeUri, laneUri })

  return {
    map: (lane, on) =>
      follow(loaded =>
        loaded
          .downlinkMap(at(lane))
          .emptyValues('keep')
          .didUpdate((key, value) => on.set(key as Value, value as Value))
          .didRemove(key => on.delete(key as Value))
          .open(),
      ),
    value: (lane, set) =>
      follow(loaded =>
        loaded
          .downlinkValue(at(lane))
          .didSet(value => set(value as Value))
          .open(),
      ),
    async close() {
      isClosed = true
      await (await client?.catch(() => undefined))?.close()
    },
  }
}
