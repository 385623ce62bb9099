import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../../src/base/clock.js'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const turn = () => new Promise<void>(resolve => void systemClock.turn(resolve))

describe("the platform's clock", () => {
  test('goes forward, and throws dice', () => {
    expect(systemClock.now()).toBeLessThanOrEqual(systemClock.now())
    expect(systemClock.random()).toBeLessThan(1)
  })

  test('a timer runs once, unless it is taken back', () => {
    vi.useFakeTimers()
    const ran: string[] = []
    systemClock.timer(() => ran.push('kept'), 10)
    systemClock.timer(() => ran.push('taken back'), 10)()
    vi.advanceTimersByTime(100)
    expect(ran).toEqual(['kept'])
  })

  test('a turn is of its own, and can be taken back', async () => {
    const ran: string[] = []
    systemClock.turn(() => ran.push('kept'))
    systemClock.turn(() => ran.push('taken back'))()
    expect(ran).toEqual([])
    await turn()
    expect(ran).toEqual(['kept'])
  })

  test.each([
    ['a page', ['setImmediate']],
    ['an old Worker of Cloudflare', ['setImmediate', 'MessageChannel']],
  ])('a turn comes in %s, which lacks %j', async (_, lacks) => {
    for (const name of lacks) vi.stubGlobal(name, undefined)
    vi.resetModules()
    const { systemClock: bare } = await import('../../../src/base/clock.js')
    const ran: string[] = []
    bare.turn(() => ran.push('taken back'))()
    await new Promise<void>(resolve => void bare.turn(() => (ran.push('kept'), resolve())))
    expect(ran).toEqual(['kept'])
  })

  test('where nothing is drawn, as in a worker, a frame is a turn', async () => {
    const ran: string[] = []
    systemClock.frame(() => ran.push('no page'))
    await turn()
    vi.stubGlobal('requestAnimationFrame', () => ran.push('drawn'))
    systemClock.frame(() => ran.push('no document'))
    await turn()
    expect(ran).toEqual(['no page', 'no document'])
  })

  test('in a page it is the next that is drawn; where none is, as in a hidden one, it comes all the same, once', () => {
    vi.useFakeTimers()
    const ran: string[] = []
    let draw = () => {}
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => ((draw = run), 1))
    vi.stubGlobal('cancelAnimationFrame', () => (draw = () => {}))
    vi.stubGlobal('document', { hidden: false })
    systemClock.frame(() => ran.push('drawn'))
    expect(ran).toEqual([])
    draw()
    vi.advanceTimersByTime(1000)
    expect(ran).toEqual(['drawn'])
    systemClock.frame(() => ran.push('late'))
    vi.advanceTimersByTime(1000)
    draw()
    expect(ran).toEqual(['drawn', 'late'])
    systemClock.frame(() => ran.push('taken back'))()
    draw()
    vi.advanceTimersByTime(1000)
    expect(ran).toHaveLength(2)
  })
})
