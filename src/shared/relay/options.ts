// Floor 6. Options of the relay's sockets and links: the defaults of a client.
import type { Clock } from '../../base/clock.js'
import { checkOptions } from '../../client/options.js'
import type { OpenTransport } from '../../transport/transport.js'

/** The platform that a relay runs on. */
export interface RelayPlatform {
  readonly clock: Clock
  readonly openTransport: OpenTransport
}

/** Options of one socket. @param protocols the subprotocols to offer; undefined: found out by trying */
export function upstreamOptions({ clock, openTransport }: RelayPlatform, protocols: readonly string[] | undefined) {
  return {
    ...checkOptions({ clock }),
    openTransport,
    protocols,
    webSocketOptions: undefined,
    // The relay makes no writes itself.
    budget: { used: 0, limit: 0, pending: 0, changed: () => {} },
  }
}

export type UpstreamOptions = ReturnType<typeof upstreamOptions>
