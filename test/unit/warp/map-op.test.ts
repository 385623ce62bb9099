import { describe, expect, test } from 'vitest'
import { Reader } from '../../../src/recon/index.js'
import { clearBody, MapOpReader, writeCut, writeRemove, writeUpdate } from '../../../src/warp/map-op.js'

const read = (body: string) => {
  const ops = new MapOpReader(new Reader())
  const op = ops.read(`@event(node:a,lane:b)${body}`, '@event(node:a,lane:b)'.length)
  if (op === undefined) return [op]
  if (op === 'update') return [op, ops.key, ops.value]
  return op === 'remove' ? [op, ops.key] : op === 'clear' ? [op] : [op, ops.count]
}

describe('reading what a body does to a map', () => {
  test.each([
    ['@update(key:a) 1', ['update', 'a', 1]],
    ['@update(key:a)', ['update', 'a', undefined]],
    ['@update(key:a){}', ['update', 'a', {}]],
    ['@update(key:{floor:1,room:2}){x:1}', ['update', { floor: 1, room: 2 }, { x: 1 }]],
    ['@update(key:a)@tag', ['update', 'a', { '@tag': null }]],
    ['@update(key:) 1', ['update', null, 1]],
    ['@update("key":a) 1', ['update', 'a', 1]],
    ['@update(other:1,key:a) 1', ['update', 'a', 1]],
    ['@remove(key:"b c")', ['remove', 'b c']],
    ['@clear', ['clear']],
    ['@clear(1)', ['clear']],
    ['@drop(2)', ['drop', 2]],
    ['@take("3")', ['take', 3]],
    ['@drop(1.9)', ['drop', 1]],
    ['@take(-1)', ['take', -1]],
    ['@drop', ['drop', 0]],
    ['@drop(x)', ['drop', 0]],
    ['@take(n:1)', ['take', 0]],
  ])('%s', (body, expected) => {
    expect(read(body)).toEqual(expected)
  })

  test.each(['@bogus(key:a)', '@update', '@update 5', '@update(1) 5', '@remove', '@remove(a)'])(
    '%j is nothing of the kind',
    body => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: 'protocol' }))
    },
  )

  test.each(['', ' 5', '{key:a}', ' "@clear"', '%AAAA'])('%j is what no map lane sends', body => {
    expect(read(body)).toEqual([undefined])
  })

  test.each(['@update(key:a', '@update(key:a) }', '@update(key:"a)'])('%s is not even Recon', body => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'recon' }))
  })
})

describe('writing it', () => {
  test.each([
    [writeUpdate('a', 1), '@update(key:a) 1', ['update', 'a', 1]],
    [writeUpdate({ floor: 1 }, { x: true }), '@update(key:{floor:1}){x:true}', ['update', { floor: 1 }, { x: true }]],
    [writeUpdate('true', undefined), '@update(key:"true")', ['update', 'true', undefined]],
    [writeRemove(7), '@remove(key:7)', ['remove', 7]],
    [clearBody, '@clear', ['clear']],
    [writeCut('drop', 2), '@drop(2)', ['drop', 2]],
    [writeCut('take', 0), '@take(0)', ['take', 0]],
  ])('%s', (body, expected, meant) => {
    expect(body).toBe(expected)
    expect(read(body)).toEqual(meant)
  })
})
