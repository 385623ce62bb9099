// A tape, played to a client.
import { describe, expect, it } from 'vitest'
import { writeHead, writeLine, type TapeLine } from '../../../src/inspect/tape.js'
import { record } from '../../../src/inspect/index.js'
import { recordedHost, testHost } from '../../../src/testing/index.js'

const host = 'warp://example.com'
const lane = 'node:"/h",lane:m'
const tapeOf = (...lines: (readonly ['in' | 'out', string] | TapeLine)[]) =>
  writeHead({ startedAt: new Date(0), dropped: 0 }) +
  lines.map((line, at) => writeLine('host' in line ? line : { at, host, direction: line[0], text: line[1] })).join('')
const open: TapeLine = { at: 0, host, event: 'open' }
const synced = [
  open,
  ['out', `@sync(${lane})`],
  ['in', `@linked(${lane})`],
  ['in', `@event(${lane})@update(key:a) 1`],
  ['in', `@synced(${lane})`],
] as const

const opened = (tape: string) => {
  const played = recordedHost(tape)
  const map = played.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
  return { played, map }
}

describe('a recorded host', () => {
  it("sends the frames of the tape, each after the client's frames before it", async () => {
    const { played, map } = opened(
      tapeOf(
        ...synced,
        ['out', `@command(${lane})@update(key:b) 2`],
        ['in', `@event(${lane})@update(key:b) 2`],
        ['in', `@event(${lane})@update(key:c) 3`],
      ),
    )
    await played.idle()
    expect([...map]).toEqual([['a', 1]])
    expect(played.left).toBe(3)
    map.set('b', 2)
    await played.idle()
    expect(map.get('c')).toBe(3)
    expect(played.left).toBe(0)
    await played.close()
  })

  it('closes the socket where the tape has its end, and plays the next socket of the tape', async () => {
    const { played, map } = opened(
      tapeOf(
        ...synced,
        { at: 9, host, event: 'close', code: 1006 },
        open,
        ['out', `@sync(${lane})`],
        ['in', `@linked(${lane})`],
        ['in', `@synced(${lane})`],
      ),
    )
    await played.idle()
    expect(map.size).toBe(1)
    await played.advance(5000)
    expect([map.size, map.status.state, played.left]).toEqual([0, 'synced', 0])
    await played.close()
  })

  it('names frames of the client that the tape does not have', async () => {
    const { played, map } = opened(tapeOf(...synced))
    await played.idle()
    map.set('x', 1)
    await played.idle()
    await expect(played.close()).rejects.toThrow(
      `the client sent frames that the tape lacks:\n@command(${lane})@update(key:x) 1\nthe tape is over`,
    )
  })

  it('takes a client whose credentials and queries are hidden on the tape', async () => {
    const client = { credentials: { [host]: { user: 'ada', token: 'secret-token' } } }
    const taped = testHost()
    const recorded = taped.client({
      ...client,
      hostUri: taped.uri,
      credentials: { [taped.uri]: client.credentials[host] },
    })
    const tape = record(recorded)
    const at = { nodeUri: '/h?key=hidden', laneUri: 'm' }
    const before = recorded.downlinkMap<string, number>(at).open()
    await taped.until(before.put('a', 1))
    const text = tape.text()
    await taped.close()
    expect(text).not.toMatch(/secret-token|hidden/)
    const played = recordedHost(text)
    const map = played
      .client({ credentials: { [played.uri]: client.credentials[host] } })
      .downlinkMap<string, number>(at)
      .open()
    expect(await played.until(map.put('a', 1))).toBe('taken')
    expect([played.left, played.deviations]).toEqual([0, []])
    await played.close()
  })

  it('waits for a promise, for as long as the caller allows', async () => {
    const { played, map } = opened(tapeOf(...synced))
    await played.until(map.whenSynced())
    await expect(played.until(map.put('a', 1), 1000)).rejects.toThrow('has not settled, at 1000 ms')
    await played.close().catch(() => {})
  })

  it.each([
    ['', 'tape: line 1 must be JSON'],
    [writeHead({ startedAt: new Date(0), dropped: 0 }), 'the tape has nothing of any host'],
  ])('throws for the tape %j', (tape, message) => {
    expect(() => recordedHost(tape)).toThrow(message)
  })
})
