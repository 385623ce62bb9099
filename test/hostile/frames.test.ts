// Frames that a hostile host has made of real ones. HOSTILE_FRAMES says how many, HOSTILE_SEED by which chance.
import { describe, expect, test } from 'vitest'
import { LaneKindError, SwimError } from '../../src/index.js'
import { badBy, badFrames, strict } from './support/bad-frames.js'
import { Chance } from './support/chance.js'
import { DirectHost } from './support/direct-host.js'
import { mutate, mutations, tokensOf } from './support/mutate.js'
import { polluted, prototypes } from './support/prototypes.js'
import { frameBy, lanes, node } from './support/seeds.js'
import { Witness } from './support/witness.js'

const frameCount = Number(process.env['HOSTILE_FRAMES'] ?? 10_000)
const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** A client lives for so many frames, and is looked at after each of so many. */
const perClient = 250
const perLook = 50
/** Longer than a client leaves anything in doubt. */
const quietMs = 6000
/** So much one frame may have a client send: what it asks for anew, of each of its lanes, and whether its host lives. */
const mostSent = 40

/** A host, its client, and on one socket: lanes that are lied about, one about which each lie is known, and two that are served well. */
function meet(chance: Chance) {
  const host = new DirectHost(chance.next)
  const { client } = host
  const at = (laneUri: string) => ({ nodeUri: node, laneUri })
  const victims = [
    client.downlinkMap(at('map')).open(),
    client.downlinkMap(at('map')).emptyValues('keep').open(),
    client.downlinkValue(at('value')).open(),
    client.downlinkList(at('list')).open(),
    client.downlinkEvent(at('event')).open(),
  ]
  const watched = client.downlinkMap<string, number>({ nodeUri: strict.node, laneUri: strict.lane }).open()
  const witness = new Witness(host, chance)
  host.answer = frame => {
    const good = witness.answer(frame)
    if (good !== undefined) return good
    const [, tag, about] = /^@(\w+)(\(node:(?:"[^"]*"|[\w/]+),lane:(?:"[^"]*"|\w+))/.exec(frame) ?? []
    if (tag === 'unlink') return [`@unlinked${about})`]
    if (tag === 'link') return [`@linked${about})`]
    if (tag !== 'sync') return []
    const state = about!.includes('strict') ? [`@event${about})@update(key:here) 1`] : []
    return [`@linked${about})`, ...state, `@synced${about})`]
  }
  return { host, victims, watched, witness }
}

const spell = (frame: string) => JSON.stringify(frame.slice(0, 500)) + (frame.length > 500 ? ` and ${frame.length - 500} more` : '') // prettier-ignore

/** Each is the error of a class of ours, and short whatever the frame was. */
function expectTyped(errors: readonly SwimError[], said: string): void {
  for (const error of errors) {
    expect(error, said).toBeInstanceOf(SwimError)
    expect(['protocol', 'laneKind', 'unlinked', 'timeout', 'transport', 'recon'], said).toContain(error.code)
    expect(error.message.length, said).toBeLessThan(500)
  }
}

async function episode(chance: Chance, count: number): Promise<number> {
  const { host, victims, watched, witness } = meet(chance)
  await host.pass(1000)
  let reported = 0
  for (let i = 1; i <= count; i++) {
    const isKnown = chance.is(0.2) && watched.synced && host.isOpen
    const frame = isKnown ? badBy(chance) : mutate(frameBy(chance), chance, () => frameBy(chance))
    const sent = host.heard
    try {
      await host.say(frame)
    } catch (cause) {
      throw new Error(`thrown out of a handler, by ${spell(frame)}`, { cause })
    }
    const said = spell(frame)
    if (isKnown) expect(host.errors, said).toMatchObject([{ code: 'protocol' }])
    expectTyped(host.errors, said)
    expect(host.heard - sent, said).toBeLessThan(mostSent)
    reported += host.errors.splice(0).length
    if (chance.is(0.3)) await witness.step()
    if (i % perLook > 0 && i < count) continue
    expect(polluted(), said).toEqual([])
    await host.pass(quietMs)
    expect(witness.shown).toEqual(witness.held)
    expectTyped(host.errors.splice(0), 'in a pause')
  }
  // A host that has come to its senses is believed again, by all but those who were shown another kind of lane.
  host.cut()
  await host.pass(120_000)
  expectTyped(host.errors.splice(0), 'after a cut')
  expect(witness.shown).toEqual(witness.held)
  expect([...watched]).toEqual([['here', 1]])
  for (const victim of victims) {
    const { state, reason } = victim.status as never as { state: string; reason?: string }
    // One of another kind than its lane has shown itself to be is through with it.
    expect([state, reason]).toEqual(state === 'unlinked' ? ['unlinked', 'laneKind'] : [victim.laneUri === 'event' ? 'linked' : 'synced', undefined]) // prettier-ignore
    if ('size' in victim && state === 'synced') expect(victim.size).toBe(0)
  }
  const closed = host.client.close()
  await host.pass(10_000)
  await closed
  expect(host.clock.pendingTimers).toBe(0)
  expectTyped(host.errors, 'at the end')
  return reported
}

test(
  `${frameCount} frames that were mutated harm no other lane, and are reported`,
  async () => {
    console.log(`HOSTILE_SEED=${seed} HOSTILE_FRAMES=${frameCount}`)
    const before = prototypes()
    let reported = 0
    for (let done = 0; done < frameCount; done += perClient) {
      // Of its own, so that HOSTILE_SEED with HOSTILE_FRAMES=250 is the one that failed.
      const own = (seed + done / perClient) % 2 ** 31
      try {
        reported += await episode(new Chance(own), Math.min(perClient, frameCount - done))
      } catch (cause) {
        throw new Error(`HOSTILE_SEED=${own} HOSTILE_FRAMES=${perClient}: ${String(cause)}`, { cause })
      }
    }
    // Most are wrong in some way: were none reported, none was read.
    expect(reported).toBeGreaterThan(frameCount / 4)
    expect(prototypes()).toEqual(before)
  },
  60_000 + frameCount * 20,
)

describe('a frame that is wrong for certain is reported once, and leaves its lane as it was', () => {
  test.each(Object.entries(badFrames))('%s', async (_, frame) => {
    const chance = new Chance(1)
    const { host, watched } = meet(chance)
    await host.pass(1000)
    await host.say(frame)
    expect(host.errors).toMatchObject([{ code: 'protocol' }])
    expect([...watched]).toEqual([['here', 1]])
    await host.say('@event(node:"/s",lane:strict)@update(key:later) 2')
    expect(watched.get('later')).toBe(2)
    expect(host.errors).toHaveLength(1)
  })
})

test.each(Object.keys(mutations))('a run has frames of each kind: %s', name => {
  const chance = new Chance(3)
  // Those that change no letter say nothing of a client.
  const changed = Array.from({ length: 50 }, () => {
    const frame = frameBy(chance)
    const tokens = tokensOf(frame)
    mutations[name]!(tokens, chance, () => tokensOf(frameBy(chance)))
    return tokens.join('') !== frame
  })
  expect(changed.filter(Boolean).length).toBeGreaterThan(5)
})

test('a lane of another kind is said to be so once, and its events after that are no news', async () => {
  const { host, victims } = meet(new Chance(1))
  await host.pass(1000)
  for (const lane of lanes)
    for (let i = 0; i < 3; i++) await host.say(`@event(node:"${node}",lane:${lane})@update(key:a) ${i}`)
  const kinds = host.errors.filter(error => error instanceof LaneKindError)
  expect(kinds.map(({ found, wanted }) => [found, wanted])).toEqual([['map', 'value'], ['map', 'list']]) // prettier-ignore
  expect(host.errors).toHaveLength(kinds.length)
  expect(victims).toHaveLength(5)
})

test('a lane that was refused, and then shows another kind, is of another kind for good', async () => {
  const { host, victims } = meet(new Chance(1))
  await host.pass(1000)
  const list = victims[3]!
  await host.say(`@unlinked(node:"${node}",lane:list)@noAgent`)
  expect(list.status).toMatchObject({ state: 'unlinked', reason: 'noAgent' })
  await host.say(`@event(node:"${node}",lane:list)@update(key:a) 1`)
  expect(list.status).toMatchObject({ state: 'unlinked', reason: 'laneKind' })
  await host.pass(60_000)
  expect(list.status).toMatchObject({ state: 'unlinked', reason: 'laneKind' })
})
