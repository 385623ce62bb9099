// Interop scenarios. Lanes of the other kinds: join, value, command, supply, demand; and authentication.
import { describe, expect, test } from 'vitest'
import { at, until, watch, type Kit } from './kit.js'

export function laneScenarios(kit: Kit): void {
  const { differences } = kit.kind

  describe('join lanes', () => {
    test('join value: the lights of the rooms, as they are switched', async () => {
      const building = kit.node('building')
      const [one, two] = [kit.room(), kit.room()]
      const { map, told } = watch(kit.client().downlinkMap().nodeUri(building).laneUri('lights'))
      await map.whenSynced()
      await kit.command(building, 'register', String(one))
      await kit.command(building, 'register', String(two))
      await until(
        () => map.size === 2,
        () => `two rooms: ${map.size}`,
      )
      await kit.command(`/room/${two}`, 'toggle', '')
      await until(() => map.get(two) === true, 'the light of the second')
      expect([...map]).toEqual([
        [one, false],
        [two, true],
      ])
      expect([...map]).toEqual(await kit.truth(building, 'lights'))
      expect(told.filter(([kind, key]) => kind === 'update' && key === two)).toEqual([
        ['update', two, false, undefined],
        ['update', two, true, false],
      ])
    })

    test('join value: one that links late has all of it', async () => {
      const building = kit.node('building')
      const room = kit.room()
      const first = watch(kit.client().downlinkMap().nodeUri(building).laneUri('lights'))
      await first.map.whenSynced()
      await kit.command(building, 'register', String(room))
      await kit.command(`/room/${room}`, 'toggle', '')
      await until(() => first.map.get(room) === true, 'the light')
      const late = watch(kit.client().downlinkMap().nodeUri(building).laneUri('lights'))
      await late.map.whenSynced()
      expect([...late.map]).toEqual([[room, true]])
    })

    test('join map: the devices of the rooms, as they come and go', async () => {
      const building = kit.node('building')
      const rooms = [kit.room(), kit.room()]
      const { map, told } = watch(kit.client().downlinkMap().nodeUri(building).laneUri('devices'))
      await map.whenSynced()
      await kit.command(`/room/${rooms[0]}`, 'devices', '@update(key:lamp)1')
      for (const room of rooms) await kit.command(building, 'register', String(room))
      await until(() => map.get('lamp') === 1, 'what the room held before it was joined')
      await kit.command(`/room/${rooms[1]}`, 'devices', '@update(key:tv)2')
      await until(() => map.get('tv') === 2, 'the device of the second')
      await kit.command(`/room/${rooms[0]}`, 'devices', '@update(key:lamp)3')
      await until(() => map.get('lamp') === 3, 'the update')
      await kit.command(`/room/${rooms[0]}`, 'devices', '@remove(key:lamp)')
      await until(() => !map.has('lamp'), 'the remove')
      expect([...map]).toEqual([['tv', 2]])
      expect([...map]).toEqual(await kit.truth(building, 'devices'))
      expect(told.filter(([kind]) => kind === 'remove')).toEqual([['remove', 'lamp', 3]])
    })

    test(`join map: clear of a joined lane (${differences['clear of a joined lane']})`, async () => {
      const building = kit.node('building')
      const room = kit.room()
      const { map } = watch(kit.client().downlinkMap().nodeUri(building).laneUri('devices'))
      await map.whenSynced()
      await kit.command(building, 'register', String(room))
      for (const key of ['a', 'b']) await kit.command(`/room/${room}`, 'devices', `@update(key:${key})1`)
      await until(
        () => map.size === 2,
        () => `two devices: ${map.size}`,
      )
      await kit.command(`/room/${room}`, 'devices', '@clear')
      if (differences['clear of a joined lane'] === 'propagates') {
        await until(
          () => map.size === 0,
          () => `none: ${map.size}`,
        )
      } else {
        await new Promise(done => setTimeout(done, 500))
        expect(map.size).toBe(2)
      }
      expect([...map]).toEqual(await kit.truth(building, 'devices'))
    })

    test('a room written by a client of its own shows in the building', async () => {
      const building = kit.node('building')
      const room = kit.room()
      const client = kit.client()
      const union = watch(client.downlinkMap().nodeUri(building).laneUri('devices'))
      const own = watch(client.downlinkMap().nodeUri(`/room/${room}`).laneUri('devices'))
      await Promise.all([union.map.whenSynced(), own.map.whenSynced()])
      await kit.command(building, 'register', String(room))
      await own.map.put({ kind: 'lamp', n: 1 }, { on: true })
      await until(() => union.map.has({ kind: 'lamp', n: 1 }), 'the lamp')
      await own.map.remove({ kind: 'lamp', n: 1 })
      await until(() => union.map.size === 0, 'its end')
    })
  })

  describe('value lanes', () => {
    test('open, set here, set there: told once each', async () => {
      const node = kit.node()
      const told: unknown[][] = []
      const value = kit
        .client()
        .downlinkValue()
        .nodeUri(node)
        .laneUri('value')
        .didSet((now, old) => told.push([now, old]))
        .open()
      await value.whenSynced()
      expect(value.get()).toBeUndefined()
      expect(await value.put({ n: 1 })).toBe('taken')
      await kit.command(node, 'value', '{n:2}')
      await until(() => (value.get() as { n: number }).n === 2, 'the remote value')
      value.set('three')
      expect(value.get()).toBe('three')
      expect(await value.put('four')).toBe('taken')
      expect(told).toEqual([
        [{ n: 1 }, undefined],
        [{ n: 2 }, { n: 1 }],
        ['three', { n: 2 }],
        ['four', 'three'],
      ])
    })

    test('a second client reads what the first has set', async () => {
      const node = kit.node()
      const [one, two] = [kit.client(), kit.client()].map(client =>
        client.downlinkValue().nodeUri(node).laneUri('value').open(),
      )
      await one?.put([1, { a: 'b' }])
      await two?.whenSynced()
      await until(() => JSON.stringify(two?.get()) === JSON.stringify([1, { a: 'b' }]), 'the value')
    })

    test('a value lane that transforms ends with what it made of the value', async () => {
      const node = kit.node()
      const clamped = kit.client().downlinkValue<number>().nodeUri(node).laneUri('clamped').open()
      await clamped.whenSynced()
      expect(await clamped.put(50)).toBe('taken')
      expect(await clamped.put(500)).toBe('superseded')
      expect(clamped.get()).toBe(100)
    })

    test('a value set offline is sent once after the resync', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      proxy.refuse(true)
      const value = kit.client({ hostUri: proxy.uri }).downlinkValue().nodeUri(node).laneUri('value').open()
      const listener = await kit.listener(node, 'value')
      const from = listener.frames.length
      for (let n = 0; n < 20; n++) value.set(n)
      const last = value.put(20)
      expect(value.get()).toBe(20)
      proxy.refuse(false)
      expect(await last).toBe('taken')
      await listener.until(`@event${at(node, 'value')} 20`)
      expect(listener.frames.slice(from)).toEqual([`@event${at(node, 'value')} 20`])
    })
  })

  describe('lanes of other kinds', () => {
    test('command lane: a linked client hears every command, its own too', async () => {
      const node = kit.node()
      const client = kit.client()
      const heard: unknown[] = []
      const echo = client
        .downlinkEvent()
        .nodeUri(node)
        .laneUri('echo')
        .onEvent(body => heard.push(body))
        .open()
      await until(() => echo.linked, 'linked')
      await echo.command({ n: 1 })
      await client.command(kit.host.uri, node, 'echo', 'two')
      await until(
        () => heard.length === 2,
        () => `two commands: ${heard.length}`,
      )
      expect(heard).toEqual(expect.arrayContaining([{ n: 1 }, 'two']))
      await kit.command(node, 'echo', '3')
      await until(() => heard.length === 3, 'the third')
      expect(heard.at(-1)).toBe(3)
    })

    test('command without a link: waits for the socket, arrives in order', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      proxy.refuse(true)
      const client = kit.client({ hostUri: proxy.uri })
      const listener = await kit.raw()
      listener.send(`@link${at(node, 'echo')}`)
      await listener.until(`@linked${at(node, 'echo')}`)
      const sent = [1, 2, 3].map(n => client.command(proxy.uri, node, 'echo', n))
      proxy.refuse(false)
      expect(await Promise.all(sent)).toEqual(['taken', 'taken', 'taken'])
      await listener.until(`@event${at(node, 'echo')} 3`)
      expect(listener.frames.slice(1)).toEqual([1, 2, 3].map(n => `@event${at(node, 'echo')} ${n}`))
    })

    test(`a sync of a command lane (${differences['sync of a command lane']}) harms nothing else`, async () => {
      const node = kit.node()
      const client = kit.client({ requestTimeoutMs: 300 })
      const other = watch(client.downlinkMap().nodeUri(node).laneUri('map'))
      await other.map.whenSynced()
      const errors: string[] = []
      const echo = client
        .downlinkMap()
        .nodeUri(node)
        .laneUri('echo')
        .didFail(error => errors.push(error.code))
        .open()
      if (differences['sync of a command lane'] === 'answered') await echo.whenSynced()
      else {
        await expect(echo.whenSynced({ timeoutMs: 1500 })).rejects.toMatchObject({ code: 'timeout' })
        expect(errors).toContain('timeout')
      }
      echo.close()
      expect(await other.map.put('a', 1)).toBe('taken')
    })

    test('supply lane: events alone, none lost', async () => {
      const node = kit.node()
      const heard: unknown[] = []
      const pulse = kit
        .client()
        .downlinkEvent()
        .nodeUri(node)
        .laneUri('pulse')
        .onEvent(body => heard.push(body))
        .open()
      await until(() => pulse.linked, 'linked')
      const raw = await kit.raw()
      for (let n = 0; n < 50; n++) raw.send(`@command${at(node, 'emit')}${n}`)
      await until(
        () => heard.length === 50,
        () => `50 events: ${heard.length}`,
      )
      expect(heard).toEqual(Array.from({ length: 50 }, (_, n) => n))
    })

    test('demand lane: computed when asked and when cued', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const now = kit.client().downlinkValue().nodeUri(node).laneUri('now').open()
      await now.whenSynced()
      await until(
        () => now.get() === 3,
        () => `3: ${String(now.get())}`,
      )
      await kit.command(node, 'fill', '{count:5,prefix:k}')
      await kit.command(node, 'cue', '')
      await until(
        () => now.get() === 5,
        () => `5: ${String(now.get())}`,
      )
    })

    test(`credentials (${differences.authentication}): the link comes all the same`, async () => {
      let told = 0
      const client = kit.client({ credentials: { [kit.host.uri]: { token: 'good' } } })
      client.on('authenticate', () => ++told)
      const { map } = watch(client.downlinkMap().nodeUri(kit.node()).laneUri('map'))
      await map.whenSynced()
      expect(told).toBe(differences.authentication === 'answered' ? 1 : 0)
      expect(await map.put('a', 1)).toBe('taken')
    })
  })
}
