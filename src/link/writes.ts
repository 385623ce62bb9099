// Floor 4. The sender of a link's own writes, and what it needs of the link.
import { Sender } from '../write/sender.js'
import type { LinkAddress } from './link-address.js'
import type { LinkPort } from './link-port.js'
import type { LinkPhase } from './link-state.js'
import type { Sinks } from './sinks.js'

/** What the writes of a link need from the link. */
export interface WritesLink {
  readonly address: LinkAddress
  /** The lane, for messages. */
  readonly where: string
  readonly phase: LinkPhase
  readonly sinks: Sinks
  /** Has a sync decide all writes up to the number `seq`. Returns false where the link does not sync. */
  fence(seq: number): boolean
}

export const senderOf = (link: WritesLink, port: LinkPort): Sender =>
  new Sender(port.options, {
    get where() {
      return link.where
    },
    get canSend() {
      return (link.phase === 'live' || link.phase === 'stale') && port.canSend
    },
    mayRisk: write => port.caution.mayRisk(write),
    risked: () => port.risked(),
    send: body => port.send(`@command${link.address.route}${body}`),
    echoIsLate: seq => link.fence(seq),
    gaveUp: () => link.sinks.each(sink => sink.gaveUp()),
  })
