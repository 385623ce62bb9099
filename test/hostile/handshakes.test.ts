// Answers to a handshake of all sorts, as bytes. The client says what is wrong, tries again, and is there once a host is.
import { describe, expect, test } from 'vitest'
import { TransportError } from '../../src/index.js'
import { frame } from '../support/raw-host.js'
import { ByteWorld } from './support/byte-world.js'
import { answerBy, goodLines, type Answer } from '../support/handshake.js'

const html = '<!doctype html><title>Welcome</title><h1>It works</h1>'
const page = (status: string, ...headers: string[]) =>
  [`HTTP/1.1 ${status}`, 'Content-Type: text/html', `Content-Length: ${html.length}`, ...headers, '', html].join('\r\n')

const good =
  (...others: string[]): Answer =>
  key =>
    goodLines(key, ...others)
const says =
  (text: string | Buffer): Answer =>
  () =>
    text
const ends =
  (text: string): Answer =>
  (_, end) =>
    void end.end(text)

/** No host is behind any of these. */
const wrong: Readonly<Record<string, Answer>> = {
  'a page': says(page('200 OK')),
  'a page that is not there': says(page('404 Not Found')),
  'a redirect': says(page('302 Found', 'Location: ws://elsewhere/')),
  'a redirect to itself': says(page('308 Permanent Redirect', 'Location: ws://host/')),
  'a redirect to nowhere': says(page('301 Moved Permanently')),
  'a login page': says(page('401 Unauthorized', 'WWW-Authenticate: Basic')),
  'a refusal': says(page('403 Forbidden')),
  'a fault of the server': says(page('500 Internal Server Error')),
  'a gateway without a server': says(page('502 Bad Gateway')),
  'a status that is none': says('HTTP/1.1 999 What\r\n\r\n'),
  'a status of four digits': says('HTTP/1.1 1010 What\r\n\r\n'),
  'another upgrade': good('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c'),
  'no word of an upgrade': good('Upgrade:'),
  'no word of a connection': good('Connection:'),
  'no accept': good('Sec-WebSocket-Accept:'),
  'the accept of another': good('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='),
  'an accept that is none': good('Sec-WebSocket-Accept: \u00e9'),
  'two accepts': good('Sec-WebSocket-Accept: a', 'Sec-WebSocket-Accept: b'),
  'a subprotocol that nobody offered': good('Sec-WebSocket-Protocol: mqtt'),
  'a subprotocol without a name': good('Sec-WebSocket-Protocol: ,'),
  'a compression that nobody offered': good('Sec-WebSocket-Extensions: permessage-deflate'),
  'an extension that nobody knows': good('Sec-WebSocket-Extensions: x; y=z'),
  'nothing, and an end': ends(''),
  'half a status, and an end': ends('HTTP/1.1 1'),
  'half its headers, and an end': ends('HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso'),
  'a reset': (_, end) => void end.destroy(),
  'what is no HTTP': says('220 mail.example.com ESMTP\r\n'),
  'the first bytes of TLS': says(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])),
  'the first bytes of HTTP/2': says(Buffer.from([0, 0, 18, 4, 0, 0, 0, 0, 0])),
  'a header that never ends': says('HTTP/1.1 101 Switching Protocols\r\nX: ' + 'x'.repeat(100_000)),
  'headers that never end': says('HTTP/1.1 101 Switching Protocols\r\n' + 'X: x\r\n'.repeat(20_000)),
  'a header with a NUL': good('X: a\u0000b'),
  'lengths at odds': says('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'),
  silence: () => undefined,
}

const frames = ['@linked', '@event@update(key:a) 1', '@synced'].map(text =>
  frame(
    0x81,
    text.replace(/^@\w+/, tag => `${tag}(node:"/n",lane:map)`),
  ),
)

/** Behind each of these is a host. */
const odd: Readonly<Record<string, Answer>> = {
  'in letters of another case': key => goodLines(key, 'upgrade: WebSocket', 'CONNECTION: upgrade'),
  'with headers that nobody asked for': good('Set-Cookie: a=b', 'X-Powered-By: x', 'Content-Length: 0'),
  'behind an answer that says to go on': key => 'HTTP/1.1 100 Continue\r\n\r\n' + goodLines(key),
  'a byte at a time': (key, end) => {
    for (const letter of goodLines(key)) end.write(letter)
    return undefined
  },
  'a byte in each turn': (key, end) => {
    const letters = [...goodLines(key)]
    const next = () => {
      if (end.destroyed || letters.length === 0) return
      end.write(letters.shift())
      setImmediate(next)
    }
    next()
    return undefined
  },
}

function meet(answer: Answer, { then = answer, after = 3, before = Buffer.alloc(0) } = {}) {
  const world: ByteWorld = new ByteWorld({
    define: node => void node.mapLane<string, number>('map').set('a', 1),
    options: { connectTimeoutMs: 1000 },
    take: (end, count) => {
      if (count > after) return false
      let isSaid = false
      answerBy(
        end,
        (key, end) => {
          const given = (count === 1 ? answer : then)(key, end)
          if (before.length === 0 || given === undefined) return given
          isSaid = true
          return Buffer.concat([Buffer.from(given), before])
        },
        (_, end) => {
          if (!isSaid) frames.forEach(bytes => end.write(bytes))
          isSaid = true
        },
      )
      return true
    },
  })
  const map = world.client.downlinkMap<string, number>({ nodeUri: '/n', laneUri: 'map' }).open()
  return { world, map }
}

describe('a handshake that is answered by', () => {
  test.each(Object.entries(wrong))(
    '%s fails, is reported, and is tried again until there is a host',
    async (_, answer) => {
      const { world, map } = meet(answer)
      await world.until(() => map.synced, 'it has found its host')
      expect([...map]).toEqual([['a', 1]])
      expect(world.pairs).toHaveLength(4)
      // The first time it may be the subprotocol alone.
      expect(world.errors.length).toBeGreaterThanOrEqual(1)
      expect(world.errors.length).toBeLessThanOrEqual(3)
      for (const error of world.errors) {
        expect(error).toBeInstanceOf(TransportError)
        expect(error.message).toContain('warp://host')
        expect(error.message.length).toBeLessThan(700)
      }
      await world.close()
      expect(world.clock.pendingTimers).toBe(0)
    },
  )

  test('a header that comes by a byte a second, without end, fails in time', async () => {
    const drip: Answer = (_, end) => {
      const next = () => {
        if (end.destroyed) return
        end.write('x')
        world.clock.timer(next, 1000)
      }
      next()
      return 'HTTP/1.1 101 Switching Protocols\r\nX: '
    }
    const { world, map } = meet(drip)
    await world.until(() => map.synced, 'it has found its host')
    // Each got the second that connecting may take, and a tenth between two.
    expect(world.clock.now()).toBeLessThan(5000)
    expect(world.errors[0]).toBeInstanceOf(TransportError)
    await world.close()
  })

  test.each(Object.entries(odd))('a host, %s, opens', async (_, answer) => {
    const { world, map } = meet(answer)
    await world.until(() => map.synced, 'it is open')
    expect([[...map], world.pairs.length, world.errors]).toEqual([[['a', 1]], 1, []])
    await world.close()
  })

  test('a host that has said all of its state behind it, in one piece', async () => {
    const { world, map } = meet(good(), { before: Buffer.concat(frames) })
    await world.until(() => map.synced, 'it is synced')
    // What came before anybody asked was for nobody; it is asked for anew.
    expect([...map]).toEqual([['a', 1]])
    expect(world.errors.filter(error => error.code !== 'timeout')).toEqual([])
    await world.close()
  })

  test('a refusal with a time to wait is not tried again before', async () => {
    const { world, map } = meet(says(page('503 Service Unavailable', 'Retry-After: 30')), { after: 1 })
    await world.until(() => map.synced, 'it has found its host')
    expect(world.clock.now()).toBeGreaterThanOrEqual(30_000)
    expect(world.pairs).toHaveLength(2)
    await world.close()
  })
})
