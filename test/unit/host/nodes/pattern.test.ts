import { describe, expect, test } from 'vitest'
import { bySpecificity, match, readPattern } from '../../../../src/host/nodes/pattern.js'

describe('a pattern', () => {
  test.each([
    ['/', '/', {}],
    ['/unit', '/unit', {}],
    ['/unit', '/units', undefined],
    ['/unit/:id', '/unit/1', { id: '1' }],
    ['/unit/:id', '/unit/', undefined],
    ['/unit/:id', '/unit', undefined],
    ['/unit/:id', '/unit/1/2', undefined],
    ['/unit/:id', '/unit/a%2fb', { id: 'a/b' }],
    ['/unit/:id', '/unit/%ff', { id: '%ff' }],
    ['/:a/x/:b', '/1/x/2', { a: '1', b: '2' }],
    ['/é', '/%c3%a9', {}],
    ['/:__proto__', '/x', undefined],
  ])('%s is asked for %s', (pattern, path, params) => {
    const found = match(readPattern(pattern), path)
    if (pattern === '/:__proto__') expect(Object.entries(found!)).toEqual([['__proto__', 'x']])
    else expect(found && { ...found }).toEqual(params)
  })

  test.each(['unit', '', '/:', '/:a/:a'])('is refused if invalid: %j', text => {
    expect(() => readPattern(text)).toThrow(expect.objectContaining({ code: 'config', option: 'node' }))
  })

  test('with more fixed texts goes first', () => {
    const texts = ['/:a/:b', '/:a/x', '/unit/:b', '/unit/x']
    expect(
      texts
        .map(readPattern)
        .sort(bySpecificity)
        .map(({ text }) => text),
    ).toEqual(['/unit/x', '/unit/:b', '/:a/x', '/:a/:b'])
  })
})
