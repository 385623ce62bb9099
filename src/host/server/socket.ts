// Floor 3'. A WebSocket as the wire of a peer.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { Peer, type PeerHost } from '../peers/peer.js'
import type { Wire } from '../peers/wire.js'

/** Cuts a close reason to 123 bytes, which may be a third as many characters. */
const reasonOf = (text: string): string => {
  let reason = text.slice(0, 123)
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1)
  return reason
}

/** @param stream the socket under `webSocket` */
const wireOf = (webSocket: WebSocket, stream: Duplex): Wire => ({
  send: frame => webSocket.send(frame),
  get bufferedBytes() {
    return webSocket.bufferedAmount
  },
  together(write) {
    stream.cork()
    write()
    stream.uncork()
  },
  pause: () => webSocket.pause(),
  resume: () => webSocket.resume(),
  ping: () => webSocket.ping(),
  close: (code, reason) => webSocket.close(code, reasonOf(reason)),
  terminate: () => webSocket.terminate(),
})

/** The peer of a new WebSocket. @param ended called once the socket is closed */
export function openPeer(
  webSocket: WebSocket,
  stream: Duplex,
  request: IncomingMessage,
  host: PeerHost,
  ended: (peer: Peer) => void,
): Peer {
  const session = {
    url: request.url ?? '/',
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
  }
  const peer = new Peer(wireOf(webSocket, stream), session, host)
  webSocket.on('message', data => peer.receive(String(data as Buffer)))
  webSocket.on('pong', () => peer.heard())
  stream.on('drain', () => peer.drained())
  // When a frame is too long, or not a WebSocket's, `ws` itself closes the socket with the right code.
  webSocket.on('error', () => {})
  webSocket.on('close', () => {
    peer.ended()
    ended(peer)
  })
  return peer
}
