// The host of the client benches, in a process of its own: WebSocket frames are made once, ahead of time, and written as large
// buffers to a plain TCP socket, so that it is never what a client waits for. It answers WARP just as far as the benches need.
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { frames, node } from './data.mjs'

const recon = await import(process.argv[2])
const chunkBytes = 1 << 20
/** Prepared chunks by case and format. */
const made = new Map()

/** One WebSocket text frame. */
function frameOf(text) {
  const body = Buffer.from(text)
  const { length } = body
  const head =
    length < 126
      ? Buffer.from([0x81, length])
      : length < 65_536
        ? Buffer.from([0x81, 126, length >> 8, length & 255])
        : Buffer.from([0x81, 127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255])
  return Buffer.concat([head, body])
}

function prepare(one, format) {
  const name = JSON.stringify([one, format])
  let chunks = made.get(name)
  if (chunks === undefined) {
    chunks = []
    let buffer = Buffer.allocUnsafeSlow(chunkBytes)
    let used = 0
    for (const text of frames(one, format, recon)) {
      const frame = frameOf(text)
      if (used + frame.length > buffer.length) {
        chunks.push(buffer.subarray(0, used))
        buffer = Buffer.allocUnsafeSlow(Math.max(chunkBytes, frame.length))
        used = 0
      }
      used += frame.copy(buffer, used)
    }
    chunks.push(buffer.subarray(0, used))
    made.set(name, chunks)
  }
  return chunks
}

const about = (tag, lane) => `@${tag}(node:${JSON.stringify(node)},lane:${lane})`
const end = frameOf(`${about('event', 'end')} 1`)

/** What one client asked for, and what it is sent. */
class Peer {
  #socket
  #one
  #format
  #left
  #bytes = 0
  #commands = 0
  #linked = new Set()

  constructor(socket, { one, format }) {
    this.#socket = socket
    this.#one = one
    this.#format = format
    // The lanes, and the lane that says the end.
    this.#left = (one.lanes ?? 1) + 1
  }

  received(text) {
    const [, tag, lane, body] = /^@(\w+)\(.*?lane:"?([\w-]+)"?.*?\) ?([^]*)/.exec(text) ?? []
    if (tag === undefined) return this.#control(text)
    if (tag === 'command') return lane === 'control' ? this.#control(body) : this.#command(text, lane, body)
    const { mode = 'live' } = this.#one
    if (tag === 'link' || !this.#linked.has(lane)) this.#say(about('linked', lane))
    this.#linked.add(lane)
    if (mode === 'value') this.#say(`${about('event', lane)} 1`)
    if (mode === 'sync' && tag === 'sync') this.#blast(this.#one)
    if (tag === 'sync') this.#say(about('synced', lane))
    if (mode === 'live' && --this.#left === 0) this.#blast(this.#one, end)
  }

  /** What a bench asks of it beside the protocol. */
  #control(text) {
    if (text === 'go') this.#blast(this.#one, end)
    else if (text[0] === '{') this.#json(text)
    else if (text === 'updates') this.#blast({ ...this.#one, ...this.#one.updates }, end)
    else if (text === 'resync') this.#say(`${about('event', 'elevators')}@drop(0)`)
    else if (text === 'stats') this.#say(this.#answer())
    else if (text === 'sleep') {
      this.#socket.pause()
      setTimeout(() => this.#socket.resume(), 1000)
    }
  }

  /** What a bare client says: that it wants a lane, or that an entry is set, which is answered where it asks for that by an id. */
  #json(text) {
    const { sync, id } = JSON.parse(text)
    if (sync === undefined) {
      this.#bytes += text.length
      this.#commands++
      if (id !== undefined) this.#say(JSON.stringify({ id }))
      return
    }
    this.#say(JSON.stringify({ node, lane: sync, value: 1 }))
    this.#say(JSON.stringify({ node, lane: sync }))
  }

  #answer() {
    const stats = { bytes: this.#bytes, commands: this.#commands }
    return this.#format === 'json' ? JSON.stringify(stats) : `${about('event', 'end')}${recon.stringify(stats)}`
  }

  #say(text) {
    this.#socket.write(frameOf(text))
  }

  #blast(one, last) {
    this.#socket.cork()
    for (const chunk of prepare(one, this.#format)) this.#socket.write(chunk)
    if (last && this.#format === 'recon') this.#socket.write(last)
    this.#socket.uncork()
  }

  #command(text, lane, body) {
    this.#bytes += text.length
    this.#commands++
    const [, cut, count] = /^@(drop|take)\((\d+)\)/.exec(body) ?? []
    if (cut !== undefined) {
      const { count: all, from = 0 } = this.#one
      const left = cut === 'take' ? { count: +count } : { count: all - count, from: from + Number(count) }
      this.#one = { ...this.#one, ...left }
    }
    if (cut !== undefined || this.#one.echoes) this.#say(about('event', lane) + (body[0] === '@' ? body : ` ${body}`))
  }
}

/** Splits a client's stream into its texts: masked, unfragmented, which is all that clients send. */
function reader(take) {
  let rest = Buffer.alloc(0)
  return data => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data])
    let at = 0
    for (;;) {
      if (rest.length - at < 2) break
      let length = rest[at + 1] & 127
      let head = 6
      if (length === 126) {
        if (rest.length - at < 4) break
        length = rest.readUInt16BE(at + 2)
        head = 8
      } else if (length === 127) {
        if (rest.length - at < 10) break
        length = Number(rest.readBigUInt64BE(at + 2))
        head = 14
      }
      if (rest.length - at < head + length) break
      const body = Buffer.from(rest.subarray(at + head, at + head + length))
      const mask = rest.subarray(at + head - 4, at + head)
      for (let i = 0; i < length; i++) body[i] ^= mask[i & 3]
      take(rest[at] & 15, body)
      at += head + length
    }
    rest = rest.subarray(at)
  }
}

const server = createServer(socket => {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  let upgrade = ''
  const open = data => {
    upgrade += data.toString('latin1')
    const ends = upgrade.indexOf('\r\n\r\n')
    if (ends < 0) return
    socket.off('data', open)
    const [, path] = /^GET (\S+)/.exec(upgrade)
    const key = /^sec-websocket-key: *(\S+)/im.exec(upgrade)[1]
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    const peer = new Peer(socket, JSON.parse(decodeURIComponent(path.slice(1))))
    const read = reader((opcode, body) => {
      if (opcode === 8) socket.end(Buffer.from([0x88, 2, 0x03, 0xe8]))
      else if (opcode === 1) peer.received(body.toString())
    })
    socket.on('data', read)
    const first = Buffer.from(upgrade.slice(ends + 4), 'latin1')
    if (first.length > 0) read(first)
  }
  socket.on('data', open)
})

process.on('message', ({ cases, formats }) => {
  // Not all at once: a million prepared frames are 200 MB.
  made.clear()
  for (const one of cases) for (const format of formats) prepare(one, format)
  process.send('made')
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
