import { describe, expect, test } from 'vitest'
import { Emitter, Turns } from '../../../src/base/events.js'

interface Events {
  one(value: number): unknown
  two(): unknown
}

function makeEmitter(turns?: Turns) {
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

  test('what was told before it was cleared is told', () => {
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
  const outer = turns.begin()
  a.emitter.emit('two')
  turns.end(turns.begin())
  expect(heard).toEqual([])
  turns.end(outer)
  expect(heard).toEqual(['a', 'b'])
  a.emitter.emit('two')
  expect(heard).toEqual(['a', 'b', 'a', 'b'])
})
