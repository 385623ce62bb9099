// A host written from docs/PROTOCOL.md#a-host-of-your-own alone, and what comes of each duty that such a host leaves out.
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../src/index.js'

type Duty = 'answer @link each time' | 'end a sync' | 'echo to the writer' | 'answer @auth' | 'answer @unlink'

/** The end of what begins at a bracket, texts in quotes left out. */
function closing(text: string, open: number): number {
  let depth = 0
  let isQuoted = false
  for (let at = open; at < text.length; at++) {
    const letter = text[at]!
    if (letter === '\\' && isQuoted) at++
    else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && '({'.includes(letter)) depth++
    else if (!isQuoted && ')}'.includes(letter) && --depth === 0) return at
  }
  return -1
}

/** The text of a slot, without the quotes of a text. */
const slot = (head: string, name: string) =>
  new RegExp(`[(,]${name}:(?:"((?:[^"\\\\]|\\\\.)*)"|([^,)"]+))`).exec(head)?.slice(1).find(Boolean) ?? ''

/** `@tag(slots)body`, cut in three. */
function cut(text: string) {
  const open = text.indexOf('(')
  const tag = /^@(\w+)/.exec(text)?.[1] ?? ''
  const end = text[tag.length + 1] === '(' ? closing(text, open) + 1 : tag.length + 1
  return { tag, head: text.slice(0, end), body: text.slice(end).trim() }
}

/** A host with one map lane, which keeps keys and values as texts. */
async function listen(entries: Map<string, string>, omitted?: Duty, port = 0) {
  const own = '(node:"/unit/1",lane:map)'
  const linked = new Set<WebSocket>()
  const frames: string[] = []
  const server = new WebSocketServer({ port, host: '127.0.0.1' })
  const answer = (socket: WebSocket, text: string) => {
    const { tag, head, body } = cut(text)
    if (tag === 'auth') return omitted === 'answer @auth' || socket.send('@authed')
    const address = `(node:"${slot(head, 'node')}",lane:${slot(head, 'lane')})`
    const isAsked = tag === 'link' || tag === 'sync'
    if (address !== own) return isAsked && socket.send(`@unlinked${address}@nodeNotFound`)
    if (isAsked) {
      const isNew = !linked.has(socket)
      if (isNew || (tag === 'link' && omitted !== 'answer @link each time')) socket.send(`@linked${own}`)
      linked.add(socket)
      if (tag === 'link') return
      for (const [key, value] of entries) socket.send(`@event${own}@update(key:${key}) ${value}`)
      if (omitted !== 'end a sync') socket.send(`@synced${own}`)
    } else if (tag === 'unlink') {
      if (linked.delete(socket) && omitted !== 'answer @unlink') socket.send(`@unlinked${own}`)
    } else if (tag === 'command') {
      const write = cut(body)
      const key = write.head.slice(write.head.indexOf(':') + 1, -1)
      if (write.tag === 'update') entries.set(key, write.body)
      else if (write.tag === 'remove') entries.delete(key)
      else if (write.tag === 'clear') entries.clear()
      else return
      for (const each of linked)
        if (each !== socket || omitted !== 'echo to the writer') each.send(`@event${own}${body}`)
    }
  }
  server.on('connection', socket => {
    socket.on('close', () => linked.delete(socket))
    socket.on('message', data => {
      frames.push(String(data))
      answer(socket, String(data))
    })
  })
  await new Promise(done => server.once('listening', done))
  const stop = () => {
    for (const socket of server.clients) socket.terminate()
    return new Promise(done => server.close(done))
  }
  stops.push(stop)
  return { port: (server.address() as AddressInfo).port, frames, stop }
}

const stops: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all(stops.splice(0).map(stop => stop())))

function open(port: number, options: SwimClientOptions = {}) {
  const errors: SwimError[] = []
  const sockets = { up: 0 }
  const client = new SwimClient({ reconnectMinMs: 20, onError: () => {}, ...options })
  client.on('connect', () => sockets.up++)
  const address = { hostUri: `warp://127.0.0.1:${port}`, nodeUri: '/unit/1', laneUri: 'map' }
  const map = client.downlinkMap({ ...address, didFail: error => errors.push(error) }).open()
  onTestFinished(() => client.close())
  return { map, errors, sockets, client }
}

test('a map links to it, writes to it, and is the lane again after the host came back with other entries', async () => {
  const entries = new Map([['a', '1']])
  const host = await listen(entries)
  const { map } = open(host.port)
  await map.whenSynced()
  expect([...map]).toEqual([['a', 1]])
  expect(await map.put('b c', { x: 'é "q"' })).toBe('taken')
  expect(await map.remove('a')).toBe('taken')

  await host.stop()
  map.set('offline', true)
  await listen(new Map([...entries, ['late', '2']]), undefined, host.port)
  await expect.poll(() => [map.status.state, map.pending.size]).toEqual(['synced', 0])
  expect(new Map(map)).toEqual(
    new Map<unknown, unknown>([
      ['b c', { x: 'é "q"' }],
      ['late', 2],
      ['offline', true],
    ]),
  )
})

describe('a host that does not', () => {
  test('answer @link each time loses each socket on which nothing happens', async () => {
    const host = await listen(new Map(), 'answer @link each time')
    const { map, sockets } = open(host.port, { heartbeatMs: 20, heartbeatTimeoutMs: 20 })
    await map.whenSynced()
    await expect.poll(() => sockets.up).toBeGreaterThan(1)
  })

  test('end a sync has maps that are never synced', async () => {
    const host = await listen(new Map([['a', '1']]), 'end a sync')
    const { map, errors } = open(host.port, { requestTimeoutMs: 50 })
    await expect.poll(() => errors.map(({ code }) => code)).toContain('timeout')
    expect(map.status.state).not.toBe('synced')
  })

  test('echo to the writer costs a sync of the whole lane for a write', async () => {
    const host = await listen(new Map(), 'echo to the writer')
    const { map } = open(host.port, { echoTimeoutMs: 20 })
    await map.whenSynced()
    expect(await map.put('a', 1)).toBe('taken')
    expect(host.frames.filter(frame => frame.startsWith('@sync'))).toHaveLength(2)
  })

  test('answer @auth has links wait for authTimeoutMs', async () => {
    const host = await listen(new Map(), 'answer @auth')
    const credentials = { [`warp://127.0.0.1:${host.port}`]: { token: 'a' } }
    const { map } = open(host.port, { credentials, authTimeoutMs: 20 })
    await map.whenSynced()
    expect(host.frames.map(frame => cut(frame).tag)).toEqual(['auth', 'sync'])
  })

  test('answer @unlink is not noticed', async () => {
    const host = await listen(new Map([['a', '1']]), 'answer @unlink')
    const { map, client } = open(host.port, { unlinkDelayMs: 0, idleTimeoutMs: 10_000 })
    await map.whenSynced()
    map.close()
    await expect.poll(() => host.frames.map(frame => cut(frame).tag)).toContain('unlink')
    const address = { hostUri: `warp://127.0.0.1:${host.port}`, nodeUri: '/unit/1', laneUri: 'map' }
    const again = client.downlinkMap(address).open()
    await again.whenSynced()
    expect([...again]).toEqual([['a', 1]])
  })
})
