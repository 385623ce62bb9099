// Names that every object has in JavaScript mean nothing in an envelope: wherever one stands, it is a value like any other.
import { describe, expect, test } from 'vitest'
import { SwimError } from '../../../src/base/swim-error.js'
import { Reader } from '../../../src/recon/index.js'
import { MapOpReader } from '../../../src/warp/map-op.js'
import { readEnvelope } from '../../../src/warp/read-envelope.js'

const names = Object.getOwnPropertyNames(Object.prototype)
const tags = [
  'link',
  'sync',
  'unlink',
  'command',
  'linked',
  'synced',
  'unlinked',
  'event',
  'auth',
  'deauth',
  'authed',
  'deauthed',
]

/** Parameters of a head with a slot of that name in each position and of each kind; what else they say is the same. */
const ignored = (name: string) =>
  ['1', 'x', '', '{x:1}', '{1,2}', '@x', '%AAAA', `{${name}:1}`].flatMap(value => {
    const slot = `${name}:${value}`
    return [
      `${slot},node:"/a",lane:b`,
      `node:"/a",${slot},lane:b`,
      `node:"/a",lane:b,${slot}`,
      `node:"/a",lane:b,"${name}":${value}`,
      `node:"/a",lane:b,@${name}(${value})`,
      `node:"/a",lane:b,{${slot}}:1`,
      `node:"/a",lane:b,{{${slot}}}:1`,
      `node:"/a",lane:b,${slot},${slot}`,
      `node:"/a",lane:b,1:${name}`,
      `"/a",b,${slot}`,
      `"/a",b,{${slot}}`,
    ]
  })

/** Parameters in which a record with that name stands where something else has to. */
const odd = (name: string) =>
  ['node', 'lane', 'prio', 'rate'].flatMap(param => [
    `node:"/a",lane:b,${param}:{${name}:1}`,
    `node:"/a",lane:b,${param}:{${name}:{${name}:1}}`,
    `node:"/a",lane:b,${param}:{{${name}:1}}`,
    `node:"/a",lane:b,${param}:@${name}`,
    `node:"/a",lane:b,${param}:{${names.map(other => `${other}:1`).join()}}`,
    `node:"/a",lane:b,${param}:${name}`,
  ])

describe.each(tags)('in the head of @%s', tag => {
  test.each(names)('a slot %s is passed over', name => {
    const plain = { ...readEnvelope(`@${tag}(node:"/a",lane:b)`, new Reader()), bodyAt: 0 }
    for (const params of ignored(name)) {
      const reader = new Reader()
      // A second time, as a text that was foretold.
      for (let again = 0; again < 3; again++) {
        const text = `@${tag}(${params})`
        expect({ ...readEnvelope(text, reader), bodyAt: 0 }, text).toEqual(plain)
      }
    }
  })

  test.each(names)('a record with %s is no URI and no number', name => {
    for (const params of odd(name)) {
      const text = `@${tag}(${params})`
      let head
      try {
        head = readEnvelope(text, new Reader())
      } catch (error) {
        expect(error, text).toBeInstanceOf(SwimError)
        continue
      }
      expect([head.tag, typeof head.node, typeof head.lane, typeof head.prio, typeof head.rate], text).toEqual([
        tag,
        'string',
        'string',
        'number',
        'number',
      ])
    }
  })
})

test.each(names)('in the body of a map, %s is a key, a value or nothing', name => {
  const read = (body: string) => {
    const ops = new MapOpReader(new Reader())
    const op = ops.read(body, 0)
    return op === 'drop' || op === 'take' ? ops.count : ops.key
  }
  expect(read(`@update(key:${name}) 1`)).toBe(name)
  expect(read(`@update(key:a,${name}:1) 1`)).toBe('a')
  expect(read(`@update(${name}:1,key:a) 1`)).toBe('a')
  expect(read(`@remove(${name}:1,key:a)`)).toBe('a')
  for (const count of [`{${name}:1}`, `{{${name}:1}}`, `${name}:1`, `@${name}`, `{${name}:1},2`])
    expect(read(`@drop(${count})`), count).toBe(0)
  for (const params of [`${name}:1`, name, `{${name}:1}`])
    expect(() => read(`@update(${params}) 1`), params).toThrow(expect.objectContaining({ code: 'protocol' }))
})
