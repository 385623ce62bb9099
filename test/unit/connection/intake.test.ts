import { describe, expect, test } from 'vitest'
import { Intake } from '../../../src/connection/intake.js'
import { FakeClock } from '../../support/fake-clock.js'

/** An intake whose frames take a millisecond each. */
function makeIntake() {
  const clock = new FakeClock()
  let busyMs = 0
  const now = clock.now.bind(clock)
  clock.now = () => now() + busyMs
  const read: number[] = []
  const held: boolean[] = []
  const intake = new Intake(
    clock,
    text => {
      busyMs++
      read.push(Number(text))
    },
    isHeld => held.push(isHeld),
  )
  const take = (count: number) => {
    for (let i = 0; i < count; i++) intake.take(String(i))
  }
  return { clock, intake, read, held, take }
}

describe('frames on their way in', () => {
  test('are handled at once, until the slice of the turn is used up', () => {
    const { read, take } = makeIntake()
    take(100)
    expect(read.length).toBeGreaterThan(0)
    expect(read.length).toBeLessThan(40)
  })

  test('all come, in order, in later turns', async () => {
    const { clock, read, take } = makeIntake()
    take(100)
    await clock.settle()
    expect(read).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  test('hold the sender back where too many are left over, and let go after them', async () => {
    const { clock, held, take } = makeIntake()
    take(9000)
    expect(held).toEqual([true])
    await clock.settle()
    expect(held).toEqual([true, false])
  })

  test('that are left over are forgotten with their socket', async () => {
    const { clock, intake, read, take } = makeIntake()
    take(100)
    const count = read.length
    intake.clear()
    await clock.settle()
    expect(read).toHaveLength(count)
    intake.take('7')
    expect(read.at(-1)).toBe(7)
  })
})
