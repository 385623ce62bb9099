// When frames leave for a tab: the first at once, those that follow closely in one message.
import { expect, it } from 'vitest'
import { Outflow } from '../../../src/shared/relay/outflow.js'
import { chanceOf } from '../../../src/testing/random.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

function outflowOf() {
  const clock = new VirtualClock(chanceOf(7))
  const posted: (readonly string[])[] = []
  const out = new Outflow({ clock, post: frames => posted.push(frames), overflowed: () => {} })
  return { clock, out, posted: () => posted.splice(0) }
}

it('a frame after a pause goes at once, and those of the next 3 ms go together', async () => {
  const { clock, out, posted } = outflowOf()
  out.push('a')
  await clock.settle()
  expect(posted()).toEqual([['a']])
  for (const text of ['b', 'c', 'd']) {
    out.push(text)
    await clock.settle()
  }
  expect(posted()).toEqual([])
  await clock.advance(3)
  expect(posted()).toEqual([['b', 'c', 'd']])
})

it('a full batch does not wait', async () => {
  const { clock, out, posted } = outflowOf()
  out.push('a')
  await clock.settle()
  out.push('b')
  await clock.settle()
  posted()
  out.push('x'.repeat(2 ** 17))
  await clock.settle()
  expect(posted().map(frames => frames.length)).toEqual([2])
})

it('frames of a link do not wait for the pause', async () => {
  const { clock, out, posted } = outflowOf()
  out.push('a')
  await clock.settle()
  posted()
  const left = ['b', 'c']
  out.wake({ prio: 0, next: () => left.shift() })
  await clock.settle()
  expect(posted()).toEqual([['b', 'c']])
})
