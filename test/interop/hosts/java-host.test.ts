// The lanes of the SwimOS Java host, each tried once with bare frames.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { foldFrames } from '../scenarios/kit.js'
import { javaHostMissing, startJavaHost } from './java-host.js'
import { openRaw, type RawSocket } from './raw-socket.js'
import type { RealHost } from './host-process.js'

let host: RealHost
let raw: RawSocket

let missing: string | undefined

beforeAll(async () => {
  missing = await javaHostMissing()
  if (missing !== undefined) return
  host = await startJavaHost()
  raw = await openRaw(host.socketUri)
})

beforeEach(({ skip }) => {
  if (missing !== undefined) skip(`SwimOS Java: not run: ${missing}`)
})

afterAll(async () => {
  await raw?.close()
  await host?.stop()
})

const at = (node: string, lane: string): string => `(node:"${node}",lane:${lane})`

async function synced(node: string, lane: string, on: RawSocket = raw): Promise<string[]> {
  on.send(`@sync${at(node, lane)}`)
  return on.until(`@synced${at(node, lane)}`)
}

describe('a SwimOS Java host', () => {
  test('syncs a map lane and echoes updates, removes, clears, drops and takes', async () => {
    expect(await synced('/unit/map', 'map')).toEqual([
      `@linked${at('/unit/map', 'map')}`,
      `@synced${at('/unit/map', 'map')}`,
    ])
    const lane = at('/unit/map', 'map')
    for (const [sent, heard] of [
      ['@update(key:a){n:1}', '@update(key:a){n:1}'],
      ['@remove(key:a)', '@remove(key:a)'],
      ['@drop(1)', '@drop(1)'],
      ['@take(5)', '@take(5)'],
      ['@clear', '@clear'],
    ]) {
      raw.send(`@command${lane}${sent}`)
      await raw.until(`@event${lane}${heard}`)
    }
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
    await raw.until(`@event${lane}@take(2)`)
    raw.send(`@command${at(node, 'remote')}@drop(1)`)
    await raw.until(`@event${lane}@drop(1)`)
    raw.send(`@command${at(node, 'remote')}@remove(key:k0)`)
    await raw.until(`@event${lane}@remove(key:k0)`)
    raw.send(`@command${at(node, 'burst')}{key:b,count:1000}`)
    await raw.until(`@event${lane}@update(key:b) 1000`)
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
    await synced('/unit/t', 'lower')
    raw.send(`@command${at('/unit/t', 'lower')}@update(key:a)ABC`)
    await raw.until(`@event${at('/unit/t', 'lower')}@update(key:a) abc`)
    raw.send(
      `@command${at('/unit/t', 'positive')}@update(key:a)5`,
      `@command${at('/unit/t', 'positive')}@update(key:a)-1`,
    )
    raw.send(`@command${at('/unit/t', 'positive')}@update(key:b)-1`)
    // The sync may tell of the removed entry too, by updates without a body.
    const frames = await synced('/unit/t', 'positive')
    expect(foldFrames(frames, `@event${at('/unit/t', 'positive')}`)).toEqual([['a', 5]])
    await synced('/unit/t', 'clamped')
    raw.send(`@command${at('/unit/t', 'clamped')}500`)
    await raw.until(`@event${at('/unit/t', 'clamped')} 100`)
  })

  test('keeps a value', async () => {
    await synced('/unit/v', 'value')
    raw.send(`@command${at('/unit/v', 'value')}{a:1}`)
    await raw.until(`@event${at('/unit/v', 'value')}{a:1}`)
  })

  test('serves command, supply, demand and demand map lanes', async () => {
    await synced('/unit/o', 'echo')
    raw.send(`@command${at('/unit/o', 'echo')}{a:1}`)
    await raw.until(`@event${at('/unit/o', 'echo')}{a:1}`)
    await synced('/unit/o', 'pulse')
    raw.send(`@command${at('/unit/o', 'emit')}5`)
    await raw.until(`@event${at('/unit/o', 'pulse')} 5`)
    raw.send(`@sync${at('/unit/o', 'now')}`)
    await raw.until(`@event${at('/unit/o', 'now')} 0`)
    raw.send(`@sync${at('/unit/o', 'squares')}`)
    await raw.until(`@event${at('/unit/o', 'squares')}@update(key:3) 9`)
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
    const told = [`@unlinked${at('/nowhere', 'map')}@nodeNotFound`, `@unlinked${at('/unit/n', 'nope')}@laneNotFound`]
    const anyOf = /NotFound$/
    expect([...(await raw.until(anyOf)), ...(await raw.until(anyOf))].sort()).toEqual(told.sort())
  })

  test('authenticates, and keeps lanes from who may not', async () => {
    const guarded = await startJavaHost({ auth: true })
    const nobody = await openRaw(guarded.socketUri)
    nobody.send('@auth{token:none}')
    await nobody.until('@deauthed')
    nobody.send(`@sync${at('/unit/s', 'secret')}`)
    await nobody.until(`@unlinked${at('/unit/s', 'secret')}`)
    await nobody.close()
    const good = await openRaw(guarded.socketUri)
    good.send('@auth{token:good}')
    await good.until('@authed')
    await synced('/unit/s', 'secret', good)
    good.send(`@sync${at('/unit/s', 'denied')}`)
    await good.until(`@unlinked${at('/unit/s', 'denied')}`)
    await good.close()
    const bad = await openRaw(guarded.socketUri)
    bad.send('@auth{token:bad}')
    await bad.until('@deauthed')
    await expect(bad.until('never')).rejects.toThrow('closed (1008)')
    await guarded.stop()
  })

  test('restarts on its port, stopped or killed, with empty lanes', async () => {
    const second = await startJavaHost()
    const { port } = second
    for (const end of ['stop', 'kill'] as const) {
      const before = await openRaw(second.socketUri)
      before.send(`@command${at('/unit/r', 'map')}@update(key:a)1`)
      expect(await synced('/unit/r', 'map', before)).toContain(`@event${at('/unit/r', 'map')}@update(key:a) 1`)
      await second[end]()
      expect(second.running).toBe(false)
      await second.restart()
      expect(second.port).toBe(port)
      const after = await openRaw(second.socketUri)
      expect(await synced('/unit/r', 'map', after)).toHaveLength(2)
      await after.close()
    }
    await second.stop()
  })
})
