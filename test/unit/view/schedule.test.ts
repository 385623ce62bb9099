// One frame for all views of a clock: all are brought up to date before anybody is called.
import { expect, test } from 'vitest'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { scheduleOf } from '../../../src/view/schedule.js'

const make = () => {
  const clock = new VirtualClock()
  let frames = 0
  const { frame } = clock
  clock.frame = run => {
    frames++
    return frame.call(clock, run)
  }
  const did: string[] = []
  const take = () => did.splice(0).join(' ')
  const node = (name: string, act = () => {}) => ({
    settle: () => {
      did.push(name)
      act()
    },
  })
  const run =
    (name: string, act = () => {}) =>
    () => {
      did.push(name)
      act()
    }
  const framesOf = () => {
    const count = frames
    frames = 0
    return count
  }
  return { clock, schedule: scheduleOf(clock), node, run, take, framesOf }
}

test('a clock has one schedule', () => {
  const [one, two] = [make(), make()]
  expect([scheduleOf(one.clock) === one.schedule, one.schedule === two.schedule]).toEqual([true, false])
  expect(one.schedule.clock).toBe(one.clock)
})

test('views are settled once each, then listeners are called, in one frame', async () => {
  const { clock, schedule, node, run, take, framesOf } = make()
  const one = node('one')
  schedule.frame(run('a'))
  schedule.add(one)
  schedule.add(node('two'))
  schedule.add(one)
  schedule.frame(run('b'))
  await clock.settle()
  expect([take(), framesOf()]).toEqual(['one two a b', 1])
  await clock.settle()
  expect([take(), framesOf()]).toEqual(['', 0])
  schedule.frame(run('c'))
  await clock.settle()
  expect([take(), framesOf()]).toEqual(['c', 1])
})

test('what a view asks for while it is settled is in the same frame, a view that comes then in the next', async () => {
  const { clock, schedule, node, run, take, framesOf } = make()
  schedule.add(
    node('one', () => {
      schedule.frame(run('a'))
      schedule.add(node('two', () => schedule.frame(run('b'))))
    }),
  )
  await clock.settle()
  expect([take(), framesOf()]).toEqual(['one a two b', 2])
})

test('what a listener asks for is in the next frame', async () => {
  const { clock, schedule, node, run, take, framesOf } = make()
  schedule.frame(
    run('a', () => {
      schedule.frame(run('b'))
      schedule.add(node('one'))
    }),
  )
  schedule.frame(run('c'))
  await clock.settle()
  expect([take(), framesOf()]).toEqual(['a c one b', 2])
})

test('what was taken back is not called, also by one that is called before it', async () => {
  const { clock, schedule, run, take } = make()
  schedule.frame(run('a'))()
  const undo = schedule.frame(run('b', () => void later()))
  const later = schedule.frame(run('c'))
  schedule.frame(run('d', () => undo()))
  await clock.settle()
  expect(take()).toBe('b d')
})
