// Hosts that break the rules of WebSockets, and networks that cut them, before Chromium's own WebSocket: a page comes through, and is
// what its lane is once there is a host. The same for Node: test/hostile.
// @module-tag full
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MapDownlink } from '../../src/index.js'
import { startProxy, type TcpProxy } from '../interop/proxy.js'
import { answerBy, goodLines, type Answer } from '../support/handshake.js'
import { frame } from '../support/raw-host.js'
import { withLinked, type WithLinked } from './support/with-linked.js'

declare const map: MapDownlink<string, unknown>
declare const entries: () => Record<string, unknown>

let host: WithLinked['host']
let open: WithLinked['open']
let hostile: Server
let proxy: TcpProxy
const sockets = new Set<Socket>()

/** How the hostile host answers handshakes, and what it says to what comes then. */
let answer: Answer
let say: (end: Duplex) => void
let asked = 0

beforeEach(async () => {
  asked = 0
  hostile = createServer(socket => {
    sockets.add(socket)
    let isAsked = false
    const more = (_: Buffer, end: Duplex) => {
      if (!isAsked) say(end)
      isAsked = true
    }
    answerBy(
      socket,
      (key, end) => {
        asked++
        return answer(key, end)
      },
      more,
    )
  })
  await new Promise<void>(ready => hostile.listen(0, '127.0.0.1', ready))
  proxy = await startProxy({ target: (hostile.address() as AddressInfo).port })
})

afterEach(async () => {
  await proxy.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await new Promise<void>(done => hostile.close(() => done()))
})

// Begun last, so that pages are closed before what they are linked to.
withLinked({}, given => {
  ;({ host, open } = given)
  host.rows.set('a', 1)
})

const address = '(node:"/n",lane:rows)'
const text = (body: string) => frame(0x81, body)
const state = [`@linked${address}`, `@event${address}@update(key:old) 1`, `@synced${address}`].map(text)

const good: Answer = key => goodLines(key)
const silent = () => {}

const cases: Readonly<Record<string, readonly [Answer, (end: Duplex) => void]>> = {
  'a page in place of a handshake': [() => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', silent],
  'a redirect': [() => 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n', silent],
  'the accept of another': [key => goodLines(key, 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='), silent],
  'a subprotocol that nobody offered': [key => goodLines(key, 'Sec-WebSocket-Protocol: mqtt'), silent],
  'half a handshake': [(_, end) => void end.end('HTTP/1.1 101 Switching Proto'), silent],
  'a compression that nobody agreed on': [good, end => void end.write(frame(0xc1, 'x'))],
  'a mask': [good, end => void end.write(Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]))],
  'an unknown opcode': [good, end => void end.write(Buffer.concat([...state, frame(0x83, 'x')]))],
  'text that is no UTF-8': [good, end => void end.write(Buffer.concat([...state, frame(0x81, Buffer.from([0xff]))]))],
  'a close with a code that is none': [
    good,
    end => void end.end(Buffer.concat([...state, frame(0x88, Buffer.from([3, 231]))])),
  ],
  'a close with a code of its own': [
    good,
    end => void end.end(Buffer.concat([...state, frame(0x88, Buffer.from([15, 160]))])),
  ],
  'half a frame, and a reset': [
    good,
    end => {
      end.write(Buffer.concat([...state, text('@event(node:"/n",lane:rows)@update(key:b) 2').subarray(0, 20)]))
      setTimeout(() => (end as Socket).resetAndDestroy(), 20)
    },
  ],
}

/** Opens a page to the hostile host; once that has had its say twice, there is a good one in its place. */
async function meet() {
  const opened = await open({ reconnectMinMs: 20, reconnectMaxMs: 50, requestTimeoutMs: 500 }, proxy.uri)
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
  proxy.retarget(Number(new URL(host.uri.replace('warp', 'http')).port))
  proxy.reset()
  const { page } = opened
  await expect.poll(() => page.evaluate(() => JSON.stringify([map.status.state, entries()]))).toBe('["synced",{"a":1}]')
  return opened
}

describe('a page whose host begins with', () => {
  it.each(Object.entries(cases))('%s is its lane once there is a host', async (_, [answered, said]) => {
    answer = answered
    say = said
    const { page, faults } = await meet()
    expect(await page.evaluate(() => map.put('mine', 2))).toBe('taken')
    expect(Object.fromEntries(host.rows)).toEqual({ a: 1, mine: 2 })
    // Chromium says in its console that a socket failed; nothing was thrown.
    expect(faults.filter(fault => !fault.includes('WebSocket'))).toEqual([])
  })

  it('messages of bytes refuses each, and keeps its socket', async () => {
    answer = good
    say = end => void end.write(Buffer.concat([frame(0x82, 'x'), ...state, frame(0x82), frame(0x82, 'y')]))
    const { page, faults } = await open({}, proxy.uri)
    await page.waitForFunction(() => map.get('old') === 1)
    expect(asked).toBe(1)
    expect(faults).toEqual([])
  })
})
