// Floor 8. The public door of `swimlink/meta`: importing it once gives every client `meta()`, which reads what a host says of itself.
import { ConfigError, say } from './base/errors.js'
import type { HostUri } from './base/address.js'
import { SwimClient } from './client/client.js'
import type { Meta, MetaOptions } from './client/meta-readers.js'

/** A node in a node URI of its own: the separators of paths are escaped, in lower case, as SwimOS has them. */
const escape = (uri: string): string =>
  encodeURIComponent(uri).replace(/%[\dA-F]{2}/g, escaped => escaped.toLowerCase())

function meta(this: SwimClient, hostUri: HostUri, options: MetaOptions = {}): Meta {
  const { server = 'java' } = options
  if (server !== 'java' && server !== 'rust')
    throw new ConfigError('server', say`must be java or rust, got ${String(server)}`)
  const host = this.hostRef(hostUri)
  const scheme = server === 'java' ? 'swim:meta:' : 'swimos:meta:'
  const nodeOf = (nodeUri: string) => host.nodeRef(`${scheme}node/${escape(nodeUri)}`)
  const laneOf = (nodeUri: string, laneUri: string) =>
    host.nodeRef(`${scheme}node/${escape(nodeUri)}/lane/${escape(laneUri)}`)
  const whole = host.nodeRef(scheme + (server === 'java' ? 'host' : 'mesh'))
  return {
    hosts: () => host.nodeRef(`${scheme}part`).downlinkMap({ laneUri: 'hosts' }).open() as never,
    nodes: () => whole.downlinkMap({ laneUri: 'nodes' }).open() as never,
    lanes: nodeUri => nodeOf(nodeUri).downlinkMap({ laneUri: 'lanes' }).open() as never,
    uplinks: (nodeUri, laneUri) => laneOf(nodeUri, laneUri).downlinkMap({ laneUri: 'uplinks' }).open() as never,
    pulse: (nodeUri, laneUri) => {
      const at = nodeUri === undefined ? whole : laneUri === undefined ? nodeOf(nodeUri) : laneOf(nodeUri, laneUri)
      return at.downlinkValue({ laneUri: 'pulse' }).open() as never
    },
  }
}

Object.defineProperty((SwimClient as unknown as { prototype: object }).prototype, 'meta', { value: meta })

export type { Meta, MetaHost, MetaLane, MetaNode, MetaOptions, MetaPulse, MetaUplink } from './index.js'
