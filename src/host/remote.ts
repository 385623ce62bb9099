// Floor 6. Follows lanes of other hosts for join lanes, by swimlink's own client. No other file of the host imports the client.
import type { SwimClient } from '../index.js'
import type { Value } from '../recon/index.js'
import type { LaneAddress, RemoteLanes } from './lanes/lane.js'

export interface ClosableLanes extends RemoteLanes {
  close(): Promise<void>
}

/** Loads the client when the first lane is followed, and not before. */
export function remoteLanes(onError: (error: unknown) => void): ClosableLanes {
  let client: Promise<SwimClient> | undefined
  let isClosed = false

  /** Opens a downlink once the client is loaded. Returns its undo. */
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
