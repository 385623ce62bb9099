// Floor 4. Events and commands of any lane, with no state kept.
import type { WriteOutcome } from '../link/outbox.js'
import { Write } from '../link/outbox.js'
import type { Value } from '../recon/index.js'
import { writeBody } from '../warp/write-envelope.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { WaitOptions } from './wait.js'
import { Downlink } from './downlink.js'
import { DownlinkCore, type DownlinkParts, type WriteTo } from './parts.js'

/**
 * The events of a lane of any kind, by `onEvent`, and commands to it. Command, supply and demand lanes are used so.
 * @source docs/PROTOCOL.md#other-lanes
 */
export class EventDownlink extends Downlink<DownlinkCallbacks> {
  readonly #core: DownlinkCore<DownlinkCallbacks>
  readonly #parts: DownlinkParts<DownlinkCallbacks>

  /** @internal */
  constructor(parts: DownlinkParts<DownlinkCallbacks>) {
    const core = new DownlinkCore(parts, { replay: () => {}, released: () => {} })
    super(core)
    this.#core = core
    this.#parts = parts
  }

  /**
   * Sends a command to the lane; it waits for the link, in order. Resolves with `taken` once it is on the wire: no host says
   * more. Rejects as {@link MapDownlink.remove} does, and where the call of a write would throw.
   */
  command(body: unknown, options?: WaitOptions): Promise<WriteOutcome> {
    return this.#core.promise(
      settle => this.#core.write(to => this.#post(writeBody(body as Value), to), settle),
      options,
    )
  }

  #post(body: string, to: WriteTo): string {
    const { sender } = this.#parts.link
    sender.admit('plain')
    sender.add(new Write({ body, kind: 'plain', ...to }))
    return body
  }
}
