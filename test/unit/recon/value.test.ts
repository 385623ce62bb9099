// Which objects are values: those of other realms too, such as frames and workers.
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { ReconError, compare, equals, identity, stringify, type Value } from '../../../src/recon/index.js'

const other = (code: string) => runInNewContext(`(${code})`) as Value

describe('a value of another realm', () => {
  test.each<[string, Value, string]>([
    ['{ a: 1, "@b": 2, c: undefined }', { '@b': 2, a: 1 }, '@b(2){a:1}'],
    ['[1, { a: [2] }]', [1, { a: [2] }], '{1,{a:{2}}}'],
    ['new Uint8Array([0, 1])', new Uint8Array([0, 1]), '%AAE='],
    ['Object.create(null)', {}, '{}'],
  ])('is as one of this: %s', (code, own, text) => {
    const theirs = other(code)
    expect(stringify(theirs)).toBe(text)
    expect([equals(theirs, own), compare(own, theirs), identity(theirs)]).toEqual([true, 0, identity(own)])
  })

  test('is refused where one of this is', () => {
    for (const code of ['new Date(0)', 'new Map()', 'new (class Lift {})()'])
      expect(() => stringify(other(code))).toThrow(ReconError)
  })
})

describe('what is no value', () => {
  const heir = Object.create(Object.create(Object.create(null) as object) as object) as Value

  test.each<[string, unknown]>([
    ['A Date has no Recon form: give a plain object, an array or a Uint8Array', new Date(0)],
    ['A Lift has no Recon form', new (class Lift {})()],
    ['has no Recon form: give a plain object, an array or a Uint8Array', heir],
  ])('is named: %s', (message, value) => {
    for (const act of [
      () => stringify([value as Value]),
      () => identity(value as Value),
      () => compare(value as Value, {}),
    ]) {
      expect(act).toThrow(ReconError)
      expect(act).toThrow(message)
    }
  })

  test('is named by its type where it is no object', () => {
    expect(() => compare((() => 1) as never, 1)).toThrow('A function has no Recon form')
    expect(() => compare(1, Symbol() as never)).toThrow('A symbol has no Recon form')
  })
})
