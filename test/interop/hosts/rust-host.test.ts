// The lanes of the SwimOS Rust host, each tried once with bare frames.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startRustHost } from './rust-host.js'
import { openRaw, type RawSocket } from './raw-socket.js'
import type { RealHost } from './host-process.js'

const protocols = ['warp0']
let host: RealHost
let raw: RawSocket

beforeAll(async () => {
  host = await startRustHost()
  raw = await openRaw(host.socketUri, protocols)
})

afterAll(async () => {
  await raw?.close()
  await host?.stop()
})

const at = (node: string, lane: string): string => `(node:"${node}",lane:${lane})`

async function synced(node: string, lane: string): Promise<string[]> {
  raw.send(`@sync${at(node, lane)}`)
  return raw.until(`@synced${at(node, lane)}`)
}

describe('a SwimOS Rust host', () => {
  test('insists on the warp0 subprotocol', async () => {
    await expect(openRaw(host.socketUri)).rejects.toThrow('400')
  })

  test('syncs a map lane and echoes updates, removes and clears', async () => {
    expect(await synced('/unit/map', 'map')).toEqual([
      `@linked${at('/unit/map', 'map')}`,
      `@synced${at('/unit/map', 'map')}`,
    ])
    const lane = at('/unit/map', 'map')
    raw.send(`@command${lane}@update(key:a){n:1}`)
    await raw.until(`@event${lane}@update(key:a) {n:1}`)
    raw.send(`@command${lane}@remove(key:a)`)
    await raw.until(`@event${lane}@remove(key:a)`)
    raw.send(`@command${lane}@clear`)
    await raw.until(`@event${lane}@clear`)
  })

  test('changes the map from its own side by remote, fill, churn and burst', async () => {
    const node = '/unit/own'
    const lane = at(node, 'map')
    await synced(node, 'map')
    raw.send(`@command${at(node, 'remote')}@update(key:a)1`)
    await raw.until(`@event${lane}@update(key:a) 1`)
    raw.send(`@command${at(node, 'fill')}{count:3,prefix:k}`)
    await raw.until(`@event${lane}@update(key:k2) 2`)
    raw.send(`@command${at(node, 'remote')}@take(2)`)
    await raw.until(/@remove\(key:k2\)$/)
    raw.send(`@command${at(node, 'burst')}{key:b,count:1000}`)
    expect(await raw.until(`@event${lane}@update(key:b) 1000`)).toHaveLength(1)
    raw.send(`@command${at(node, 'churn')}{count:12,keys:2}`)
    await raw.until(`@event${lane}@update(key:c0) 10`)
    raw.send(`@command${at(node, 'remote')}@clear`)
    await raw.until(`@event${lane}@clear`)
  })

  test('counts items in the shopping cart', async () => {
    await synced('/unit/cart', 'shoppingCart')
    raw.send(`@command${at('/unit/cart', 'addItem')}apple`, `@command${at('/unit/cart', 'addItem')}apple`)
    await raw.until(`@event${at('/unit/cart', 'shoppingCart')}@update(key:apple) 2`)
  })

  test('transforms and refuses', async () => {
    await synced('/unit/t', 'upper')
    raw.send(`@command${at('/unit/t', 'upper')}@update(key:a)abc`)
    await raw.until(`@event${at('/unit/t', 'upper')}@update(key:a) ABC`)
    await synced('/unit/t', 'positive')
    raw.send(`@command${at('/unit/t', 'positive')}@update(key:a)-1`)
    await raw.until(`@event${at('/unit/t', 'positive')}@remove(key:a)`)
    await synced('/unit/t', 'clamped')
    raw.send(`@command${at('/unit/t', 'clamped')}500`)
    await raw.until(`@event${at('/unit/t', 'clamped')} 100`)
  })

  test('keeps a value', async () => {
    await synced('/unit/v', 'value')
    raw.send(`@command${at('/unit/v', 'value')}{a:1}`)
    await raw.until(`@event${at('/unit/v', 'value')} {a:1}`)
  })

  test('serves command, supply, demand and demand map lanes', async () => {
    raw.send(`@link${at('/unit/o', 'echo')}`)
    await raw.until(`@linked${at('/unit/o', 'echo')}`)
    raw.send(`@command${at('/unit/o', 'echo')}{a:1}`)
    await raw.until(`@event${at('/unit/o', 'echo')} {a:1}`)
    await synced('/unit/o', 'pulse')
    raw.send(`@command${at('/unit/o', 'emit')}5`)
    await raw.until(`@event${at('/unit/o', 'pulse')} 5`)
    expect(await synced('/unit/o', 'now')).toContain(`@event${at('/unit/o', 'now')} 0`)
    expect(await synced('/unit/o', 'squares')).toContain(`@event${at('/unit/o', 'squares')}@update(key:3) 9`)
  })

  test('joins the lanes of registered rooms', async () => {
    await synced('/building/b', 'lights')
    await synced('/building/b', 'devices')
    raw.send(`@command${at('/building/b', 'register')}11`)
    await raw.until(`@event${at('/building/b', 'lights')}@update(key:11) false`)
    raw.send(`@command${at('/room/11', 'toggle')}`)
    await raw.until(`@event${at('/building/b', 'lights')}@update(key:11) true`)
    raw.send(`@command${at('/room/11', 'devices')}@update(key:lamp)7`)
    await raw.until(`@event${at('/building/b', 'devices')}@update(key:lamp) 7`)
    raw.send(`@command${at('/room/11', 'devices')}@remove(key:lamp)`)
    await raw.until(`@event${at('/building/b', 'devices')}@remove(key:lamp)`)
  })

  test('says what is not there', async () => {
    raw.send(`@sync${at('/nowhere', 'map')}`, `@sync${at('/unit/n', 'nope')}`)
    await raw.until(`@unlinked${at('/nowhere', 'map')}@nodeNotFound`)
    await raw.until(`@unlinked${at('/unit/n', 'nope')}@laneNotFound`)
  })

  test('stops an agent that hears nothing, and tells its links', async () => {
    const short = await startRustHost({ inactiveMs: 300 })
    const other = await openRaw(short.socketUri, protocols)
    other.send(`@sync${at('/unit/idle', 'map')}`)
    await other.until(`@unlinked${at('/unit/idle', 'map')}`, 10_000)
    await other.close()
    await short.stop()
  })

  test('restarts on its port, stopped or killed, with empty lanes', async () => {
    const second = await startRustHost()
    const { port } = second
    for (const end of ['stop', 'kill'] as const) {
      const before = await openRaw(second.socketUri, protocols)
      before.send(`@command${at('/unit/r', 'map')}@update(key:a)1`, `@sync${at('/unit/r', 'map')}`)
      expect(await before.until(`@synced${at('/unit/r', 'map')}`)).toContain(
        `@event${at('/unit/r', 'map')}@update(key:a) 1`,
      )
      await second[end]()
      expect(second.running).toBe(false)
      await second.restart()
      expect(second.port).toBe(port)
      const after = await openRaw(second.socketUri, protocols)
      after.send(`@sync${at('/unit/r', 'map')}`)
      expect(await after.until(`@synced${at('/unit/r', 'map')}`)).toHaveLength(2)
      await after.close()
    }
    await second.stop()
  })
})
