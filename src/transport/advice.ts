// Floor 1. Why a socket did not open, as Node and `ws` report, and what to do. In pages, advice-in-pages.ts replaces this file.
import type { TransportEnd } from './transport.js'

const web =
  'a web server answers there that is no WARP host, or not at this path: check the port and path of the hostUri'

/** Advice by the status of an answer, or by the code and message of an error. The first rule that fits counts. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/^401/, 'it wants to know who asks: give headers by webSocketOptions'],
  [/^403/, 'it does not let this client in: ask whoever runs it (allowedOrigins and allowedHosts of swimlink/host)'],
  [/^(429|503)/, 'it is busy: the client waits for as long as it asks'],
  [/^5/, 'the host, or a proxy before it, failed: see its log'],
  [/^\d/, web],
  [/ECONNREFUSED/, 'nothing listens there: start the host, or check the port of the hostUri'],
  [/ENOTFOUND|EAI_AGAIN/, 'no such name is known: check the hostUri, or the network'],
  [/E(TIMEDOUT|HOSTUNREACH|NETUNREACH)/, 'there is no way to it: check the network and the hostUri'],
  [/CERT|SIGN|ISSUER/, 'its certificate is not trusted: give the one that signed it by webSocketOptions: { ca }'],
  [/EPROTO|ERR_SSL/, 'it does not speak TLS: use warp: in the place of warps:, or check the port of the hostUri'],
  [/subprotocol/, 'the host takes other subprotocols: leave out the option protocols, or give what it takes'],
  [
    /HPE_|ECONNRESET|hang up/,
    'what listens there is no WARP host, or wants TLS: check the port of the hostUri, or use warps:',
  ],
]

/** What to do about a socket that did not open. @param status of the answer to the handshake, if there was one */
function adviceOn(cause: unknown, status?: number): string {
  const { code = '', message = '' } = (cause ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  const text = String(status ?? `${String(code)} ${String(message)}`)
  return rules.find(([fits]) => fits.test(text))?.[1] ?? 'check the hostUri and the network'
}

/** What to do about the refusal behind an error of `ws`, if the peer broke a rule or a limit; undefined for errors of the network. */
function adviceOnRefusal(code: string): string | undefined {
  // Codes with Z_ are errors of zlib, which is used if compression was requested.
  if (!/^(WS_ERR|Z)_/.test(code)) return undefined
  return code.endsWith('MESSAGE_LENGTH')
    ? 'raise maxFrameChars, or let the host send less at once'
    : code.endsWith('BUFFERED_PARTS')
      ? 'raise maxFragments or maxBufferedChunks of webSocketOptions'
      : 'the host, or a proxy before it, breaks the WebSocket protocol: tell whoever runs it'
}

/** What the platform shows of the end of a socket. @param isGuess whether to advise on a socket that did not open */
export type Reasons = (cause: unknown, isGuess: boolean) => Pick<TransportEnd, 'advice' | 'refusals'>

/** The reasons of one host's sockets: counts the refusals of each kind. */
export function reasons(): Reasons {
  const counts = new Map<string, number>()
  return (cause, isGuess) => {
    const code = String((cause as { readonly code?: unknown } | undefined)?.code)
    const advice = adviceOnRefusal(code)
    if (advice === undefined) return { advice: isGuess ? `: ${adviceOn(cause)}` : undefined }
    const refusals = (counts.get(code) ?? 0) + 1
    counts.set(code, refusals)
    return { refusals, advice: `, ${refusals} ${refusals === 1 ? 'time' : 'times'} by now: ${advice}` }
  }
}

/** The parts of Node's response that are used. */
export interface Answer {
  readonly statusCode: number
  readonly headers: { readonly [name: string]: string | undefined }
  once(type: 'data' | 'end' | 'close', listener: (chunk?: unknown) => void): unknown
}

const longestMs = 86_400_000

/** How long an answer asks the client to wait, at most a day. A date counts from the date of the answer. */
function retryAfterMs({ headers: { date, 'retry-after': after = '' } }: Answer): number | undefined {
  const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.parse(date ?? '')
  return ms > 0 ? Math.min(ms, longestMs) : undefined
}

/** Texts of the request that may be secret, and that an answer may repeat. */
const secretsIn = (url: string, options: object | undefined): string[] => {
  const { username, password, search } = new URL(url)
  const { headers, auth } = (options ?? {}) as { readonly headers?: object; readonly auth?: unknown }
  const texts = [username, password, search, String(auth ?? ''), ...Object.values(headers ?? {}).map(String)]
  return texts.flatMap(text => text.match(/[^\s:=&?]{4,}/g) ?? [])
}

/** Waits for the start of the body of an answer that refuses, and reports the answer. */
export function hear(
  answer: Answer,
  url: string,
  options: object | undefined,
  ended: (end: Partial<TransportEnd>) => void,
) {
  const { statusCode, headers } = answer
  let isHeard = false
  const say = (chunk: unknown = '') => {
    if (isHeard) return
    isHeard = true
    const text = String(chunk).trim()
    const isPlain = /^text\/plain/.test(headers['content-type'] ?? '')
    const isSafe = !secretsIn(url, options).some(secret => text.includes(secret))
    const cause = new Error(`HTTP ${statusCode}` + (isPlain && isSafe && text !== '' ? `: ${text.slice(0, 400)}` : ''))
    ended({
      cause,
      httpStatus: statusCode,
      retryAfterMs: retryAfterMs(answer),
      advice: `: ${adviceOn(undefined, statusCode)}`,
    })
  }
  answer.once('data', say)
  answer.once('end', () => say())
  answer.once('close', () => say())
}
