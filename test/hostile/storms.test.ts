// A host that says one thing over and over: the client reports it once, asks again no more often than its waits allow, and recovers.
import { describe, expect, test } from 'vitest'
import { Chance } from './support/chance.js'
import { DirectHost } from './support/direct-host.js'
import { Witness } from './support/witness.js'

const frames = 2000
const head = '(node:"/v",lane:map)'

/** @param answers whether the host answers what is asked of the lane that it storms about */
function meet(answers = true) {
  const chance = new Chance(1)
  const host = new DirectHost(chance.next)
  const witness = new Witness(host, chance)
  let asked = 0
  host.answer = frame => {
    const good = witness.answer(frame)
    if (good !== undefined) return good
    if (/^@(sync|link)\(node:"\/v"/.test(frame)) asked++
    if (frame.startsWith('@unlink(')) return [`@unlinked${head}`]
    return answers && frame.startsWith('@sync')
      ? [`@linked${head}`, `@event${head}@update(key:a) 1`, `@synced${head}`]
      : []
  }
  const map = host.client.downlinkMap<string, number>({ nodeUri: '/v', laneUri: 'map' }).open()
  return { host, witness, map, asked: () => asked }
}

/** So often a lane is asked for anew with no wait, by default. */
const few = 3

/** What is said over and over; how often it is an error: for each reason, which does not change, once; and how often a lane may be asked for. */
const storms: Readonly<Record<string, readonly [says: (i: number) => string, errors: number, most?: number]>> = {
  'that a lane is unlinked': [() => `@unlinked${head}`, 1],
  'that there is no such lane': [() => `@unlinked${head}@laneNotFound`, 1],
  'that a lane is linked': [() => `@linked${head}`, 0],
  'that a lane is synced': [() => `@synced${head}`, 0],
  'that a lane is linked, synced and unlinked': [
    i => `@${['linked', 'synced', 'unlinked'][i % 3]!}${head}`,
    // Each end of a lane that was synced is news.
    Math.floor(frames / 3),
    frames / 3,
  ],
  'that it knows who asks': [() => '@authed', 0],
  'that it does not know who asks': [() => '@deauthed', 0],
  'that a lane is cleared': [() => `@event${head}@clear`, 0],
  // Each may have taken any entries, and is answered at once here: over a network one @sync is for all that come meanwhile.
  'that entries are dropped': [() => `@event${head}@drop(1)`, 0, frames],
  'that an entry is gone, and is there': [i => `@event${head}@${i % 2 ? 'remove(key:a)' : 'update(key:a) 1'}`, 0],
  'that lanes are there that nobody asked for': [i => `@linked(node:"/other/${i}",lane:x)`, 0],
  'that such lanes have entries': [i => `@event(node:"/other/${i}",lane:x)@update(key:a) 1`, 0],
  'that such lanes are gone': [i => `@unlinked(node:"/other/${i}",lane:x)@nodeNotFound`, 0],
}

describe(`a host that says ${frames} times`, () => {
  test.each(Object.entries(storms))('%s', async (_, [says, errors, most = few]) => {
    const { host, witness, map, asked } = meet()
    await host.pass(1000)
    const before = asked()
    for (let i = 0; i < frames; i++) {
      await host.say(says(i))
      if (i % 100 === 0) await witness.step()
    }
    // No time has passed: what is asked again waits for some.
    expect(asked() - before).toBeLessThanOrEqual(most)
    expect(host.errors.length).toBe(errors)
    for (const error of host.errors) expect(error.code).toBe('unlinked')
    expect(host.opened).toBe(1)
    await host.pass(60_000)
    expect(asked() - before).toBeLessThan(most + 40)
    expect(witness.shown).toEqual(witness.held)
    expect(map.status.state).toBe('synced')
    expect([...map]).toEqual([['a', 1]])
    const closed = host.client.close()
    await host.pass(10_000)
    await closed
    expect(host.clock.pendingTimers).toBe(0)
  })

  test('that a lane is unlinked whenever it is asked for, for an hour: is asked by growing waits, and reported once', async () => {
    const { host, witness, map, asked } = meet(false)
    const { answer } = host
    host.answer = frame => {
      const said = answer(frame)
      return /^@\w+\(node:"\/v"/.test(frame) ? [`@unlinked${head}@noAgent`] : said
    }
    await host.pass(3_600_000)
    // At its longest a wait is half a minute, by chance a tenth of that at least.
    expect(asked()).toBeGreaterThan(100)
    expect(asked()).toBeLessThan(400)
    expect(host.errors.map(({ code }) => code)).toEqual(['unlinked'])
    expect(map.status).toMatchObject({ state: 'unlinked', reason: 'noAgent' })
    expect(witness.shown).toEqual(witness.held)
  })
})
