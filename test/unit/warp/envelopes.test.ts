import { describe, expect, test } from 'vitest'
import { Reader } from '../../../src/recon/index.js'
import { isEnvelopeTag } from '../../../src/warp/envelope.js'
import { readEnvelope, readTag } from '../../../src/warp/read-envelope.js'
import { writeBody, writeHead } from '../../../src/warp/write-envelope.js'

const read = (text: string) => {
  const { bodyAt, ...head } = readEnvelope(text, new Reader())
  return { ...head, body: text.slice(bodyAt) }
}
const head = { node: '/unit/1', lane: 'map', prio: 0, rate: 0 }

describe('reading an envelope', () => {
  test.each([
    ['@event(node:"/unit/1",lane:map)@update(key:a) 1', { ...head, tag: 'event', body: '@update(key:a) 1' }],
    ['@event(node:"/unit/1",lane:map) 5', { ...head, tag: 'event', body: ' 5' }],
    ['@event(lane:map,node:"/unit/1",via:x,"prio":0.5){}', { ...head, tag: 'event', prio: 0.5, body: '{}' }],
    ['@synced("/unit/1",map)', { ...head, tag: 'synced', body: '' }],
    ['@"linked"("node":"/unit/1","lane":map,prio:-1,rate:2)', { ...head, tag: 'linked', prio: -1, rate: 2, body: '' }],
    ['@linked(node:a,node:b,lane:5)', { ...head, tag: 'linked', node: 'b', lane: '5', body: '' }],
    [
      '@unlinked(node:true,lane:1.5)@laneNotFound',
      { ...head, tag: 'unlinked', node: 'true', lane: '1.5', body: '@laneNotFound' },
    ],
    ['@authed', { tag: 'authed', node: '', lane: '', prio: 0, rate: 0, body: '' }],
    ['@deauthed{why:x}', { tag: 'deauthed', node: '', lane: '', prio: 0, rate: 0, body: '{why:x}' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test.each([
    ['', 'no envelope'],
    ['hello', 'no envelope'],
    ['{node:1}', 'no envelope'],
    ['@nonsense(node:a,lane:b)', 'unknown envelope @nonsense'],
    ['@__proto__(node:a,lane:b)', 'unknown envelope @__proto__'],
    ['@event', 'no node'],
    ['@event()', 'no node'],
    ['@event(node:a)', 'no lane'],
    ['@event(lane:a)', 'no node'],
    ['@event(node:{x:1},lane:a)', 'no node'],
    ['@event(node:,lane:a)', 'no node'],
  ])('%j is none: %s', (text, why) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'protocol', snippet: text }))
    expect(() => read(text)).toThrow(why)
  })

  test.each(['@event(node:a,lane:b', '@event(node:"a', '@event(node:a,lane:b}'])('%s is not even Recon', text => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'recon' }))
  })

  test('every cut of its head is an error', () => {
    const text = '@event(node:"/unit/1",lane:map)'
    for (let end = 0; end < text.length; end++) expect(() => read(text.slice(0, end))).toThrow()
  })

  test('the reason of an @unlinked is the name of the attribute that its body starts with', () => {
    const reader = new Reader()
    const text = '@unlinked(node:a,lane:b)@laneNotFound'
    expect(readTag(text, readEnvelope(text, reader).bodyAt, reader)).toBe('laneNotFound')
    for (const closed of ['@unlinked(node:a,lane:b)', '@unlinked(node:a,lane:b) "Link closed."']) {
      expect(readTag(closed, readEnvelope(closed, reader).bodyAt, reader)).toBeUndefined()
    }
  })

  test('only the twelve names are tags', () => {
    expect(isEnvelopeTag('command')).toBe(true)
    for (const name of ['toString', 'constructor', '__proto__', 'Event']) expect(isEnvelopeTag(name)).toBe(false)
  })
})

describe('writing an envelope', () => {
  test.each([
    [writeHead('sync', '/unit/1', 'map'), '@sync(node:"/unit/1",lane:map)'],
    [writeHead('link', 'unit', 'my lane'), '@link(node:unit,lane:"my lane")'],
    [writeHead('sync', '/u', 'm', { prio: 0.5, rate: 2 }), '@sync(node:"/u",lane:m,prio:0.5,rate:2)'],
    [writeHead('command', '/u', 'true'), '@command(node:"/u",lane:"true")'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
    expect(read(text).body).toBe('')
  })

  test.each([
    [undefined, ''],
    [1, ' 1'],
    ['a b', ' "a b"'],
    [{ x: 1 }, '{x:1}'],
    [{ '@tag': null }, '@tag'],
    [[1, 2], '{1,2}'],
    [true, ' true'],
  ])('a body %j', (body, expected) => {
    expect(writeBody(body)).toBe(expected)
  })
})
