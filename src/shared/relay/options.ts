// Floor 6. What the relay's sockets and links go by: the defaults of a client.
import type { Clock } from '../../base/clock.js'
import { checkOptions } from '../../client/options.js'
import type { OpenTransport } from '../../transport/transport.js'

/** Where a relay runs. */
export interface RelayPlatform {
  readonly clock: Clock
  readonly openTransport: OpenTransport
}

/** Options of one socket. @param protocols what it offers; undefined: found out by trying */
export function upstreamOptions({ clock, openTransport }: RelayPlatform, protocols: readonly string[] | undefined) {
  return {
    ...checkOptions({ clock }),
    openTransport,
    protocols,
    webSocketOptions: undefined,
    // The relay makes no writes of its own.
    budget: { used: 0, limit: 0, pending: 0, changed: () => {} },
  }
}

export type UpstreamOptions = ReturnType<typeof upstreamOptions>
