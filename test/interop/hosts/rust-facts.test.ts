// What the client counts on, or must steer clear of, with a SwimOS Rust host (FINDINGS.md), checked on the host itself.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startRustHost } from './rust-host.js'
import { openRaw, type RawSocket } from './raw-socket.js'
import type { RealHost } from './host-process.js'

let host: RealHost
let raw: RawSocket

beforeAll(async () => {
  host = await startRustHost()
  raw = await openRaw(host.socketUri, ['warp0'])
})

afterAll(async () => {
  await raw?.close()
  await host?.stop()
})

const at = (node: string, lane = 'map'): string => `(node:"${node}",lane:${lane})`

/** Resolves with what is heard in a time in which a host that answers would have. */
async function hearsWithin(ms: number): Promise<string[]> {
  const from = raw.frames.length
  await new Promise(done => setTimeout(done, ms))
  return raw.frames.slice(from)
}

describe('on a SwimOS Rust host', () => {
  test('a sync is a fence: the state before @synced holds the write sent before it', async () => {
    const lane = at('/unit/fence')
    raw.send(`@command${at('/unit/fence', 'fill')}{count:100,prefix:p}`, `@sync${lane}`)
    await raw.until(`@synced${lane}`)
    for (let round = 1; round <= 60; round++) {
      const frames = [`@command${lane}@update(key:w)${round}`, `@sync${lane}`]
      if (round % 2 === 0) raw.send(...frames)
      else raw.sendTogether(...frames)
      expect(await raw.until(`@synced${lane}`)).toContain(`@event${lane}@update(key:w) ${round}`)
    }
  })

  test('a link of a linked lane is answered, and so are a link and an unlink of an unknown one', async () => {
    const lane = at('/unit/life')
    raw.send(`@link${lane}`)
    await raw.until(`@linked${lane}`)
    raw.send(`@link${lane}`)
    await raw.until(`@linked${lane}`)
    const unknown = at('/unit/life', 'nope')
    raw.send(`@link${unknown}`, `@unlink${unknown}`)
    await raw.until(`@unlinked${unknown}@laneNotFound`)
    await raw.until(`@unlinked${unknown}@laneNotFound`)
  })

  test('an unlink and a sync sent together end in a linked lane', async () => {
    const lane = at('/unit/us')
    raw.send(`@sync${lane}`)
    await raw.until(`@synced${lane}`)
    raw.sendTogether(`@unlink${lane}`, `@sync${lane}`)
    expect(await raw.until(`@synced${lane}`)).toEqual([
      `@unlinked${lane} "Link closed."`,
      `@linked${lane}`,
      `@synced${lane}`,
    ])
  })

  test('a remove of a key that is not there silences the lane, for every client', async () => {
    const lane = at('/unit/silent')
    raw.send(`@sync${lane}`)
    await raw.until(`@synced${lane}`)
    raw.send(`@command${lane}@remove(key:absent)`, `@command${lane}@update(key:a)1`, `@sync${lane}`)
    expect(await hearsWithin(500)).toEqual([])
    const other = await openRaw(host.socketUri, ['warp0'])
    other.send(`@sync${lane}`)
    await expect(other.until(`@synced${lane}`, 500)).rejects.toThrow('heard nothing')
    await other.close()
  })

  test('a take or a drop ends the agent and what it held, without a word', async () => {
    const lane = at('/unit/taken')
    raw.send(`@command${at('/unit/taken', 'fill')}3`, `@sync${lane}`)
    expect(await raw.until(`@synced${lane}`)).toHaveLength(5)
    raw.send(`@command${lane}@take(2)`)
    expect(await hearsWithin(500)).toEqual([])
    raw.send(`@sync${lane}`)
    expect(await raw.until(`@synced${lane}`)).toEqual([`@linked${lane}`, `@synced${lane}`])
  })

  test('a sync of a command lane is not answered, a link is', async () => {
    const lane = at('/unit/cmd', 'echo')
    raw.send(`@sync${lane}`)
    expect(await hearsWithin(500)).toEqual([])
    raw.send(`@link${lane}`)
    await raw.until(`@linked${lane}`)
  })

  test('@auth is not answered', async () => {
    raw.send('@auth{token:good}')
    expect(await hearsWithin(300)).toEqual([])
  })

  // The last, as the host answers nobody from then on: docs/PRODUCTION.md has a proxy keep such requests away.
  test('of two plain requests for a path without an agent, the second silences the host', async () => {
    const lane = at('/unit/plain')
    raw.send(`@sync${lane}`)
    await raw.until(`@synced${lane}`)
    const url = host.socketUri.replace(/^ws/, 'http')
    const answer = () => fetch(url, { signal: AbortSignal.timeout(1000) }).then(({ status }) => status, String)
    expect(await answer()).toBe(404)
    expect(await answer()).toContain('TimeoutError')
    raw.send(`@sync${lane}`)
    const late = new WebSocket(host.socketUri, ['warp0'], { handshakeTimeout: 1000 })
    const end = await new Promise(done => late.on('open', () => done('open')).on('error', error => done(error.message)))
    expect(end).toBe('Opening handshake has timed out')
    expect(await hearsWithin(500)).toEqual([])
  })
})
