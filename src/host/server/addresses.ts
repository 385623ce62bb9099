// Floor 3'. Where a host is reached: addresses that can be opened, whatever it listens on.
import { networkInterfaces } from 'node:os'

/** Where a host listens. */
export interface ListeningAt {
  /** What a client is given: `warp://127.0.0.1:9001`, or `warps:` with TLS. Of a host that listens on all addresses, one of this machine alone. */
  readonly uri: string
  /** The same for a browser: `http://127.0.0.1:9001/`. */
  readonly url: string
  /** The port, also where 0 was asked for. */
  readonly port: number
  /** `uri`, and for a host that listens on all addresses also those by which other machines may reach it. */
  readonly uris: readonly string[]
}

const authority = (address: string, port: number): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

/** Addresses of this machine that others may reach; those that need a zone named are left out. */
function outerAddresses(isV6: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ internal, family, address }) => !internal && (isV6 || family === 'IPv4') && !/^fe80:/i.test(address))
    .map(({ address }) => address)
}

/** @param address what the port is bound to */
export function listeningAt(address: string, port: number, isSecure: boolean): ListeningAt {
  const isV6 = address === '::'
  const isEvery = isV6 || address === '0.0.0.0'
  const first = isV6 ? '::1' : isEvery ? '127.0.0.1' : address
  const s = isSecure ? 's' : ''
  const uris = [first, ...(isEvery ? outerAddresses(isV6) : [])].map(each => `warp${s}://${authority(each, port)}`)
  return { uri: uris[0]!, url: `http${s}://${authority(first, port)}/`, port, uris }
}
