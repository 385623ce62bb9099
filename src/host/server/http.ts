// Floor 3'. Answers plain HTTP requests: the state of a lane as JSON, and files of a folder.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { canonicalUri } from '../../base/address.js'
import { Attr, Record, Slot, stringify, type Item, type Value } from '../../recon/index.js'
import type { Session } from '../lanes/access.js'
import type { Peek } from '../lanes/lane.js'
import type { HostNode } from '../nodes/node.js'
import type { Account } from '../nodes/nodes.js'
import type { PeerHost } from '../peers/peer.js'
import type { Refusal } from './callers.js'
import { serveFile } from './static-files.js'

export interface HttpHost {
  refusalOf(request: IncomingMessage): Refusal | undefined
  readonly files: string | undefined
  readonly maxUriChars: number
  /** Counts the nodes that plain requests have created. */
  readonly account: Account
  visit: PeerHost['visit']
}

/** The JSON closest to a Recon value. Large integers and records without a plain form become texts; data becomes base64. */
function toJson(value: Value | Item): unknown {
  if (value === undefined) return null
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  // Checked by isView, since `instanceof` fails across realms. The only views that lanes hold are Uint8Arrays.
  if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString('base64')
  if (value instanceof Record) return stringify(value)
  if (value instanceof Slot || value instanceof Attr) return stringify(new Record([value]))
  if (Array.isArray(value)) return (value as readonly Value[]).map(toJson)
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, toJson(held as Value)]))
}

function* writeJson(head: object, peek: Peek): Generator<string, void, undefined> {
  const start = JSON.stringify(head).slice(0, -1)
  if ('value' in peek) return yield `${start},"value":${JSON.stringify(toJson(peek.value))}}\n`
  yield `${start},"size":${peek.size},"entries":[`
  let separator = '\n'
  for (const [key, value] of peek.entries) {
    yield `${separator}${JSON.stringify([toJson(key), toJson(value)])}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

/** Writes as fast as the client reads, so that a large lane is not held in memory twice. */
async function send(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  let batch = ''
  const isOn = async (text: string) => {
    if (response.destroyed) return false
    if (!response.write(text)) {
      await new Promise<void>(go => {
        const done = () => {
          response.off('drain', done).off('close', done)
          go()
        }
        response.on('drain', done).on('close', done)
      })
    }
    return !response.destroyed
  }
  for (const piece of pieces) {
    batch += piece
    if (batch.length < 65_536) continue
    if (!(await isOn(batch))) return
    batch = ''
  }
  response.end(batch)
}

function fail(response: ServerResponse, status: number, error: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(`${JSON.stringify({ error })}\n`)
}

/** Answers one request. */
export async function answer(host: HttpHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff')
  const refusal = host.refusalOf(request)
  if (refusal !== undefined) return fail(response, 403, refusal.message)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return fail(response, 405, 'only GET and HEAD; lanes are written to by WebSocket')
  }
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const lane = new URLSearchParams(query).get('lane')
  if (lane === null) {
    if (host.files !== undefined && (await serveFile(host.files, path, request, response))) return
    return fail(response, 404, 'no such file; a lane is seen at /node?lane=name')
  }
  if (Math.max(path.length, lane.length) > host.maxUriChars)
    return fail(response, 414, `a URI has more than ${host.maxUriChars} characters`)
  const session = {
    identity: undefined,
    url: request.url ?? '/',
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
  }
  const found = host.visit(canonicalUri(path), 'read', session, host.account)
  if (found === undefined) return fail(response, 404, 'nodeNotFound')
  if (found === 'refused') return fail(response, 403, 'this node is not for everybody')
  try {
    await look(found, lane, session, request, response)
  } finally {
    found.settle()
  }
}

async function look(
  node: HostNode,
  lane: string,
  session: Session,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const door = node.door(canonicalUri(lane))
  if (door === undefined) return fail(response, 404, 'laneNotFound')
  if (!door.mayRead(session)) return fail(response, 403, 'this lane is not for everybody')
  node.see()
  const peek = door.peek()
  if (peek === undefined) return fail(response, 404, `a ${door.kind} lane has no state to see`)
  response.setHeader('cache-control', 'no-store')
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  if (request.method === 'HEAD') response.end()
  else await send(response, writeJson({ node: node.uri, lane, kind: door.kind }, peek))
}
