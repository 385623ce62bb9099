// After close nothing is left: Node ends by itself, and ten thousand downlinks leave no trace. Each case is a process of its own.
// @module-tag full
import { beforeAll, describe, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { runChild } from '../support/child.js'

beforeAll(async () => void (await builtPackage()))

const head = `
  import { SwimClient } from 'swimlink'
  import { WarpHost } from 'swimlink/host'
  import { createServer } from 'node:net'
  const host = new WarpHost()
  host.node('/unit/:id', node => { node.mapLane('map'); node.valueLane('value'); node.commandLane('cmd') })
  const { uri: hostUri } = await host.listen()
  const address = { hostUri, nodeUri: '/unit/1', laneUri: 'map' }
  const nowhere = 'warp://127.0.0.1:1'
  // One attempt is all there is time for, whatever chance makes of the wait.
  const client = new SwimClient({ onError: error => console.log(error.code), reconnectMinMs: 60_000, reconnectMaxMs: 60_000 })
`

/** What a process did, and what it said; it must end well before the longest of the client's waits. */
async function ends(body: string, says: string): Promise<void> {
  const { code, stdout, stderr, tookMs } = await runChild(head + body)
  expect(stderr).toBe('')
  expect(stdout.trim()).toBe(says)
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(8000)
}

describe('Node ends by itself', () => {
  test('with a client that was never used, nor closed', () => ends(`await host.close()`, ''))

  test('after a downlink opened and closed in one tick, the client left alone', () =>
    ends(`client.downlinkMap(address).open().close(); setTimeout(() => host.close(), 500)`, ''))

  test('after a client opened and closed in one tick', () =>
    ends(`client.downlinkMap(address).open(); await client.close(); await host.close()`, ''))

  test('after a sync and a close, with no wait for either', () =>
    ends(
      `const map = client.downlinkMap(address).open()
       await map.whenSynced()
       await map.put('a', 1)
       console.log(map.get('a'))
       void client.close(); void host.close()`,
      '1',
    ))

  test('after the last downlink is closed, the client left alone', () =>
    ends(
      `const map = client.downlinkMap(address).open()
       await map.whenSynced()
       map.close()
       while (host.load.sockets > 0) await new Promise(soon => setTimeout(soon, 20))
       await host.close()`,
      '',
    ))

  test('after a close while the host is out of reach', () =>
    ends(
      `const map = client.downlinkMap({ ...address, hostUri: nowhere }).open()
       await new Promise(failed => map.on('didFail', failed))
       await client.close(); await host.close()`,
      '',
    ))

  test('after the only downlink to a host out of reach is closed, the client left alone', () =>
    ends(
      `const map = client.downlinkMap({ ...address, hostUri: nowhere }).open()
       await new Promise(failed => map.on('didFail', failed))
       map.close(); await host.close()`,
      '',
    ))

  test('after a close while a host takes the socket and says nothing', () =>
    ends(
      `const mute = createServer(socket => socket.on('error', () => {})).listen(0, async () => {
         client.downlinkMap({ ...address, hostUri: 'warp://127.0.0.1:' + mute.address().port }).open()
         setTimeout(async () => { await client.close(); console.log('closed'); mute.close(); mute.unref(); await host.close() }, 200)
       })`,
      'closed',
    ))

  test('after a command to a host out of reach, and a close', () =>
    ends(
      `const sent = client.command(nowhere, '/unit/1', 'cmd', 1).catch(error => console.log('rejected', error.code))
       setTimeout(async () => { await client.close(); await sent; await host.close() }, 300)`,
      'transport\nclosed\nrejected closed',
    ))

  test('after a write that was never sent, and a close', () =>
    ends(
      `const map = client.downlinkMap({ ...address, hostUri: nowhere }).didFail(error => console.log(error.code)).open()
       map.put('a', 1).catch(error => console.log('rejected', error.code))
       await client.close(); await host.close()`,
      'closed\nrejected closed',
    ))

  test('after a command that went out, the client left alone', () =>
    ends(
      `console.log(await client.command(hostUri, '/unit/1', 'cmd', 1))
       setTimeout(() => host.close(), 100)`,
      'taken',
    ))

  test('after await using', () =>
    ends(
      `{
         const used = new SwimClient()
         await used.downlinkValue({ ...address, laneUri: 'value' }).open().whenSynced()
         await used[Symbol.asyncDispose]()
       }
       await host.close()`,
      '',
    ))
})

// A downlink holds 2 kB and more while it is open: of ten thousand, not one in a hundred may be left.
const mostBytes = 200_000

const leak = `
  import { SwimClient } from 'swimlink'
  import { WarpHost } from 'swimlink/host'
  import { countedClock, countedSignal } from './test/support/counted.mjs'
  import { heldBytes } from './test/support/held.mjs'
  const { clock, timers } = countedClock()
  const host = new WarpHost()
  host.node('/unit/:id', node => { node.mapLane('map'); node.valueLane('value'); node.commandLane('cmd') })
  const { uri: hostUri } = await host.listen()
  const client = new SwimClient({ hostUri, clock, unlinkDelayMs: 0, idleTimeoutMs: 50, onError: () => {} })
  const counted = countedSignal()
  const { signal } = counted
  const open = i => {
    const nodeUri = '/unit/' + i % 500
    const map = client.downlinkMap({ nodeUri, laneUri: 'map', signal }).didUpdate(() => {}).onEvent(() => {}).open()
    const value = client.downlinkValue({ nodeUri, laneUri: 'value' }).didSet(() => {}).open()
    const event = client.downlinkEvent({ nodeUri, laneUri: 'cmd' }).onEvent(() => {}).open()
    const stop = map.subscribe(() => {})
    map.set('k' + i % 7, i)
    value.set(i)
    event.command(i).catch(() => {})
    return { map, value, event, stop }
  }
  async function round(downlinks) {
    for (let i = 0; i < downlinks / 3; i += 100) {
      const batch = Array.from({ length: 100 }, (_, j) => open(i + j))
      // Some never come to be linked, some are closed while they sync, some after.
      if (i % 300 !== 0) await Promise.all(batch.map(({ map, value }) => Promise.all([map.whenSynced(), value.whenSynced()])))
      for (const { map, value, event } of batch) [map, value, event].forEach(each => each.close())
    }
    while (host.load.sockets > 0) await new Promise(soon => setTimeout(soon, 20))
  }
  // What is made once, such as compiled code and grown tables, is made in the first.
  await round(10_000)
  // A leak grows the heap in each round; the engine grows its own tables now and then. So one round without growth will do.
  const grown = []
  for (let before = await heldBytes(); grown.length < 6 && !(grown.at(-1) < ${mostBytes}); ) {
    await round(10_000)
    const after = await heldBytes()
    grown.push(after - before)
    before = after
  }
  const left = { timers: timers.size, listeners: counted.listeners, sockets: host.load.sockets, links: host.load.links, grown }
  await client.close()
  await host.close()
  console.log(JSON.stringify(left))
`

test('opening and closing 10,000 downlinks leaves no link, socket, timer or listener, and no memory', async () => {
  const { code, stdout, stderr } = await runChild(leak, ['--expose-gc'], 120_000)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const { grown, ...left } = JSON.parse(stdout) as { grown: number[] }
  expect(left).toEqual({ timers: 0, listeners: 0, sockets: 0, links: 0 })
  console.log(`heap growth of each round of 10,000 downlinks: ${grown.join(', ')} bytes`)
  expect(Math.min(...grown)).toBeLessThan(mostBytes)
}, 130_000)

test('a client that is closed and dropped is let go with its views, though what it calls holds them', async () => {
  const { code, stdout, stderr } = await runChild(
    `
    import { SwimClient } from 'swimlink'
    import { WarpHost } from 'swimlink/host'
    import { count, view } from 'swimlink/view'
    const host = new WarpHost().node('/n', node => {
      const lane = node.mapLane('map')
      for (let i = 0; i < 10; i++) lane.set(i, { n: i })
    })
    const { uri: hostUri } = await host.listen()
    const dropped = []
    async function once(i) {
      const page = { views: [] }
      const client = new SwimClient({ hostUri, onError: () => page })
      const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
      await map.whenSynced()
      const odd = view(map).filter(({ n }) => n % 2)
      page.views = [odd, odd.orderBy(({ n }) => n), odd.groupBy(({ n }) => n % 3, { n: count() }), view(map).union(odd)]
      for (const [at, each] of page.views.entries()) {
        if (at > 1) each.subscribe(() => {})
        if (each.size === 0) throw new Error('nothing is there')
      }
      await client.close()
      dropped.push(new WeakRef(page))
    }
    for (let i = 0; i < 20; i++) await once(i)
    for (let i = 0; i < 10; i++) { globalThis.gc(); await new Promise(soon => setTimeout(soon, 20)) }
    console.log(dropped.filter(page => page.deref() !== undefined).length)
    await host.close()
    `,
    ['--expose-gc'],
    30_000,
  )
  expect([code, stderr]).toEqual([0, ''])
  // The last may still be on a stack.
  expect(Number(stdout)).toBeLessThan(3)
})
