// Value downlinks, against a value lane as SwimOS Java has it: one event at each sync, an echo to every link of each command.
import { beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

const address = { hostUri: 'warp://host', nodeUri: '/unit/1', laneUri: 'value' }
const at = '(node:"/unit/1",lane:value)'

/** The lane: its value in Recon, as it stands behind a head. */
let body: string
let clock: VirtualClock
let network: MemoryNetwork
let peers: Set<Peer>
let heard: string[]
let errors: SwimError[]
/** What the lane makes of a command. */
let take: (body: string) => string

const put = (text: string) => {
  body = text
  for (const peer of peers) peer.send(`@event${at}${body}`)
}

beforeEach(() => {
  clock = new VirtualClock()
  network = new MemoryNetwork(clock)
  peers = new Set()
  heard = []
  errors = []
  body = ''
  take = text => text
  network.onconnect = peer => {
    peer.onclose = () => peers.delete(peer)
    peer.onmessage = text => {
      heard.push(text)
      if (text.startsWith('@command')) put(take(text.slice(`@command${at}`.length)))
      else if (text.startsWith('@sync')) {
        if (!peers.has(peer)) peer.send(`@linked${at}`)
        peers.add(peer)
        peer.send(`@event${at}${body}`)
        peer.send(`@synced${at}`)
      } else if (text.startsWith('@unlink')) {
        peers.delete(peer)
        peer.send(`@unlinked${at}`)
      } else peer.send(`@linked${at}`)
    }
  }
})

const create = (options: SwimClientOptions = {}) =>
  new SwimClient({
    clock,
    heartbeatMs: 0,
    webSocket: network.WebSocket,
    onError: (error: SwimError) => errors.push(error),
    ...options,
  })

/** A value downlink and all its didSet. */
function open(client = create()) {
  const sets: unknown[] = []
  const value = client
    .downlinkValue<unknown>(address)
    .didSet((now, old) => sets.push([now, old]))
    .open()
  return { client, value, sets }
}

describe('a value downlink', () => {
  test('is what the lane holds, once synced, and follows it', async () => {
    body = ' 5'
    const { value, sets } = open()
    expect(value.get()).toBeUndefined()
    await clock.settle()
    await value.whenSynced()
    expect(value.get()).toBe(5)
    put('{a:1}')
    put('')
    await clock.settle()
    expect(value.get()).toBeUndefined()
    expect(sets).toEqual([
      [5, undefined],
      [{ a: 1 }, 5],
      [undefined, { a: 1 }],
    ])
  })

  test('tells of its life and of every event, in order', async () => {
    body = ' 5'
    const calls: string[] = []
    const builder = create().downlinkValue(address)
    const value = builder
      .didOpen(() => calls.push('didOpen'))
      .didConnect(() => calls.push('didConnect'))
      .willSync(() => calls.push('willSync'))
      .didLink(() => calls.push('didLink'))
      .onEvent(event => calls.push(`onEvent ${String(event)}`))
      .didSet(now => calls.push(`didSet ${String(now)}`))
      .didSync(() => calls.push('didSync'))
      .onCommand(command => calls.push(`onCommand ${String(command)}`))
      .didDisconnect(() => calls.push('didDisconnect'))
      .didClose(() => calls.push('didClose'))
      .open()
    await clock.settle()
    value.set(6)
    await clock.settle()
    for (const peer of [...peers]) peer.cut()
    await clock.settle()
    value.close()
    expect(calls).toEqual([
      'didOpen',
      'didConnect',
      'willSync',
      'didLink',
      'onEvent 5',
      'didSet 5',
      'didSync',
      'didSet 6',
      'onCommand 6',
      'onEvent 6',
      'didDisconnect',
      'didClose',
    ])
  })

  test('shows an own write at once, and says nothing at its echo', async () => {
    body = ' 1'
    const { value, sets } = open()
    await clock.settle()
    value.set(2)
    expect(value.get()).toBe(2)
    await clock.settle()
    expect(value.get()).toBe(2)
    expect(sets).toEqual([
      [1, undefined],
      [2, 1],
    ])
    expect(heard.at(-1)).toBe(`@command${at} 2`)
  })

  test('never shows an older value between own writes', async () => {
    network.latencyMs = 50
    const { value, sets } = open()
    await clock.advance(1000)
    for (let i = 1; i <= 5; i++) {
      value.set(i)
      await clock.advance(30)
    }
    await clock.advance(1000)
    expect(sets.map(set => (set as unknown[])[0])).toEqual([1, 2, 3, 4, 5])
    expect(body).toBe(' 5')
  })

  test('keeps a write that is made offline, the last of several, and sends it after the sync', async () => {
    body = ' old'
    network.refuses = true
    const { value, sets } = open()
    await clock.settle()
    value.set('a')
    value.set('b')
    const done = value.put('c')
    expect(value.get()).toBe('c')
    await clock.advance(10_000)
    network.refuses = false
    await clock.advance(60_000)
    expect(await done).toBe('taken')
    expect(heard).toEqual([`@sync${at}`, `@command${at} c`])
    expect([body, value.get()]).toEqual([' c', 'c'])
    expect(sets).toEqual([
      ['a', undefined],
      ['b', 'a'],
      ['c', 'b'],
    ])
  })

  test('hears once of what changed while the link was down', async () => {
    body = ' 1'
    const { value, sets } = open()
    await clock.settle()
    for (const peer of [...peers]) peer.cut()
    await clock.settle()
    expect([value.status, value.get()]).toEqual([{ state: 'stale', because: 'disconnected' }, 1])
    body = ' 2'
    await clock.advance(60_000)
    expect([value.synced, value.get()]).toEqual([true, 2])
    for (const peer of [...peers]) peer.cut()
    body = ''
    await clock.advance(60_000)
    expect(sets).toEqual([
      [1, undefined],
      [2, 1],
      [undefined, 2],
    ])
  })

  test('hears by put what the lane made of it', async () => {
    take = text => (text === ' 9' ? ' 3' : text)
    const { value } = open()
    await clock.settle()
    const [good, bad] = [value.put(1), value.put(9)]
    await clock.advance(5000)
    expect(await good).toBe('taken')
    expect(await bad).toBe('superseded')
    expect(value.get()).toBe(3)
  })

  test('empties the lane by undefined', async () => {
    body = ' 1'
    const { value } = open()
    await clock.settle()
    const done = value.put(undefined)
    expect(value.get()).toBeUndefined()
    await clock.advance(5000)
    expect(await done).toBe('taken')
    expect(body).toBe('')
  })

  test('takes an empty list, which the lane shows as none, for written', async () => {
    take = text => (text === '{}' ? '' : text)
    const { value } = open()
    await clock.settle()
    const done = value.put([])
    // A copy, as the lane would spell it: Recon has one empty record.
    expect(value.get()).toEqual({})
    await clock.advance(5000)
    expect(await done).toBe('taken')
    expect(value.get()).toBeUndefined()
  })

  test('tells a late downlink of the lane at once, by a snapshot that stays the same object', async () => {
    body = '{a:{1,2}}'
    const client = create()
    open(client)
    await clock.settle()
    const sets: unknown[] = []
    const late = client
      .downlinkValue(address)
      .schema(z.object({ a: z.array(z.number()) }))
      .didSet((now, old) => sets.push([now, old]))
      .open()
    const snapshot = late.snapshot()
    expect(snapshot).toEqual({ a: [1, 2] })
    expect(late.snapshot()).toBe(snapshot)
    await clock.settle()
    expect(late.snapshot()).toBe(snapshot)
    expect(sets).toEqual([[{ a: [1, 2] }, undefined]])
    expect(heard).toHaveLength(1)
  })

  test('calls subscribers once for each batch, with the last value, until the undo', async () => {
    const { value } = open()
    await clock.settle()
    const seen: unknown[] = []
    const undo = value.subscribe(now => seen.push(now))
    value.set(1)
    value.set(2)
    await clock.settle()
    expect(seen).toEqual([2])
    undo()
    undo()
    value.set(3)
    await clock.settle()
    expect(seen).toEqual([2])
  })

  test('tells subscribers what it still has when it is closed, and refuses writes', async () => {
    const { value } = open()
    await clock.settle()
    const seen: unknown[] = []
    value.subscribe(now => seen.push(now))
    value.set(1)
    value.close()
    value.close()
    expect(seen).toEqual([1])
    expect(value.get()).toBe(1)
    expect(() => value.set(2)).toThrow(expect.objectContaining({ code: 'closed' }))
    await expect(value.put(2)).rejects.toMatchObject({ code: 'closed' })
  })

  test('checks what comes and what is set', async () => {
    body = ' 1'
    const failed: SwimError[] = []
    const value = create()
      .downlinkValue(address)
      .schema(z.number())
      .didFail(error => failed.push(error))
      .open()
    await clock.settle()
    put(' text')
    await clock.settle()
    expect(value.get()).toBeUndefined()
    expect(failed).toMatchObject([{ code: 'schema', key: undefined, issues: [{}] }])
    put(' 2')
    await clock.settle()
    expect(value.get()).toBe(2)
    expect(() => value.set('x' as never)).toThrow(expect.objectContaining({ code: 'schema' }))
    expect(() => create().downlinkValue<unknown>(address).open().set(NaN)).toThrow(/Recon/)
    await expect(value.put('x' as never)).rejects.toMatchObject({ code: 'schema' })
    expect(value.get()).toBe(2)
  })

  test('is overrun by no more writes than may wait, and says so before it changes', async () => {
    network.refuses = true
    const { value } = open(create({ maxQueuedWrites: 1 }))
    await clock.settle()
    value.set(1)
    value.set(2)
    const other = create({ maxQueuedWrites: 0 }).downlinkValue(address).open()
    expect(() => other.set(1)).toThrow(expect.objectContaining({ code: 'overflow', limit: 0 }))
    expect([value.get(), other.get()]).toEqual([2, undefined])
  })
})

describe('an event downlink', () => {
  test('hears events, and no state', async () => {
    body = ' 1'
    const events: unknown[] = []
    const lane = create()
      .downlinkEvent(address)
      .onEvent(event => events.push(event))
      .open()
    await clock.settle()
    expect([lane.linked, lane.synced, heard[0]]).toEqual([true, false, `@link${at}`])
    for (const peer of network.sockets) peer.deliver(`@event${at}{x:1}`)
    for (const peer of network.sockets) peer.deliver(`@event${at}`)
    await clock.settle()
    expect(events).toEqual([{ x: 1 }, undefined])
  })

  test('sends commands in order, those made offline after the link', async () => {
    network.refuses = true
    const told: unknown[] = []
    const lane = create()
      .downlinkEvent(address)
      .onCommand(command => told.push(command))
      .open()
    const sent = [lane.command(1), lane.command({ a: 1 }), lane.command(1)]
    await clock.advance(5000)
    network.refuses = false
    await clock.advance(60_000)
    expect(await Promise.all(sent)).toEqual(['taken', 'taken', 'taken'])
    expect(heard).toEqual([`@link${at}`, `@command${at} 1`, `@command${at}{a:1}`, `@command${at} 1`])
    expect(told).toEqual([1, { a: 1 }, 1])
  })

  test('rejects commands that it can’t send', async () => {
    network.refuses = true
    const client = create({ maxQueuedWrites: 1, writeTimeoutMs: 1000 })
    const lane = client.downlinkEvent(address).open()
    await expect(lane.command(() => 1)).rejects.toMatchObject({ code: 'recon' })
    let isOver = false
    const waiting = lane.command(1).finally(() => (isOver = true))
    await expect(lane.command(2)).rejects.toMatchObject({ code: 'overflow', limit: 1 })
    await clock.advance(60_000)
    // What waits for a link has no time of its own.
    expect(isOver).toBe(false)
    lane.close()
    await expect(lane.command(1)).rejects.toMatchObject({ code: 'closed' })
    const ended = expect(waiting).rejects.toMatchObject({ code: 'closed' })
    await clock.advance(2000)
    await ended
  })

  test('waits for no longer than it is asked to', async () => {
    network.refuses = true
    const lane = create().downlinkEvent(address).open()
    const ended = expect(lane.command(1, { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'timeout',
      afterMs: 1000,
      pending: true,
    })
    await clock.advance(1000)
    await ended
  })

  test('shares its link with a value downlink of the lane', async () => {
    body = ' 1'
    const client = create()
    const events: unknown[] = []
    client
      .downlinkEvent(address)
      .onEvent(event => events.push(event))
      .open()
    await clock.settle()
    const { value } = open(client)
    await clock.settle()
    expect(value.get()).toBe(1)
    expect(network.sockets.size).toBe(1)
    expect(events).toEqual([1])
  })
})
