// The sample of client.inspect() in docs/INSPECT.md is what a client gives, in virtual time, and has all keys that there are.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Inspection } from '../../../src/client/inspection.js'
import '../../../src/inspect/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), 'utf8')

const [, text] = /^## inspect\(\)\n\n```json\n([^]*?)^```$/m.exec(read('docs/INSPECT.md'))!
const sample = JSON.parse(text!) as Inspection

/** One host that is open, with a write under way, and one that went while it was linked. */
async function inspected(): Promise<Inspection> {
  const host = new ScriptedHost({ reconnectMinMs: 5000, reconnectMaxMs: 5000, reconnectJitter: 0, onError: () => {} })
  const { client, clock, network } = host
  const lobby = { hostUri: 'warp://example.com', nodeUri: '/hotel/lobby' }
  const elevators = client.downlinkMap({ ...lobby, laneUri: 'elevators' }).open()
  const forecast = { hostUri: 'warp://weather.example.com', nodeUri: '/city', laneUri: 'forecast' }
  client.downlinkValue(forecast).open()
  await host.settle()
  const say = (peer: number, frames: string[], at: string) =>
    frames.forEach(frame => host.peers[peer]!.send(frame.replace(/^@\w+/, tag => `${tag}(${at})`)))
  const inLobby = 'node:"/hotel/lobby",lane:elevators'
  const entries = Array.from({ length: 12 }, (_, i) => `@event@update(key:${i}){floor:${i}}`)
  await clock.advance(12)
  say(0, ['@linked', ...entries, '@synced'], inLobby)
  say(1, ['@linked', '@event sunny', '@synced'], 'node:"/city",lane:forecast')
  await clock.advance(60_000)
  host.peers[0]!.cut(1001, 'restart')
  await clock.advance(5000)
  await clock.advance(9)
  say(2, ['@linked', ...entries, '@synced'], inLobby)
  await clock.advance(30_000)
  network.refuses = true
  host.peers[1]!.cut()
  await clock.advance(7000)
  elevators.set('guest', { floor: 3 })
  await host.settle()
  return client.inspect()
}

/** With all times as milliseconds from when it was looked at. */
const fromNow = ({ at, hosts, links, ...rest }: Inspection) => {
  const ago = <K extends string>(key: K, time: number | undefined) => (time === undefined ? {} : { [key]: time - at })
  return {
    ...rest,
    hosts: hosts.map(host => ({
      ...host,
      ...ago('since', host.since),
      ...ago('nextAttemptAt', host.nextAttemptAt),
    })),
    links: links.map(link => ({ ...link, ...ago('syncedAt', link.syncedAt) })),
  }
}

test('the sample is what a client gives', async () => {
  const real = await inspected()
  expect(fromNow(sample), JSON.stringify(real)).toEqual(fromNow(real))
})

/** A client with `sharedSocket` alone has it: docs/TABS.md. */
const elsewhere = ['via']

test.each(['InspectedHost', 'InspectedLink', 'InspectedCounters'])('the sample has each key of %s', name => {
  const [, body] = new RegExp(`^export interface ${name} \\{\\n([^]*?)^\\}`, 'm').exec(
    read('src/client/inspection.ts'),
  )!
  const keys = Array.from(body!.matchAll(/^ {2}readonly (\w+)/gm), ([, key]) => key!)
  const { hosts, links, counters } = sample
  const shown = { InspectedHost: hosts, InspectedLink: links, InspectedCounters: [counters] }[name]!
  expect(keys.length).toBeGreaterThan(4)
  const missing = keys.filter(key => !shown.some(each => Object.hasOwn(each, key)))
  expect(missing.filter(key => !elsewhere.includes(key))).toEqual([])
})
