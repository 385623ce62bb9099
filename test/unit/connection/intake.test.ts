import { describe, expect, test } from 'vitest'
import { Intake } from '../../../src/connection/intake.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

/** A slice is 8 ms, and every 16 frames the time is looked at. */
const sliceFrames = 16

/** An intake whose frames take `frameMs` each. */
function makeIntake(frameMs = 1) {
  const clock = new VirtualClock()
  let busyMs = 0
  const now = clock.now.bind(clock)
  clock.now = () => now() + busyMs
  const read: number[] = []
  const held: boolean[] = []
  /** What comes of a frame, besides. */
  const lever = { deliver: (_: number) => {} }
  const intake = new Intake(
    clock,
    text => {
      busyMs += frameMs
      read.push(Number(text))
      lever.deliver(Number(text))
    },
    isHeld => held.push(isHeld),
  )
  let next = 0
  const take = (count: number) => {
    for (let i = 0; i < count; i++) intake.take(String(next++))
  }
  return { clock, intake, read, held, take, lever }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Runs one turn of the loop. */
async function oneTurn(clock: VirtualClock): Promise<void> {
  const { turn } = clock
  const later: (() => void)[] = []
  clock.turn = run => {
    later.push(run)
    return () => later.splice(later.indexOf(run), 1)
  }
  await clock.settle()
  clock.turn = turn
  for (const run of later) clock.turn(run)
}

describe('frames on their way in', () => {
  test('are handled at once, until the slice of the turn is used up', () => {
    const { read, take } = makeIntake()
    take(100)
    expect(read).toEqual(upTo(sliceFrames))
  })

  test('that take no time are all handled at once, without holding the sender back', () => {
    const { read, held, take, intake } = makeIntake(0)
    take(10_000)
    expect(read).toHaveLength(10_000)
    expect(held).toEqual([])
    expect(intake.isBehind).toBe(false)
  })

  test('are all handled, in order, a slice in each later turn', async () => {
    const { clock, read, take } = makeIntake()
    take(50)
    for (const count of [32, 48, 50]) {
      await oneTurn(clock)
      expect(read).toEqual(upTo(count))
    }
  })

  test('hold the sender back from the first that must wait to the last', async () => {
    const { clock, held, take, intake } = makeIntake()
    take(sliceFrames - 1)
    expect([held, intake.isBehind]).toEqual([[], false])
    take(2)
    expect([held, intake.isBehind]).toEqual([[true], true])
    take(9000)
    await oneTurn(clock)
    expect([held, intake.isBehind]).toEqual([[true], true])
    await clock.settle()
    expect([held, intake.isBehind]).toEqual([[true, false], false])
  })

  test('that wait are dropped when their socket is dropped', async () => {
    const { clock, intake, read, held, take } = makeIntake()
    take(100)
    intake.clear()
    await clock.settle()
    expect(read).toEqual(upTo(sliceFrames))
    expect(held).toEqual([true, false])
    take(1)
    expect(read.at(-1)).toBe(100)
  })

  test.each([0, 15, 16, 20, 40])('end their turns when frame %i closes the socket', async last => {
    const { clock, intake, read, held, take, lever } = makeIntake()
    lever.deliver = frame => frame === last && intake.clear()
    take(last + 1)
    await clock.settle()
    expect(read).toEqual(upTo(last + 1))
    expect(intake.isBehind).toBe(false)
    expect(held.at(-1)).not.toBe(true)
  })
})

describe('work that a frame begins', () => {
  /** Work of so many steps, each of which takes a millisecond, as frames do. */
  function makeWork(steps: number) {
    const made = makeIntake()
    const { read, lever, clock } = made
    const now = clock.now.bind(clock)
    let busyMs = 0
    clock.now = () => now() + busyMs
    lever.deliver = frame => {
      if (frame !== 1) return
      let step = 0
      made.intake.inSteps({
        next: () => {
          busyMs++
          read.push(-1)
          return { done: ++step === steps, value: undefined }
        },
      })
    }
    return made
  }
  const steps = (count: number) => Array.from({ length: count }, () => -1)

  test('is done before the next frame, in as many turns as it takes', async () => {
    const { clock, read, held, take, intake } = makeWork(50)
    take(10)
    // Both count: what comes of a frame, and its work.
    expect(read).toEqual([0, 1, ...steps(14)])
    expect([held, intake.isBehind]).toEqual([[true], true])
    await oneTurn(clock)
    expect(read).toEqual([0, 1, ...steps(30)])
    await clock.settle()
    expect(read).toEqual([0, 1, ...steps(50), 2, 3, 4, 5, 6, 7, 8, 9])
    expect(held).toEqual([true, false])
  })

  test('that is short is done at once', () => {
    const { read, held, take } = makeWork(3)
    take(3)
    expect(read).toEqual([0, 1, ...steps(3), 2])
    expect(held).toEqual([])
  })

  test('is done before the end of its socket is reported', async () => {
    const { clock, read, take, intake } = makeWork(40)
    take(2)
    intake.end(() => read.push(-2))
    await clock.settle()
    expect(read).toEqual([0, 1, ...steps(40), -2])
  })

  test('is dropped with its socket', async () => {
    const { clock, read, take, intake } = makeWork(50)
    take(2)
    intake.clear()
    await clock.settle()
    take(1)
    expect(read).toEqual([0, 1, ...steps(14), 2])
  })
})

describe('the end of a socket', () => {
  test('is reported at once if no frame waits', () => {
    const { intake, take, read } = makeIntake()
    take(3)
    intake.end(() => read.push(-1))
    expect(read).toEqual([...upTo(3), -1])
  })

  test('is reported after all frames that came before it', async () => {
    const { clock, intake, held, take, read } = makeIntake()
    take(100)
    intake.end(() => read.push(-1))
    await clock.settle()
    expect(read).toEqual([...upTo(100), -1])
    expect(held).toEqual([true, false])
  })

  test('is dropped with the frames before it', async () => {
    const { clock, intake, take, read } = makeIntake()
    take(100)
    intake.end(() => read.push(-1))
    intake.clear()
    await clock.settle()
    expect(read).toEqual(upTo(sliceFrames))
  })
})

describe('a frame whose handling throws', () => {
  test.each([...upTo(4), 15, 16, 17, 31, 32, 47, 48, 49])('as frame %i, stops no other frame', async bad => {
    const { clock, intake, held, take, read, lever } = makeIntake()
    lever.deliver = frame => {
      if (frame === bad) throw new Error('bad')
    }
    const thrown: unknown[] = []
    // A turn that throws is the platform's to report.
    const { turn } = clock
    clock.turn = run =>
      turn.call(clock, () => {
        try {
          run()
        } catch (cause) {
          thrown.push(cause)
        }
      })
    for (let i = 0; i < 50; i++) {
      try {
        take(1)
      } catch (cause) {
        thrown.push(cause)
      }
    }
    await clock.settle()
    expect(thrown).toEqual([new Error('bad')])
    expect(read).toEqual(upTo(50))
    expect(intake.isBehind).toBe(false)
    expect(held.filter(Boolean)).toHaveLength(held.length / 2)
  })
})
