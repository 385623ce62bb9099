// The embedded host on real sockets: what it says to bare frames, what our client makes of it, what it serves over HTTP.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { refuse, WarpHost, type WarpHostOptions } from '../../src/host/index.js'
import { SwimClient } from '../../src/index.js'
import { Attr, Record, Slot } from '../../src/recon/index.js'
import { RawClient } from '../support/raw-client.js'

const cleanups: (() => unknown)[] = []
const errors: string[] = []

beforeEach(() => void errors.splice(0))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: WarpHostOptions = {}) {
  const host = new WarpHost({ onError: (error, where) => errors.push(`${where}: ${String(error)}`), ...options })
  host.node('/unit/:id', node => {
    node.mapLane('map')
    const cart = node.mapLane<string, number>('cart', {
      willUpdate: (_, count) => (count < 0 ? refuse : Math.min(count, 100)),
      didUpdate: (item, count, old) => log.emit(`${node.params['id']} ${item}: ${old ?? 'none'} to ${count}`),
      didRemove: item => log.emit(`${item} gone`),
      didClear: () => log.emit('cleared'),
    })
    const log = node.supplyLane<string>('log')
    node.valueLane('value', { initial: 1 })
    node.mapLane('counts', { keySchema: z.string(), valueSchema: z.int() })
    node.valueLane('count', { schema: z.int(), initial: 1 })
    node.commandLane('add', { schema: z.int(), onCommand: count => log.emit(`added ${count}`) })
    node.mapLane('secret', { canRead: session => session.identity !== undefined })
    node.commandLane<string>('addItem', { onCommand: item => cart.set(item, (cart.get(item) ?? 0) + 1) })
    node.commandLane('whoami', { onCommand: (_, session) => log.emit(session?.url ?? 'code') })
    node.commandLane('fail', {
      onCommand: () => {
        throw new Error('asked to')
      },
    })
    const size = node.demandLane<number>('size', { onCue: () => cart.size })
    node.commandLane('cue', { onCommand: () => size.cue() })
  })
  cleanups.push(() => host.close())
  return { host, ...(await host.listen()) }
}

async function open(uri: string, ...rest: [object?, string[]?]) {
  const client = await RawClient.open(uri, ...rest)
  cleanups.push(() => client.socket.terminate())
  return client
}

const unit = (lane: string, id = '1') => `(node:"/unit/${id}",lane:${lane})`

describe('lanes', () => {
  test('a map lane is changed by clients and by code, and tells both', async () => {
    const { host, uri } = await start()
    const cart = host.nodeRef('/unit/1').lane('cart', 'map')
    const client = await open(uri)
    client.send(`@sync${unit('cart')}`, `@sync${unit('log')}`)
    expect(await client.take(4)).toEqual([
      `@linked${unit('cart')}`,
      `@linked${unit('log')}`,
      `@synced${unit('cart')}`,
      `@synced${unit('log')}`,
    ])
    client.send(`@command${unit('cart')}@update(key:apple)500`)
    expect(await client.take(2)).toEqual([
      `@event${unit('cart')}@update(key:apple) 100`,
      `@event${unit('log')}"1 apple: none to 100"`,
    ])
    client.send(`@command${unit('cart')}@update(key:apple)-1`)
    expect(await client.next()).toBe(`@event${unit('cart')}@update(key:apple) 100`)
    client.send(`@command${unit('cart')}@update(key:pear)-1`)
    expect(await client.next()).toBe(`@event${unit('cart')}@remove(key:pear)`)
    expect(cart.get('apple')).toBe(100)
    cart.set('pear', 3).delete('apple')
    expect([...cart]).toEqual([['pear', 3]])
    expect((await client.take(4)).sort()).toEqual([
      `@event${unit('cart')}@remove(key:apple)`,
      `@event${unit('cart')}@update(key:pear) 3`,
      `@event${unit('log')}"1 pear: none to 3"`,
      `@event${unit('log')}"apple gone"`,
    ])
    cart.clear()
    expect((await client.take(2)).sort()).toEqual([`@event${unit('cart')}@clear`, `@event${unit('log')} cleared`])
  })

  test('many changes of one key in one turn are one event', async () => {
    const { host, uri } = await start()
    const client = await open(uri)
    client.send(`@sync${unit('map')}`)
    await client.to('@synced')
    const map = host.nodeRef('/unit/1').lane('map', 'map')
    for (let i = 0; i < 1000; i++) map.set('k', i)
    map.set('gone', 1)
    map.delete('gone')
    expect(await client.rest()).toEqual([
      `@event${unit('map')}@update(key:k) 999`,
      `@event${unit('map')}@remove(key:gone)`,
    ])
  })

  test('drop and take are told whole to a client that is up to date, and key by key to one that is not', async () => {
    const { host, uri } = await start()
    const map = host.nodeRef('/unit/1').lane('map', 'map')
    for (const key of ['a', 'b', 'c', 'd']) map.set(key, 1)
    const client = await open(uri)
    client.send(`@sync${unit('map')}`)
    await client.to('@synced')
    map.drop(1)
    expect(await client.rest()).toEqual([`@event${unit('map')}@drop(1)`])
    map.set('b', 2)
    map.take(1)
    expect(await client.rest()).toEqual([
      `@event${unit('map')}@update(key:b) 2`,
      `@event${unit('map')}@remove(key:c)`,
      `@event${unit('map')}@remove(key:d)`,
    ])
    expect([...map.keys()]).toEqual(['b'])
  })

  test('a demand lane makes its value at a sync and when cued', async () => {
    const { host, uri } = await start()
    const client = await open(uri)
    client.send(`@sync${unit('size')}`)
    expect(await client.to('@synced')).toEqual([
      `@linked${unit('size')}`,
      `@event${unit('size')} 0`,
      `@synced${unit('size')}`,
    ])
    host.nodeRef('/unit/1').lane('cart', 'map').set('a', 1)
    client.send(`@command${unit('cue')}`)
    expect(await client.next()).toBe(`@event${unit('size')} 1`)
  })

  test('command lanes tell every command, in order, and a handler that throws stops nothing', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send(
      `@link${unit('fail')}`,
      `@command${unit('fail')} a`,
      `@command${unit('fail')} a`,
      `@command${unit('fail')} b`,
    )
    expect(await client.take(4)).toEqual([
      `@linked${unit('fail')}`,
      `@event${unit('fail')} a`,
      `@event${unit('fail')} a`,
      `@event${unit('fail')} b`,
    ])
    expect(errors).toEqual(Array(3).fill('onCommand of /unit/1 fail: Error: asked to'))
  })
})

test.each<[string, WarpHostOptions, string]>([
  ['without authentication', {}, '@linked'],
  ['with authentication nobody', { authenticate: () => true }, '@unlinked'],
  ['with authentication those who may', { authenticate: () => true, canReadMeta: () => true }, '@linked'],
  ['nobody where nobody may', { canReadMeta: () => false }, '@unlinked'],
])('what it says of itself is read %s', async (_, options, answer) => {
  const { uri } = await start(options)
  const client = await open(uri)
  client.send('@auth', '@command(node:"/unit/1",lane:value)2', '@sync(node:"swim:meta:host",lane:nodes)')
  const said = (await client.rest()).filter(frame => !frame.startsWith('@authed'))
  expect(said[0]).toMatch(answer)
  expect(said.some(frame => frame.includes('"/unit/1"'))).toBe(answer === '@linked')
})

test('what does not fit a schema is refused, and the client told what is there', async () => {
  const { uri } = await start()
  const client = await open(uri)
  for (const lane of ['counts', 'count', 'log']) client.send(`@link${unit(lane)}`)
  await client.take(3)
  client.send(`@command${unit('counts')}@update(key:a)1`)
  expect(await client.rest()).toEqual([`@event${unit('counts')}@update(key:a) 1`])
  client.send(`@command${unit('counts')}@update(key:a)1.5`, `@command${unit('counts')}@update(key:b)text`)
  client.send(`@command${unit('counts')}@update(key:1)1`, `@command${unit('counts')}@remove(key:2)`)
  expect(await client.rest()).toEqual([
    `@event${unit('counts')}@update(key:a) 1`,
    `@event${unit('counts')}@remove(key:b)`,
    `@event${unit('counts')}@remove(key:1)`,
    `@event${unit('counts')}@remove(key:2)`,
  ])
  client.send(`@command${unit('count')}text`, `@command${unit('add')}text`)
  expect(await client.rest()).toEqual([`@event${unit('count')} 1`])
  client.send(`@command${unit('count')}2`, `@command${unit('add')}2`)
  expect(await client.rest()).toEqual([`@event${unit('count')} 2`, `@event${unit('log')}"added 2"`])
  expect(errors).toEqual([])
})

test('a command knows who sent it', async () => {
  const { host, uri } = await start()
  const client = await open(`${uri}/?name=ada`)
  client.send(`@link${unit('log')}`, `@command${unit('whoami')}`)
  await client.next()
  expect(await client.next()).toBe(`@event${unit('log')}"/?name=ada"`)
  host.nodeRef('/unit/1').lane('whoami', 'command').emit(1)
  expect(await client.next()).toBe(`@event${unit('log')} code`)
})

describe('links', () => {
  test('every request is answered as SwimOS does', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send(`@link${unit('map')}`, `@sync${unit('map')}`, `@sync${unit('map')}`)
    expect(await client.take(3)).toEqual([`@linked${unit('map')}`, `@synced${unit('map')}`, `@synced${unit('map')}`])
    client.send(`@unlink${unit('map')}`, `@sync${unit('map')}`)
    expect(await client.take(3)).toEqual([`@unlinked${unit('map')}`, `@linked${unit('map')}`, `@synced${unit('map')}`])
    client.send(`@unlink${unit('map')}`, `@unlink${unit('map')}`, `@command${unit('map')}@update(key:a)1`)
    expect(await client.rest()).toEqual([`@unlinked${unit('map')}`])
  })

  test('nothing is told of a lane after its unlinked', async () => {
    const { host, uri } = await start()
    const client = await open(uri)
    client.send(`@sync${unit('map')}`, `@link${unit('addItem')}`)
    await client.take(3)
    client.socket.send(`@command${unit('map')}@update(key:a)1`)
    client.socket.send(`@command${unit('addItem')} a`)
    client.socket.send(`@unlink${unit('map')}`)
    client.socket.send(`@unlink${unit('addItem')}`)
    const frames = await client.rest()
    for (const lane of ['map', 'addItem']) {
      const own = frames.filter(frame => frame.includes(unit(lane)))
      expect(own.at(-1)).toBe(`@unlinked${unit(lane)}`)
    }
    host.nodeRef('/unit/1').lane('map', 'map').set('a', 2)
    expect(await client.rest()).toEqual([])
  })

  test('an unknown node or lane is answered each time it is asked for', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send(`@sync${unit('nope')}`, `@link${unit('nope')}`, '@sync(node:"/nowhere",lane:map)')
    client.send('@sync(node:"warp://host/unit/1",lane:map)')
    expect(await client.take(4)).toEqual([
      `@unlinked${unit('nope')}@laneNotFound`,
      `@unlinked${unit('nope')}@laneNotFound`,
      '@unlinked(node:"/nowhere",lane:map)@nodeNotFound',
      '@unlinked(node:"warp://host/unit/1",lane:map)@nodeNotFound',
    ])
  })

  test('priority, rate and body of the first request are echoed', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send('@link(node:"/unit/2",lane:map,prio:0.5,rate:2) body')
    client.send('@link(node:"/unit/2",lane:map,prio:1){x:1}')
    expect(await client.take(2)).toEqual(Array(2).fill('@linked(node:"/unit/2",lane:map,prio:0.5,rate:2) body'))
  })

  test('addresses are one however they are spelled, and answered as they were first spelled', async () => {
    const { host, uri } = await start()
    const client = await open(uri)
    client.send('@sync(node:"unit/%c3%A9",lane:map)', '@link(node:"/unit/./%C3%a9",lane:map)')
    expect(await client.take(3)).toEqual([
      '@linked(node:"unit/%c3%a9",lane:map)',
      '@linked(node:"unit/%c3%a9",lane:map)',
      '@synced(node:"unit/%c3%a9",lane:map)',
    ])
    host.nodeRef('/unit/é').lane('map', 'map').set('a', 1)
    expect(host.nodeRef('/unit/é').params).toEqual({ id: 'é' })
    expect(await client.next()).toBe('@event(node:"unit/%c3%a9",lane:map)@update(key:a) 1')
    client.send('@link(node:"/unit/é?x=1",lane:map)')
    expect(await client.next()).toBe('@linked(node:"/unit/%c3%a9?x=1",lane:map)')
    host.nodeRef('/unit/é').lane('map', 'map').set('b', 1)
    expect(await client.take(2)).toEqual([
      '@event(node:"unit/%c3%a9",lane:map)@update(key:b) 1',
      '@event(node:"/unit/%c3%a9?x=1",lane:map)@update(key:b) 1',
    ])
  })

  test('frames of hosts, and commands that mean nothing, are passed over', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send(`@link${unit('map')}`, `@event${unit('map')}@clear`, '@authed', `@command${unit('map')}@bogus(key:a)2`)
    client.send(`@command${unit('map')}5`, `@command${unit('map')}`, '@command(node:"/nowhere",lane:map)@clear')
    expect(await client.rest()).toEqual([`@linked${unit('map')}`])
  })
})

test('our own client links, writes, and sees the writes of others', async () => {
  const { host, uri } = await start()
  const client = new SwimClient({ hostUri: uri, nodeUri: '/unit/7' })
  cleanups.push(() => client.close())
  const cart = client.downlinkMap({ laneUri: 'cart' }).open()
  const value = client.downlinkValue({ laneUri: 'value' }).open()
  await Promise.all([cart.whenSynced(), value.whenSynced()])
  expect(value.get()).toBe(1)
  await cart.put('apple', 3)
  await client.command(uri, '/unit/7', 'addItem', 'apple')
  host.nodeRef('/unit/7').lane('value', 'value').set({ open: true })
  await expect.poll(() => cart.get('apple')).toBe(4)
  await expect.poll(() => value.get()).toEqual({ open: true })
  await cart.remove('apple')
  expect(host.nodeRef('/unit/7').lane('cart', 'map').size).toBe(0)
})

describe('over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-files-'))
  mkdirSync(join(folder, 'public', 'sub'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'public', 'index.html'), '<!doctype html>hello')
  writeFileSync(join(folder, 'public', '.env'), 'secret')
  writeFileSync(join(folder, 'public', 'sub', 'a b.js'), 'export {}')
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'public', 'out.txt'))
  const files = join(folder, 'public')

  /** A request whose path is sent as it is: fetch would mend it. */
  const get = (port: number, path: string, headers: { [name: string]: string } = {}, method = 'GET') =>
    new Promise<{ status: number; type: string | undefined; body: string }>((done, fail) => {
      request({ port, host: '127.0.0.1', path, headers, method, agent: false }, response => {
        let body = ''
        response.on('data', chunk => (body += String(chunk)))
        response.on('end', () => done({ status: response.statusCode!, type: response.headers['content-type'], body }))
      })
        .on('error', fail)
        .end()
    })

  afterAll(() => rmSync(folder, { recursive: true }))

  test('files of the folder are served, and nothing else', async () => {
    const { port, url } = await start({ files })
    expect(await get(port, '/')).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
      body: '<!doctype html>hello',
    })
    expect(await get(port, '/sub/a%20b.js?v=1')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' })
    const etag = (await fetch(url)).headers.get('etag')!
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/sub/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/.env',
      '/sub',
      '/out.txt',
      '/%00',
      '/%zz',
      '/none.html',
      '//etc/passwd',
    ]) {
      expect(await get(port, path), path).toMatchObject({ status: 404 })
    }
    expect(await get(port, '/', {}, 'POST')).toMatchObject({ status: 405 })
  })

  test('a lane is seen as JSON', async () => {
    const { host, port } = await start()
    const node = host.nodeRef('/unit/1')
    node
      .lane('map', 'map')
      .set('b', [1, 2])
      .set(1, { x: 2n ** 70n })
      .set('a', undefined)
    expect(JSON.parse((await get(port, '/unit/1?lane=map')).body)).toEqual({
      node: '/unit/1',
      lane: 'map',
      kind: 'map',
      size: 3,
      entries: [
        ['a', null],
        ['b', [1, 2]],
        [1, { x: '1180591620717411303424' }],
      ],
    })
    expect(JSON.parse((await get(port, '/unit/1?lane=value')).body)).toMatchObject({ kind: 'value', value: 1 })
    expect(await get(port, '/unit/1?lane=nope')).toMatchObject({ status: 404, body: '{"error":"laneNotFound"}\n' })
    expect(await get(port, '/nope?lane=map')).toMatchObject({ status: 404, body: '{"error":"nodeNotFound"}\n' })
    expect(await get(port, '/unit/1?lane=addItem')).toMatchObject({ status: 404 })
  })

  test('a large lane is seen whole while it changes, and a head has no body', async () => {
    const { host, port } = await start()
    const map = host.nodeRef('/unit/1').lane('map', 'map')
    for (let i = 0; i < 50_000; i++) map.set(i, `entry ${i} ${'x'.repeat(50)}`)
    const asked = get(port, '/unit/1?lane=map')
    for (let i = 0; i < 20; i++) {
      await new Promise(soon => setImmediate(soon))
      map.delete(40_000 + i)
    }
    const { entries } = JSON.parse((await asked).body) as { entries: [number, string][] }
    expect(entries.length).toBeGreaterThanOrEqual(49_980)
    expect(entries.every(([key], i) => i === 0 || key > entries[i - 1]![0])).toBe(true)
    expect(await get(port, '/unit/1?lane=map', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
    expect(await get(port, '/unit/1?lane=secret')).toMatchObject({ status: 403 })
    const bytes = host.nodeRef('/unit/2').lane('value', 'value')
    bytes.set(new Record([new Attr('b'), 'world', new Slot(1, 2)]))
    expect(JSON.parse((await get(port, '/unit/2?lane=value')).body)).toMatchObject({ value: '@b{world,1:2}' })
    bytes.set([new Uint8Array([1, 2]), null, { x: true }])
    expect(JSON.parse((await get(port, '/unit/2?lane=value')).body)).toMatchObject({
      value: ['AQI=', null, { x: true }],
    })
  })

  test('a name that merely leads here is not answered', async () => {
    const { port } = await start({ files })
    expect(await get(port, '/', { host: 'evil.example' })).toMatchObject({ status: 403 })
    expect(await get(port, '/', { host: 'localhost:1' })).toMatchObject({ status: 200 })
  })
})
