// Floor 4. The address of a lane, as the frames of its link have it.
import type { LaneAddress } from '../base/address.js'
import { withParams, writeAddress, type LinkParams } from '../warp/write-envelope.js'

export interface LinkAddress extends LaneAddress {
  /** `(node:…,lane:…)`, which is the key of the link as well. */
  readonly route: string
  /** The same with the parameters of @link and @sync. */
  readonly request: string
  /** The body of @link and @sync, in Recon. */
  readonly body: string
}

/** @param body in Recon */
export function linkAddress({ node, lane }: LaneAddress, params: LinkParams, body: string): LinkAddress {
  const route = writeAddress(node, lane)
  return { node, lane, route, request: withParams(route, params), body }
}
