// A TCP proxy that counts what a host sends: bytes on the wire, and frames of WebSockets.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Counts the frames of one socket in what it is given, cut anywhere. The HTTP answer comes first. */
function frameCounter() {
  let isHttp = true
  let head = Buffer.alloc(0)
  let left = 0
  return chunk => {
    let frames = 0
    let data = chunk
    while (data.length > 0) {
      if (left > 0) {
        const body = Math.min(left, data.length)
        left -= body
        data = data.subarray(body)
        continue
      }
      head = Buffer.concat([head, data])
      if (isHttp) {
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return frames
        isHttp = false
        data = head.subarray(end + 4)
        head = Buffer.alloc(0)
        continue
      }
      const short = head.length < 2 ? 0 : head[1] & 127
      const size = short < 126 ? 2 : short === 126 ? 4 : 10
      if (head.length < size) return frames
      left = short < 126 ? short : short === 126 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2))
      frames++
      data = head.subarray(size)
      head = Buffer.alloc(0)
    }
    return frames
  }
}

/** Starts one before a host. `sent()` says what that has sent so far. */
export async function countingProxy(hostUri) {
  const { port, hostname } = new URL(hostUri.replace('warp', 'ws'))
  const sent = { bytes: 0, frames: 0 }
  const open = new Set()
  const server = createServer(client => {
    const host = connect(Number(port), hostname)
    const count = frameCounter()
    host.on('data', data => {
      sent.bytes += data.length
      sent.frames += count(data)
    })
    for (const socket of [client, host]) {
      open.add(socket)
      socket.setNoDelay(true).on('error', () => {})
      socket.on('close', () => [client, host].forEach(each => each.destroy()))
    }
    client.pipe(host).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    uri: `warp://127.0.0.1:${server.address().port}`,
    sent: () => ({ ...sent }),
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
