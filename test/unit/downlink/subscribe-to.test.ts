import { afterEach, describe, expect, it } from 'vitest'
import { SwimClient } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

/** A lane with own writes alone: no host answers, and none is needed. */
function lane() {
  const clock = new VirtualClock()
  class Mute {
    bufferedAmount = 0
    onopen = null
    onmessage = null
    onerror = null
    onclose = null
    send() {}
    close() {}
  }
  const client = new SwimClient({ clock, webSocket: Mute, hostUri: 'warp://host', nodeUri: '/n', onError: () => {} })
  clients.push(client)
  return { clock, client, map: client.downlinkMap<unknown, number>().laneUri('l').open() }
}

const clients: SwimClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) void client.close()
})

describe('an entry that came and went within one batch', () => {
  it('is no news, unless it was seen meanwhile: then those who saw it look again', async () => {
    const { clock, map } = lane()
    const batches: unknown[] = []
    map.subscribe(changes => batches.push([changes, map.size]))
    map.set('a', 1)
    map.delete('a')
    await clock.settle()
    expect(batches).toEqual([])
    for (const look of [() => map.snapshot(), () => map.keySnapshot()]) {
      map.set('a', 1)
      look()
      map.delete('a')
      await clock.settle()
      expect(batches.splice(0)).toEqual([[[], 0]])
    }
  })

  it('reaches the listeners of its key', async () => {
    const { clock, map } = lane()
    const heard: unknown[] = []
    map.subscribeTo('a', value => heard.push(value))
    map.set('a', 1)
    map.delete('a')
    map.set('b', 1)
    await clock.settle()
    expect(heard).toEqual([undefined])
  })
})

describe('subscribeTo', () => {
  it('calls with the value of its key, once for each batch that changed it, and for no other key', async () => {
    const { clock, map } = lane()
    const heard: (number | undefined)[] = []
    map.subscribeTo('a', value => heard.push(value))
    map.set('a', 1)
    map.set('a', 2)
    map.set('b', 1)
    await clock.settle()
    map.set('b', 2)
    await clock.settle()
    map.delete('a')
    await clock.settle()
    expect(heard).toEqual([2, undefined])
  })

  it('finds its key by value', async () => {
    const { clock, map } = lane()
    const heard: (number | undefined)[] = []
    map.subscribeTo({ floor: 1, room: 2 }, value => heard.push(value))
    map.set({ floor: 1, room: 2 }, 7)
    await clock.settle()
    expect(heard).toEqual([7])
  })

  it('ends by its undo, which is safe to call twice and ends no other', async () => {
    const { clock, map } = lane()
    const heard: string[] = []
    const undo = map.subscribeTo('a', () => heard.push('first'))
    undo()
    map.subscribeTo('a', () => heard.push('second'))
    undo()
    map.set('a', 1)
    await clock.settle()
    expect(heard).toEqual(['second'])
  })
})

describe('the snapshot of keys', () => {
  it('is the same array until a key comes or goes', async () => {
    const { clock, map } = lane()
    map.set('b', 1)
    map.set('a', 1)
    await clock.settle()
    const keys = map.keySnapshot()
    expect(keys).toEqual(['a', 'b'])
    map.set('a', 2)
    await clock.settle()
    expect(map.keySnapshot()).toBe(keys)
    map.set('c', 1)
    expect(map.keySnapshot()).toEqual(['a', 'b', 'c'])
    map.delete('b')
    expect(map.keySnapshot()).toEqual(['a', 'c'])
  })
})

describe('the snapshot of a value', () => {
  it('is the same until it changes, also before the downlink has begun and with a schema that makes objects', async () => {
    const { clock, client } = lane()
    const first = client.downlinkValue().laneUri('v').open()
    first.set(5)
    await clock.settle()
    const { z } = await import('zod')
    const schema = z.codec(z.number(), z.object({ n: z.number() }), { decode: n => ({ n }), encode: ({ n }) => n })
    const late = client.downlinkValue({ schema, laneUri: 'v' }).open()
    const early = late.snapshot()
    expect(early).toEqual({ n: 5 })
    expect(late.snapshot()).toBe(early)
    await clock.settle()
    expect(late.snapshot()).toBe(early)
  })
})
