// Floor 0. Addresses: the URL of a host, and the canonical spelling of a node or lane URI.
import { bare, ConfigError, quote, say } from './errors.js'

/** The schemes of hosts. The group matches schemes over TLS. */
const schemes = /^(?:warp|swim|ws|http|(warps|swims|wss|https)):(?=\/\/[^/])/i

/**
 * The WebSocket URL of a host: `warp:` and `swim:` mean `ws:`, `warps:` and `swims:` mean `wss:`; `ws:`, `wss:`, `http:` and
 * `https:` are accepted too. Equal hosts give equal texts, so the URL serves as the key of a connection.
 * @param option the option that an error names
 * @throws {ConfigError} when `uri` is not an absolute URI of such a scheme
 * @source docs/PROTOCOL.md#connection
 */
export function hostUrl(uri: string, option = 'hostUri'): string {
  const [scheme, secure] = schemes.exec(uri) ?? []
  try {
    const url = new URL((secure ? 'wss:' : 'ws:') + uri.slice(scheme!.length))
    url.hash = ''
    if (url.hostname !== '') return url.href
  } catch {
    // The scheme is not a host's, or the text is not a URL. The error below says what to do.
  }
  // A text that is not a URI may have secrets anywhere, and one without a colon may be nothing else: a token in the place of the host.
  const shown = quote(String(uri ?? '').replace(/^(\w+:\/\/)?[^]*[@?#][^]*$|^[^:]+$/, '$1...'))
  throw new ConfigError(
    option,
    say`${shown} is not a host; write it like "warp://example.com:9001" or "warps://example.com"`,
  )
}

/** The host for a URI or function. @throws {ConfigError} when it is not a host */
export const hostOf = (given: HostUri): Host =>
  typeof given === 'function'
    ? { ask: given, url: 'ws://host/', uri: 'a host by function' }
    : { url: hostUrl(given), uri: bare(given) }

/** The parts of a URL that may be secret: its user info, and the values of its query. */
export function secretsOf(url: string): string[] {
  const { username, password, searchParams } = new URL(url)
  return [username, password, ...searchParams.values()].flatMap(text => [text, encodeURIComponent(text)])
}

/** The URI of a host: `warp://example.com`, `warps://example.com`; or a function that returns it, called at each attempt. */
export type HostUri = string | (() => string | PromiseLike<string>)

/** A host, as its connection knows it. */
export interface Host {
  /** The function that returns the URI at each attempt, if the host was given by one. */
  readonly ask?: (() => string | PromiseLike<string>) | undefined
  /** The WebSocket URL. */
  url: string
  /** The name of the host in messages and errors: the URI as given, without parts that may be secret. */
  uri: string
}

/** How long a node or lane URI may be on the wire: UTF-16 units. */
export const maxUriChars = 2048

// Escapes of characters that stand for themselves: A-Z a-z 0-9 - . _ ~ ! $ & ' ( ) * + , ; = : @. The escape of a slash stays.
const needless = /(?:%(?:2[146-9a-e]|3[\dabd]|[46][1-9a-f]|[57][\da]|40|5f|7e))+/g

/**
 * Escapes of plain characters are undone; all others are written in lower case. Characters that may not stand raw are escaped.
 * Escapes are handled in runs: one by one took 500 ns for each.
 */
const canonicalPart = (part: string): string =>
  // Half a surrogate pair has no UTF-8, and so no escape of its own.
  encodeURI(part.replace(/\p{Cs}/gu, '\ufffd'))
    // A percent sign that begins an escape is not escaped again.
    .replace(/%25(?=[\da-f]{2})/gi, '%')
    .replace(/(?:%[\da-f]{2})+/gi, run => run.toLowerCase())
    .replace(needless, decodeURIComponent)

/** An absolute path with its `.` and `..` segments resolved. The rest is canonical, so `URL` does not change it. */
const withoutDots = (path: string): string =>
  /\/\.{1,2}(\/|$)/.test(path) ? new URL('ws://host' + path).pathname : path

/**
 * The canonical spelling of a node or lane URI. It is sent and compared: two spellings of one address give one text.
 * Raw characters that a URI may not hold are escaped, so any text is an address.
 * @source docs/PROTOCOL.md#addresses
 */
export function canonicalUri(uri: string): string {
  if (/^[\w\-~/]*$/.test(uri)) return uri
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#[^]*)?$/.exec(uri) ?? []
  const canonical = canonicalPart(path)
  return (
    (canonical.startsWith('/') ? withoutDots(canonical) : canonical) +
    canonicalPart(query) +
    canonicalPart(fragment).replace(/(?!^)#/g, '%23')
  )
}

/** A path up to its last slash. Relative URIs start from it. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/**
 * The canonical spelling of a node URI at a host. A relative URI is resolved against the path of the host's URL, as a SwimOS
 * Java host does. So hosts that ignore the path get the same node.
 * @source docs/PROTOCOL.md#addresses
 */
function canonicalNode(uri: string, hostUrl: string): string {
  const isWhole = /^(\/|[a-z][\w+.-]*:)/i.test(uri)
  return canonicalUri(isWhole ? uri : folderOf(new URL(hostUrl).pathname) + uri)
}

/** One text for a canonical node and lane together. The space separates them, since no canonical URI has one. */
export const routeKey = (node: string, lane: string): string => `${node} ${lane}`

/** A lane in the spelling that is sent. */
export interface LaneAddress {
  readonly node: string
  readonly lane: string
}

/**
 * The address of a lane of the host at `hostUrl`, however its node and lane are spelled.
 * @throws {ConfigError} when one of the two is longer than `maxUriChars` in the spelling that is sent
 */
export function laneAddress(nodeUri: string, laneUri: string, hostUrl: string): LaneAddress {
  const node = limited('nodeUri', canonicalNode(nodeUri, hostUrl))
  const lane = limited('laneUri', canonicalUri(laneUri))
  return { node, lane }
}

/** A node or lane without what may be secret: user info, query and fragment. */
export const openly = (uri: string): string => bare(uri).replace(/[?#][^]*/, '')

function limited(option: string, uri: string): string {
  if (uri.length > maxUriChars)
    throw new ConfigError(option, say`a URI has more than ${maxUriChars} characters, as sent`)
  return uri
}
