// At which pace a tape is played: time is counted, not waited for.
import { expect, test } from 'vitest'
import { conversationsOf } from '../../../src/cli/tape/conversations.js'
import { Player } from '../../../src/cli/tape/player.js'

const host = 'warp://example.com'
const of = (tag: string, body = '') => `@${tag}(node:"/n",lane:m)${body}`
const out = (at: number, text: string) => ({ at, host, direction: 'out', text }) as const
const back = (at: number, text: string) => ({ at, host, direction: 'in', text }) as const

const lines = [
  { at: 0, host, event: 'open' },
  out(1, of('sync')),
  back(2, of('linked')),
  back(4, of('synced')),
  out(100, of('command', '@update(key:b) 1')),
  back(200, of('event', '@update(key:b) 1')),
  back(500, of('event', '@remove(key:b)')),
  { at: 600, host, event: 'close', code: 1001, reason: 'restart' },
] as const

/** What a player does with the tape, and when, if the client says this at these times. Timers come one after the other, each at its time. */
function played(speed: number, waits: boolean, ...said: readonly (readonly [atMs: number, text: string])[]) {
  const done: (readonly [atMs: number, what: string])[] = []
  let nowMs = 0
  const timers: { readonly at: number; readonly work: () => void }[] = []
  const player = new Player(
    conversationsOf(lines)[0]!,
    {
      send: text => done.push([nowMs, text]),
      close: (code, reason) => done.push([nowMs, `${code} ${reason}`]),
      later: (ms, work) => timers.push({ at: nowMs + ms, work }),
      deviates: what => done.push([nowMs, `deviates: ${what}`]),
    },
    speed,
    waits,
  )
  for (const [at, text] of said) timers.push({ at, work: () => player.hear(text) })
  while (timers.length > 0) {
    const [timer] = timers.sort((a, b) => a.at - b.at)
    timers.shift()
    nowMs = timer!.at
    timer!.work()
  }
  return done
}

const sync = of('sync')
const told = ['linked', 'synced', 'update', 'remove', '1001'].map(text => expect.stringContaining(text) as string)
const at = (...times: readonly number[]) => times.map((time, i) => [time, told[i]])

test.each([
  ['at the tape’s pace', 1, at(1, 3, 199, 499, 599)],
  ['twice as fast', 2, at(0.5, 1.5, 99.5, 249.5, 299.5)],
  ['at half its pace', 0.5, at(2, 6, 398, 998, 1198)],
  ['at once', Infinity, at(0, 0, 0, 0, 0)],
])('without waiting for commands, %s', (_, speed, expected) => {
  expect(played(speed, false, [0, sync])).toEqual(expected)
})

test('where commands are waited for, what comes after one keeps its distance from it', () => {
  expect(played(1, true, [0, sync])).toEqual(at(1, 3))
  expect(played(1, true, [0, sync], [50, of('command', '@update(key:b) 1')])).toEqual(at(1, 3, 150, 450, 550))
})
