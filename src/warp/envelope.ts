// Floor 2. The envelopes of WARP. Every frame is an envelope, and each names the node and the lane that it is about.

/** From client to host. */
export type RequestTag = 'link' | 'sync' | 'unlink' | 'command' | 'auth' | 'deauth'

/** From host to client. */
export type ResponseTag = 'linked' | 'synced' | 'unlinked' | 'event' | 'authed' | 'deauthed'

export type EnvelopeTag = RequestTag | ResponseTag

/**
 * An envelope without its body. The body starts in the frame at `bodyAt`; the code that needs the body reads it there.
 * @source docs/PROTOCOL.md#envelopes
 */
export interface EnvelopeHead {
  readonly tag: EnvelopeTag
  /** The node as the frame spells it; empty in the four envelopes of authentication. */
  readonly node: string
  readonly lane: string
  /** From -1 to 1: the link with the higher number goes first on a busy socket. 0 if not given. */
  readonly prio: number
  /** Carried and echoed; no host is known to read it. 0 if not given. */
  readonly rate: number
  /** Where the body begins, in UTF-16 units from the frame's start. */
  readonly bodyAt: number
}

const tags = /^(link|sync|unlink|command|linked|synced|unlinked|event|auth|deauth|authed|deauthed)$/

export const isEnvelopeTag = (name: string): name is EnvelopeTag => tags.test(name)

/** Whether an envelope is about a lane, and not about the whole socket. */
export const isAboutLane = (tag: EnvelopeTag): boolean => !tag.includes('auth')
