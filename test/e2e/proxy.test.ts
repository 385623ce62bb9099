// The proxy of the interop tests, tried on a plain echo server.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProxy, type TcpProxy } from '../interop/proxy.js'

let echo: Server
let atHost: Socket[]
let proxy: TcpProxy
let clients: Socket[]

beforeEach(async () => {
  atHost = []
  clients = []
  echo = createServer(socket => {
    atHost.push(socket)
    socket.on('error', () => undefined).on('data', chunk => socket.write(chunk))
  })
  await new Promise<void>(ready => echo.listen(0, '127.0.0.1', () => ready()))
  proxy = await startProxy({ target: (echo.address() as AddressInfo).port })
})

afterEach(async () => {
  for (const socket of [...clients, ...atHost]) socket.destroy()
  await proxy.close()
  await new Promise<void>(done => echo.close(() => done()))
})

interface Client {
  socket: Socket
  heard(): string
  chunks: string[]
  /** How it ended: `end` for a FIN, an error code for a RST. */
  ended: Promise<string>
  hears(text: string): Promise<void>
}

async function client(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  clients.push(socket)
  const chunks: string[] = []
  socket.on('data', chunk => chunks.push(String(chunk)))
  const ended = new Promise<string>(settle => {
    socket.once('end', () => settle('end'))
    socket.once('error', (problem: NodeJS.ErrnoException) => settle(problem.code ?? problem.message))
  })
  await new Promise<void>((open, fail) => socket.once('connect', open).once('error', fail))
  return {
    socket,
    chunks,
    ended,
    heard: () => chunks.join(''),
    hears: text => until(() => chunks.join('').includes(text)),
  }
}

async function until(met: () => boolean, withinMs = 3_000): Promise<void> {
  const start = performance.now()
  while (!met()) {
    if (performance.now() - start > withinMs) throw new Error('not met in time')
    await new Promise(soon => setTimeout(soon, 2))
  }
}

const aWhile = (ms = 60): Promise<void> => new Promise(done => setTimeout(done, ms))

describe('the TCP proxy', () => {
  test('passes bytes both ways and counts them', async () => {
    const one = await client()
    one.socket.write('hello')
    await one.hears('hello')
    expect(proxy.stats).toEqual({ accepted: 1, refused: 0, open: 1, bytesUp: 5, bytesDown: 5 })
    one.socket.end()
    await one.ended
    await until(() => proxy.stats.open === 0)
  })

  test('cut ends both sides with a FIN', async () => {
    const one = await client()
    one.socket.write('a')
    await one.hears('a')
    const hostEnded = new Promise<string>(settle => atHost[0]?.once('end', () => settle('end')))
    proxy.cut()
    expect(await one.ended).toBe('end')
    expect(await hostEnded).toBe('end')
    expect(proxy.stats.open).toBe(0)
  })

  test('reset ends both sides with a RST', async () => {
    const one = await client()
    one.socket.write('a')
    await one.hears('a')
    const hostEnded = new Promise<string | undefined>(settle =>
      atHost[0]?.once('error', (problem: NodeJS.ErrnoException) => settle(problem.code)),
    )
    proxy.reset()
    expect(await one.ended).toBe('ECONNRESET')
    expect(await hostEnded).toBe('ECONNRESET')
  })

  test('a stall holds everything without a word, and resume lets it pass in order', async () => {
    const one = await client()
    one.socket.write('a')
    await one.hears('a')
    proxy.stall()
    one.socket.write('b')
    one.socket.write('c')
    const late = await client()
    late.socket.write('z')
    await aWhile()
    expect(one.heard()).toBe('a')
    expect(late.heard()).toBe('')
    proxy.resume()
    await one.hears('bc')
    await late.hears('z')
    expect(one.heard()).toBe('abc')
  })

  test('a stall one way lets the other pass', async () => {
    const one = await client()
    one.socket.write('a')
    await one.hears('a')
    proxy.stall('up')
    atHost[0]?.write('from the host')
    one.socket.write('b')
    await one.hears('from the host')
    await aWhile()
    expect(proxy.stats.bytesUp).toBe(1)
    proxy.resume()
    await one.hears('b')
  })

  test('a black hole swallows for good', async () => {
    const one = await client()
    proxy.blackhole(true, 'up')
    one.socket.write('lost')
    await aWhile()
    proxy.resume()
    one.socket.write('kept')
    await one.hears('kept')
    expect(one.heard()).toBe('kept')
  })

  test('a delay holds each chunk and keeps the order when it ends', async () => {
    const one = await client()
    one.socket.write('0')
    await one.hears('0')
    proxy.delay(80)
    const start = performance.now()
    one.socket.write('1')
    await until(() => proxy.stats.bytesUp === 2)
    const held = performance.now() - start
    proxy.delay(0)
    one.socket.write('2')
    await one.hears('12')
    expect(held).toBeGreaterThan(70)
  })

  test('refuses new connections and leaves the open ones alone', async () => {
    const one = await client()
    proxy.refuse(true)
    const two = connect({ port: proxy.port, host: '127.0.0.1' })
    clients.push(two)
    const end = await new Promise<string>(settle =>
      two
        .once('error', (problem: NodeJS.ErrnoException) => settle(problem.code ?? ''))
        .once('end', () => settle('end')),
    )
    expect(end).toBe('ECONNRESET')
    one.socket.write('still')
    await one.hears('still')
    expect(proxy.stats.refused).toBe(1)
    proxy.refuse(false)
    const three = await client()
    three.socket.write('again')
    await three.hears('again')
  })

  test('cuts in the middle of a chunk after so many bytes, to the byte', async () => {
    const one = await client()
    proxy.cutAfter(3, 'down')
    one.socket.write('abcdef')
    expect(await one.ended).toBe('end')
    expect(one.heard()).toBe('abc')
    const two = await client()
    two.socket.write('the budget is spent')
    await two.hears('the budget is spent')
  })

  test('resets after so many bytes where asked to', async () => {
    const one = await client()
    proxy.cutAfter(3, 'up', 'reset')
    one.socket.write('abcdef')
    expect(await one.ended).toBe('ECONNRESET')
    expect(proxy.stats.bytesUp).toBeLessThanOrEqual(3)
  })

  test('slices into small writes without loss', async () => {
    const one = await client()
    proxy.slice(2)
    const text = 'x'.repeat(1001)
    one.socket.write(text)
    await until(() => one.heard().length === text.length)
    expect(one.heard()).toBe(text)
  })

  test('passes megabytes through a slow reader with bounded memory', async () => {
    const one = await client()
    const chunk = Buffer.alloc(1 << 20, 'm')
    one.socket.pause()
    for (let n = 0; n < 8; n++) one.socket.write(chunk)
    await aWhile()
    one.socket.resume()
    await until(() => one.heard().length === 8 << 20, 10_000)
    expect(proxy.stats.bytesDown).toBe(8 << 20)
  })

  test('a host that is not there ends the client', async () => {
    const nobody = createServer()
    await new Promise<void>(ready => nobody.listen(0, '127.0.0.1', () => ready()))
    const free = (nobody.address() as AddressInfo).port
    await new Promise<void>(done => nobody.close(() => done()))
    proxy.retarget(free)
    const one = await client()
    expect(await one.ended).toMatch(/end|ECONNRESET/)
  })

  test('a target it cannot read is refused with a sentence', async () => {
    await expect(startProxy({ target: 'somewhere' })).rejects.toThrow(/warp:\/\/HOST:PORT/)
  })
})
