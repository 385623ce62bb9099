// Where there is no TextEncoder, as in jsdom: nothing is made of it at import, and texts are read all the same.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('TextEncoder', undefined)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test.each([
  ['{a:1,b:"x y"}', { a: 1, b: 'x y' }],
  ['{é:"naïve 😀",b:2}', { é: 'naïve 😀', b: 2 }],
  [`"${'é'.repeat(5000)}"`, 'é'.repeat(5000)],
])('reads %s', async (text, value) => {
  const { parse, stringify } = await import('../../../src/recon/index.js')
  expect(parse(text)).toEqual(value)
  expect(parse(stringify(value))).toEqual(value)
})
