import { describe, expect, test } from 'vitest'
import { Caution, findCulprit, type SocketEnd } from '../../../src/write/caution.js'
import type { Write } from '../../../src/write/write.js'
import { Ends, makeWrite } from './kit.js'

const writes = (...names: string[]) => names.map(name => makeWrite(name))

/** A socket that its host ended. */
const endOf = (closeCode: number, facts: Partial<SocketEnd> = {}): SocketEnd => {
  return { cause: undefined, closeCode, isPeers: true, isFault: true, isForbidden: false, isUnsure: false, ...facts }
}

describe('the write that a socket ended over', () => {
  test('is the largest write, at the first loss, if the close code is 1009 (message too big)', () => {
    const underWay = writes('aaa', 'aaaaaaaa', 'a', 'aaaaaaaa', 'aaaa')
    expect(findCulprit(underWay, endOf(1009))).toBe(underWay[1])
    expect(findCulprit(writes('a'), endOf(1009))?.body).toBe('a')
  })

  test('is undefined if no write was on the wire', () => {
    for (const code of [1006, 1008, 1009]) expect(findCulprit([], endOf(code, { isForbidden: true }))).toBeUndefined()
  })

  test('is the only write on the wire, at the first loss, if the host forbids a write', () => {
    const [only] = writes('a')
    const end = endOf(1008, { isForbidden: true })
    expect(findCulprit([only!], end)).toBe(only)
    expect(findCulprit(writes('a', 'b'), end)).toBeUndefined()
  })

  const others = [1002, 1003, 1006, 1007, 1008, 1011, 4000].map(code => endOf(code))

  test.each(others)('$closeCode: is the only write on the wire, at its second loss', end => {
    const [only] = writes('a')
    expect(findCulprit([only!], end)).toBeUndefined()
    expect(findCulprit([only!], end)).toBe(only)
  })

  test.each(others)(
    '$closeCode: is a write at its third loss, if other new writes shared the wire at the second',
    end => {
      const [again, ...fresh] = writes('a', 'b', 'c')
      expect(findCulprit([again!], end)).toBeUndefined()
      expect(findCulprit([again!, ...fresh], end)).toBeUndefined()
      expect(fresh.map(({ losses }) => losses)).toEqual([1, 1])
      expect(findCulprit([again!, ...writes('d')], end)).toBe(again)
    },
  )

  test('is undefined if two writes have an equal number of losses', () => {
    const underWay = writes('a', 'b')
    for (let i = 0; i < 5; i++) expect(findCulprit(underWay, endOf(1002))).toBeUndefined()
    expect(underWay.map(({ losses }) => losses)).toEqual([5, 5])
    expect(findCulprit([underWay[1]!], endOf(1002))).toBe(underWay[1])
  })

  test('is undefined until the third loss if an ended write may have been on the wire too', () => {
    for (const code of [1002, 1006, 1008, 1009]) {
      const [only] = writes('a')
      const end = endOf(code, { isForbidden: code === 1008, isUnsure: true })
      for (const losses of [1, 2]) expect([findCulprit([only!], end), only!.losses]).toEqual([undefined, losses])
      expect(findCulprit([only!], end)).toBe(only)
    }
  })
})

describe('caution', () => {
  const ended = (caution: Caution, underWay: readonly Write[], isFault: boolean) =>
    caution.ended(underWay, endOf(1002, { isFault }), 'ws://host')

  /** How many of these may go out together. */
  const together = (caution: Caution, suspects: readonly Write[]) =>
    suspects.filter(write => caution.mayRisk(write)).length

  const suspects = (count: number, losses = 1) =>
    Array.from({ length: count }, () => Object.assign(makeWrite('x'), { losses }))

  test('holds no write back before any socket has ended', () => {
    const caution = new Caution()
    expect(together(caution, suspects(100))).toBe(100)
    expect(caution.passed()).toBe(false)
  })

  test('without a fault of the host, holds writes back from their second loss on', () => {
    const caution = new Caution()
    ended(caution, suspects(100, 0), false)
    expect(together(caution, suspects(100, 1))).toBe(100)
    ended(caution, suspects(100, 1), false)
    expect(together(caution, suspects(100, 2))).toBe(1)
  })

  test('with a fault of the host, holds writes back from their first loss on', () => {
    const caution = new Caution()
    ended(caution, suspects(100, 0), true)
    expect(together(caution, suspects(100, 1))).toBe(1)
  })

  test('holds back only writes that have lost a socket', () => {
    const caution = new Caution()
    ended(caution, suspects(100, 0), true)
    expect(together(caution, suspects(1, 1))).toBe(1)
    expect(together(caution, suspects(100, 0))).toBe(100)
  })

  test('lets suspects out one at a time, then doubles their number each time', () => {
    const caution = new Caution()
    ended(caution, suspects(1000, 0), true)
    const batches: number[] = []
    let isNext = true
    while (isNext && batches.length < 14) {
      const count = together(caution, suspects(1000))
      batches.push(count)
      for (let i = 0; i < count; i++) {
        isNext = caution.passed()
        // The next are sent once all of these have passed.
        if (i < count - 1) expect(isNext).toBe(false)
      }
    }
    expect(batches).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 64])
  })

  test('lets out one suspect at a time again after another socket ends', () => {
    const caution = new Caution()
    ended(caution, suspects(10, 0), true)
    for (let i = 0; i < 10; i++) for (let n = together(caution, suspects(100)); n > 0; n--) caution.passed()
    expect(together(caution, suspects(100))).toBe(8)
    ended(caution, suspects(8, 1), true)
    expect(together(caution, suspects(100))).toBe(1)
  })

  test('refuses the culprit and returns true, unless the client ended the socket', () => {
    const caution = new Caution()
    const ends = new Ends()
    const bad = makeWrite('bad', ends)
    expect(caution.ended([bad], endOf(1002, { isPeers: false }), 'ws://host')).toBe(false)
    expect([bad.losses, ends.list]).toEqual([0, []])
    expect(caution.ended([bad], endOf(1002), 'ws://host')).toBe(false)
    expect(caution.ended([bad], endOf(1002), 'ws://host')).toBe(true)
    expect(ends.list).toEqual(['bad refused unsent'])
    expect(caution.ended([], endOf(1002), 'ws://host')).toBe(false)
  })
})
