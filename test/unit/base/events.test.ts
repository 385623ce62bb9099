import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { Emitter, Turns } from '../../../src/base/events.js'

interface Events {
  one(value: number): unknown
  two(): unknown
}

function makeEmitter(turns = new Turns()) {
  const faults: unknown[][] = []
  const emitter = new Emitter<Events>((...fault) => faults.push(fault), turns)
  const heard: unknown[] = []
  return { emitter, faults, heard }
}

describe('an emitter', () => {
  test('tells listeners in the order in which they came', () => {
    const { emitter, heard } = makeEmitter()
    emitter.on('one', value => heard.push(['first', value]))
    emitter.on('one', value => heard.push(['second', value]))
    emitter.emit('one', 1)
    expect(heard).toEqual([
      ['first', 1],
      ['second', 1],
    ])
  })

  test('tells one that came twice twice, each with an undo of its own, safe to call twice', () => {
    const { emitter, heard } = makeEmitter()
    const listener = () => heard.push('told')
    const undo = emitter.on('two', listener)
    emitter.on('two', listener)
    undo()
    undo()
    emitter.emit('two')
    expect(heard).toEqual(['told'])
    expect(emitter.has('two')).toBe(true)
    expect(emitter.has('one')).toBe(false)
  })

  test('goes over a copy of its list: who comes or goes meanwhile is for the next time', () => {
    const { emitter, heard } = makeEmitter()
    emitter.on('two', () => {
      undo()
      emitter.on('two', () => heard.push('late'))
    })
    const undo = emitter.on('two', () => heard.push('second'))
    emitter.emit('two')
    expect(heard).toEqual(['second'])
    emitter.emit('two')
    expect(heard).toEqual(['second', 'late'])
  })

  test('reports what throws or rejects, by name, and starves nobody', async () => {
    const { emitter, faults, heard } = makeEmitter()
    emitter.on('two', () => {
      throw new Error('thrown')
    })
    emitter.on('two', async () => Promise.reject(new Error('rejected')))
    emitter.on('two', () => heard.push('third'))
    emitter.emit('two')
    for (let i = 0; i < 5; i++) await Promise.resolve()
    expect(heard).toEqual(['third'])
    expect(faults).toEqual([
      [new Error('thrown'), 'two'],
      [new Error('rejected'), 'two'],
    ])
  })

  const thrown = new Error('thrown')
  const fail = () => {
    throw thrown
  }
  /** What a listener may return that comes to nothing. */
  const failing: [title: string, result: () => unknown][] = [
    ['a promise', () => Promise.reject(thrown)],
    ['a promise of another realm', () => runInNewContext('Promise.reject(cause)', { cause: thrown })],
    [
      'an async function of another realm',
      runInNewContext('async () => { throw cause }', { cause: thrown }) as () => unknown,
    ],
    ['a thenable', () => ({ then: (_: unknown, reject: (cause: unknown) => void) => reject(thrown) })],
    [
      'a thenable that says so twice',
      () => ({ then: (_: unknown, no: (cause: unknown) => void) => (no(thrown), no(1)) }),
    ],
    [
      'a function with a then',
      () => Object.assign(() => 1, { then: (_: unknown, no: (cause: unknown) => void) => no(thrown) }),
    ],
    ['a thenable whose then throws', () => ({ then: fail })],
    ['a thenable whose then is a getter that throws', () => Object.defineProperty({}, 'then', { get: fail })],
    ['a promise whose then was replaced by one that throws', () => Object.assign(Promise.resolve(), { then: fail })],
    ['a proxy that throws', () => new Proxy({}, { get: fail })],
    [
      'a thenable that gives another that fails',
      () => ({ then: (yes: (value: unknown) => void) => yes({ then: fail }) }),
    ],
  ]

  test.each(failing)('reports once what a listener returns, and tells the next: %s', async (_, result) => {
    const { emitter, faults, heard } = makeEmitter()
    emitter.on('two', result)
    emitter.on('two', () => heard.push('second'))
    emitter.emit('two')
    for (let i = 0; i < 10; i++) await Promise.resolve()
    expect(faults).toEqual([[thrown, 'two']])
    expect(heard).toEqual(['second'])
  })

  test.each([undefined, null, 0, 'then', { then: 1 }, [], Promise.resolve(1), Object.create(null)])(
    'reports nothing of a listener that returns what does not fail (%#)',
    async result => {
      const { emitter, faults } = makeEmitter()
      emitter.on('two', () => result)
      emitter.emit('two')
      for (let i = 0; i < 10; i++) await Promise.resolve()
      expect(faults).toEqual([])
    },
  )

  test('tells what a listener brings about after it', () => {
    const { emitter, heard } = makeEmitter()
    emitter.on('one', value => {
      heard.push(`first ${value}`)
      if (value < 3) emitter.emit('one', value + 1)
    })
    emitter.on('one', value => heard.push(`second ${value}`))
    emitter.emit('one', 1)
    expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'second 2', 'first 3', 'second 3'])
  })

  test('events emitted before it was cleared are sent', () => {
    const { emitter, heard } = makeEmitter()
    emitter.on('one', () => {
      emitter.emit('two')
      emitter.clear()
      emitter.emit('two')
    })
    emitter.on('two', () => heard.push('two'))
    emitter.emit('one', 1)
    expect(heard).toEqual(['two'])
  })
})

test('several emitters with one order of turns wait for each other, and for whoever holds them', () => {
  const turns = new Turns()
  const [a, b] = [makeEmitter(turns), makeEmitter(turns)]
  const heard: string[] = []
  a.emitter.on('two', () => {
    b.emitter.emit('two')
    heard.push('a')
  })
  b.emitter.on('two', () => heard.push('b'))
  turns.run(() => {
    a.emitter.emit('two')
    turns.run(() => {})
    expect(heard).toEqual([])
  })
  expect(heard).toEqual(['a', 'b'])
  a.emitter.emit('two')
  expect(heard).toEqual(['a', 'b', 'a', 'b'])
})

describe('what throws within a turn', () => {
  const thrown = new Error('thrown')
  const fail = () => {
    throw thrown
  }
  const caught = (act: () => void): unknown => {
    try {
      act()
    } catch (cause) {
      return cause
    }
    return undefined
  }

  /** Where the throw is: in what is run, in what waits, in a run within either; and how many times. */
  const places: Record<string, (turns: Turns) => void> = {
    'what is run': turns => turns.run(fail),
    'a run within it': turns => turns.run(() => turns.run(fail)),
    'what waits': turns => turns.run(() => turns.later(fail)),
    'a run within what waits': turns => turns.run(() => turns.later(() => turns.run(fail))),
    'what waits for what waits': turns => turns.run(() => turns.later(() => turns.later(fail))),
  }

  test.each(Object.entries(places))('in %s: loses no event, comes out after them, and ends the turn', (_, place) => {
    const turns = new Turns()
    const { emitter, heard } = makeEmitter(turns)
    emitter.on('one', value => {
      heard.push(value)
      if (value < 10) emitter.emit('one', value + 10)
    })
    const cause = caught(() =>
      turns.run(() => {
        emitter.emit('one', 1)
        turns.later(() => heard.push(2))
        try {
          place(turns)
        } finally {
          emitter.emit('one', 3)
        }
      }),
    )
    expect(cause).toBe(thrown)
    expect(heard).toEqual([1, 2, 3, 11, 13])
    expect(turns.isBusy).toBe(false)
    emitter.emit('one', 20)
    expect(heard.at(-1)).toBe(20)
  })

  test('more than once comes out as one error with all of them, and each event is sent', () => {
    const turns = new Turns()
    const heard: string[] = []
    const others = ['second', 'third'].map(message => new Error(message))
    const cause = caught(() =>
      turns.run(() => {
        for (const other of others) {
          turns.later(() => {
            throw other
          })
          turns.later(() => heard.push(other.message))
        }
        fail()
      }),
    )
    expect(cause).toMatchObject({ message: 'thrown', errors: [thrown, ...others] })
    expect(heard).toEqual(['second', 'third'])
  })

  test('when it is a report that throws: no listener behind it is left out, now or later', () => {
    const turns = new Turns()
    const emitter = new Emitter<Events>(fail, turns)
    const heard: string[] = []
    emitter.on('one', () => {
      emitter.emit('two')
      throw new Error('of a listener')
    })
    emitter.on('one', () => heard.push('one'))
    emitter.on('two', fail)
    emitter.on('two', () => heard.push('two'))
    expect(caught(() => emitter.emit('one', 1))).toMatchObject({ errors: [thrown, thrown] })
    expect(heard).toEqual(['one', 'two'])
    expect(caught(() => turns.run(() => emitter.emit('two')))).toBe(thrown)
    expect(heard).toEqual(['one', 'two', 'two'])
    expect(turns.isBusy).toBe(false)
  })
})
