// Floor 3'. The addresses at which a host can be reached, whatever it listens on.
import { networkInterfaces } from 'node:os'

/** Where a host listens. */
export interface ListeningAt {
  /** The URI for clients: `warp://127.0.0.1:9001`, or `warps:` with TLS. A host on all addresses has one of this machine only. */
  readonly uri: string
  /** The URL for browsers: `http://127.0.0.1:9001/`. */
  readonly url: string
  /** The port in use, also if the option was 0. */
  readonly port: number
  /** `uri`; and for a host on all addresses, the URIs by which other machines may reach the host. */
  readonly uris: readonly string[]
}

const authority = (address: string, port: number): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

/** Addresses of this machine that others may reach, without those that need a zone. */
function outerAddresses(isV6: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ internal, family, address }) => !internal && (isV6 || family === 'IPv4') && !/^fe80:/i.test(address))
    .map(({ address }) => address)
}

/** @param address the address that the port is bound to */
export function listeningAt(address: string, port: number, isSecure: boolean): ListeningAt {
  const isV6 = address === '::'
  const isEvery = isV6 || address === '0.0.0.0'
  const first = isV6 ? '::1' : isEvery ? '127.0.0.1' : address
  const s = isSecure ? 's' : ''
  const uris = [first, ...(isEvery ? outerAddresses(isV6) : [])].map(each => `warp${s}://${authority(each, port)}`)
  return { uri: uris[0]!, url: `http${s}://${authority(first, port)}/`, port, uris }
}
