// Tapes of all kinds of hosts and lanes, played to a client that asks for signs of life and makes keys of its own.
import { describe, expect, it } from 'vitest'
import '../../../src/list.js'
import { writeHead, writeLine } from '../../../src/inspect/tape.js'
import { readTape, record } from '../../../src/inspect/index.js'
import { recordedHost, testHost, type TestHost } from '../../../src/testing/index.js'
import type { SwimClient } from '../../../src/index.js'

/** Records a conversation, and plays it to a client that does the same. */
async function play(
  options: Parameters<typeof testHost>[0],
  converse: (
    client: SwimClient<{ hostUri: string }>,
    pass: (ms: number) => Promise<void>,
    host?: TestHost,
  ) => Promise<void>,
  patch: (text: string) => string = text => text,
) {
  const host = testHost(options)
  const client = host.client()
  const tape = record(client)
  await converse(client as never, ms => host.advance(ms), host)
  const text = patch(tape.text())
  await host.close()
  const played = recordedHost(text, { seed: 99 })
  const again = played.client()
  await converse(again as never, ms => played.advance(ms))
  return { played, text, client: again }
}

describe('a tape of a SwimOS Rust host', () => {
  const converse = async (client: SwimClient<{ hostUri: string }>, pass: (ms: number) => Promise<void>) => {
    const map = client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    await pass(10)
    map.set('a', 1)
    await pass(10)
    expect(map.get('a')).toBe(1)
  }

  it('has the subprotocol, and a default client that plays it offers that subprotocol', async () => {
    const { played, text } = await play({ like: 'rust' }, converse)
    const opened = readTape(text).lines.find(line => 'event' in line && line.event === 'open')
    expect(opened).toEqual({ at: 0, host: 'warp://test', event: 'open', protocol: 'warp0' })
    expect(text).toContain('@link(')
    expect([played.left, played.deviations]).toEqual([0, []])
    await played.close()
  })

  it('has no subprotocol if the host is not like Rust', async () => {
    const { played, text } = await play({}, converse)
    expect(readTape(text).lines[0]).toEqual({ at: 0, host: 'warp://test', event: 'open' })
    expect([played.left, played.deviations]).toEqual([0, []])
    await played.close()
  })
})

describe('signs of life', () => {
  it.each([0, 60_000, 300_000])('are answered and are no deviation, after the tape was quiet for %i ms', async ms => {
    let isPlayed = false
    const { played } = await play({}, async (client, pass) => {
      const map = client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
      await pass(10)
      // Other waits than those of the tape.
      await pass(isPlayed ? 100_000 : ms)
      isPlayed = true
      map.set('a', 1)
      await pass(10)
      expect([map.get('a'), map.status.state]).toEqual([1, 'synced'])
    })
    expect([played.left, played.deviations]).toEqual([0, []])
    await played.advance(200_000)
    expect(played.deviations).toEqual([])
    await played.close()
  })

  it('are answered without any link', async () => {
    const host = 'warp://example.com'
    const tape = writeHead({ startedAt: new Date(0), dropped: 0 }) + writeLine({ at: 0, host, event: 'open' })
    const text = '@command(node:"/h",lane:c) 1'
    const played = recordedHost(tape + writeLine({ at: 0, host, direction: 'out', text }))
    const client = played.client({ idleTimeoutMs: 600_000 })
    const lost: unknown[] = []
    client.on('disconnect', event => lost.push(event))
    await played.until(client.command(played.uri, '/h', 'c', 1))
    await played.advance(300_000)
    expect([played.left, played.deviations, lost]).toEqual([0, [], []])
    await played.close()
  })
})

describe('items of lists', () => {
  it('may have other keys than on the tape: later frames of both sides are translated', async () => {
    let keys: unknown[] = []
    const { played, text } = await play({}, async (client, pass, host) => {
      const list = client.downlinkList<string>({ nodeUri: '/h', laneUri: 'l' }).open()
      await pass(10)
      list.push('a', 'b')
      await pass(10)
      list.insert(1, 'c')
      await pass(10)
      list.set(0, 'A')
      list.move(0, 2)
      await pass(10)
      host?.lane('/h', 'l', 'list').set(0, 'C')
      await pass(10)
      list.remove(1)
      await pass(10)
      expect(list.snapshot()).toEqual(['C', 'A'])
      keys = [0, 1].map(i => list.keyAt(i))
    })
    expect([played.left, played.deviations]).toEqual([0, []])
    for (const key of keys) expect(text).not.toContain(String(key))
    await played.close()
  })

  it('at another position, or with another value, are deviations', async () => {
    const { played } = await play({}, async (client, pass, host) => {
      const list = client.downlinkList<string>({ nodeUri: '/h', laneUri: 'l' }).open()
      await pass(10)
      list.push(host === undefined ? 'other' : 'a')
      await pass(10)
    })
    expect(played.deviations).toEqual([expect.stringMatching(/@update\(index:0,key:%.*\) other$/)])
    await played.close().catch(() => {})
  })
})
