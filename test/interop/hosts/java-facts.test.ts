// What the client must bear with a SwimOS Java host (FINDINGS.md), checked on the host itself.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { javaHostMissing, startJavaHost } from './java-host.js'
import type { RealHost } from './host-process.js'
import { openRaw, type RawSocket } from './raw-socket.js'

let host: RealHost
let raw: RawSocket
let missing: string | undefined

beforeAll(async () => {
  missing = await javaHostMissing()
  if (missing !== undefined) return
  host = await startJavaHost({ auth: true })
})

beforeEach(async ({ skip }) => {
  if (missing !== undefined) skip(`SwimOS Java: not run: ${missing}`)
  raw = await openRaw(host.socketUri)
  return () => raw.close()
})

afterAll(() => host?.stop())

const at = (node: string, lane = 'map'): string => `(node:"${node}",lane:${lane})`

async function synced(node: string, lane = 'map', on: RawSocket = raw): Promise<string[]> {
  on.send(`@sync${at(node, lane)}`)
  return on.until(`@synced${at(node, lane)}`)
}

/** What is heard in a time in which a host that answers would have. */
async function hearsWithin(ms: number, on: RawSocket = raw): Promise<string[]> {
  const from = on.frames.length
  await new Promise(done => setTimeout(done, ms))
  return on.frames.slice(from)
}

describe('on a SwimOS Java host', () => {
  test('an agent that stops tells nobody, answers syncs, brings no events; a command to it ends the reading of the socket', async () => {
    const lane = at('/unit/stop')
    await synced('/unit/stop')
    await synced('/unit/beside')
    const other = await openRaw(host.socketUri)
    other.send(`@command${at('/unit/stop', 'stop')}`)
    expect(await hearsWithin(300)).toEqual([])
    await synced('/unit/stop', 'map', other)
    other.send(`@command${lane}@update(key:b)2`)
    await other.until(`@event${lane}@update(key:b) 2`)
    expect(await hearsWithin(300)).toEqual([])
    expect(await synced('/unit/stop')).toEqual([`@event${lane}@update(key:b) 2`, `@synced${lane}`])
    raw.send(`@command${lane}@update(key:c)3`)
    expect(await hearsWithin(300)).toEqual([])
    raw.send(
      `@link${lane}`,
      `@sync${lane}`,
      `@sync${at('/unit/beside')}`,
      `@command${at('/unit/beside')}@update(key:a)1`,
    )
    let isAnswered = false
    raw.socket.once('pong', () => (isAnswered = true)).ping()
    expect(await hearsWithin(500)).toEqual([])
    expect(isAnswered).toBe(false)
    other.send(`@command${at('/unit/beside')}@update(key:b)2`)
    expect(await hearsWithin(300)).toEqual([`@event${at('/unit/beside')}@update(key:b) 2`])
    expect(await synced('/unit/stop', 'map', other)).not.toContain(`@event${lane}@update(key:c) 3`)
    await other.close()
  })

  test('before a command, an unlink and a sync link to the next agent', async () => {
    const lane = at('/unit/again')
    await synced('/unit/again')
    const other = await openRaw(host.socketUri)
    other.send(`@command${at('/unit/again', 'stop')}`)
    await other.close()
    raw.send(`@unlink${lane}`)
    await raw.until(`@unlinked${lane}`)
    await synced('/unit/again')
    raw.send(`@command${lane}@update(key:a)1`)
    await raw.until(`@event${lane}@update(key:a) 1`)
  })

  test('a value lane that nobody set syncs with a bodiless event, and takes a map’s command for a value', async () => {
    const lane = at('/unit/kind', 'value')
    expect(await synced('/unit/kind', 'value')).toEqual([`@linked${lane}`, `@event${lane}`, `@synced${lane}`])
    raw.send(`@command${lane}@update(key:a)1`)
    await raw.until(`@event${lane}@update(key:a) 1`)
    expect(await synced('/unit/kind', 'value')).toEqual([`@event${lane}@update(key:a) 1`, `@synced${lane}`])
  })

  test('a map lane drops what is no operation on maps', async () => {
    await synced('/unit/kind')
    raw.send(...['5', '{a:1}', '', '@a(1)'].map(body => `@command${at('/unit/kind')}${body}`))
    expect(await synced('/unit/kind')).toEqual([`@synced${at('/unit/kind')}`])
  })

  test('a forbidden command ends the socket, a forbidden link does not', async () => {
    raw.send(`@sync${at('/unit/s', 'secret')}`)
    await raw.until(`@unlinked${at('/unit/s', 'secret')}`)
    await synced('/unit/s')
    raw.send(`@command${at('/unit/s', 'secret')}@update(key:a)1`)
    await expect(raw.until('never')).rejects.toThrow('closed (1008)')
  })

  test('a frame that makes no sense ends the socket without a close', async () => {
    raw.send('garbage{')
    await expect(raw.until('never')).rejects.toThrow('closed (1006)')
  })

  test('texts that read as booleans come back as booleans, and are not them', async () => {
    const lane = at('/unit/text')
    await synced('/unit/text')
    raw.send(`@command${lane}@update(key:"true")"false"`)
    await raw.until(`@event${lane}@update(key:true) false`)
    raw.send(`@command${lane}@remove(key:true)`)
    expect(await synced('/unit/text')).toContain(`@event${lane}@update(key:true) false`)
  })

  test('5 MiB come back whole', async () => {
    const lane = at('/unit/big')
    await synced('/unit/big')
    const text = 'x'.repeat(5 * 2 ** 20)
    raw.send(`@command${lane}@update(key:a)${text}`)
    expect(await raw.until(/@update\(key:a\)/, 60_000)).toEqual([`@event${lane}@update(key:a) ${text}`])
  })
})
