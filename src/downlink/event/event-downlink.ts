// Floor 5. Events and commands of any lane, with no state kept.
import type { WriteOutcome } from '../../write/write.js'
import type { Value } from '../../recon/index.js'
import { writeBody } from '../../warp/write-envelope.js'
import type { DownlinkCallbacks } from '../callbacks.js'
import type { WaitOptions } from '../wait.js'
import { Downlink } from '../downlink.js'
import { DownlinkCore, type DownlinkParts, type Given } from '../parts.js'

/**
 * The events of a lane of any kind, by `onEvent`, and commands to it. Command, supply and demand lanes are used so.
 * @example
 * const bell = client.downlinkEvent({ nodeUri: '/hotel/lobby', laneUri: 'bell' }).onEvent(console.log).open()
 * await bell.command({ times: 2 })
 * bell.close()
 * @source docs/PROTOCOL.md#other-lanes
 */
export class EventDownlink extends Downlink<DownlinkCallbacks> {
  readonly #core: DownlinkCore<DownlinkCallbacks>

  /** @internal */
  constructor(parts: DownlinkParts, given: Given<DownlinkCallbacks>) {
    const core = new DownlinkCore<DownlinkCallbacks>(parts, { replay: () => {}, released: () => {} })
    super(core, 'EventDownlink')
    this.#core = core
    core.hear(given)
    core.begin(given)
  }

  /**
   * Sends a command to the lane; it waits for the link, in order. Resolves with `taken` once it is on the wire: no host says
   * more. Rejects as {@link MapDownlink.remove} does, and where the call of a write would throw.
   */
  command(body: unknown, options?: WaitOptions): Promise<WriteOutcome> {
    return this.#core.promise(
      watcher =>
        this.#core.write(({ owner }) => {
          const text = writeBody(body as Value)
          const write = this.#core.parts.link.writes.post({ kind: 'command', text, owner, watcher })
          owner.made(write)
          return text
        }, watcher),
      options,
    )
  }
}
