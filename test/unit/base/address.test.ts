import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalUri, hostUrl, routeKey } from '../../../src/base/address.js'

describe('the URL of a host', () => {
  test.each([
    ['warp://example.com', 'ws://example.com/'],
    ['warps://example.com', 'wss://example.com/'],
    ['swim://example.com:9001', 'ws://example.com:9001/'],
    ['swims://example.com:9001/', 'wss://example.com:9001/'],
    ['ws://example.com/path?token=x', 'ws://example.com/path?token=x'],
    ['http://example.com:80', 'ws://example.com/'],
    ['HTTPS://Example.com:443/#part', 'wss://example.com/'],
    ['warp://[::1]:9001', 'ws://[::1]:9001/'],
  ])('%s is %s', (uri, url) => {
    expect(hostUrl(uri)).toBe(url)
  })

  test.each([
    '',
    'example.com',
    '/unit/1',
    'ftp://example.com',
    'warp:',
    'warp://',
    'warp:/x',
    'toString://x',
    'warp://a b',
  ])('%j is none', uri => {
    expect(() => hostUrl(uri)).toThrow(expect.objectContaining({ code: 'config', option: 'hostUri' }))
  })
})

describe('the canonical spelling of a node or lane', () => {
  test.each([
    ['/unit/1', '/unit/1'],
    ['/unit/%61bc', '/unit/abc'],
    ['/unit/%C3%A9', '/unit/%c3%a9'],
    ['/unit/é', '/unit/%c3%a9'],
    ['/unit/a b', '/unit/a%20b'],
    ['/unit/a%2Fb', '/unit/a%2fb'],
    ['/unit/[x]"', '/unit/%5bx%5d%22'],
    ['/unit/%', '/unit/%25'],
    ['/unit/%zz', '/unit/%25zz'],
    ['/unit/😀', '/unit/%f0%9f%98%80'],
    ['/unit/./x', '/unit/x'],
    ['/unit/y/../x', '/unit/x'],
    ['/../../x', '/x'],
    ['/unit/x/.', '/unit/x/'],
    ['/unit/x/..', '/unit/'],
    ['unit/./x', 'unit/./x'],
    ['/unit/..x', '/unit/..x'],
    ['/q?x=a/b?c d', '/q?x=a/b?c%20d'],
    ['/q#f é', '/q#f%20%c3%a9'],
    ['swim:meta:host', 'swim:meta:host'],
    ['nodes#/a', 'nodes#/a'],
    ["-._~!$&'()*+,;=:@", "-._~!$&'()*+,;=:@"],
    ['', ''],
  ])('of %s is %s', (uri, canonical) => {
    expect(canonicalUri(uri)).toBe(canonical)
  })

  test('is its own canonical spelling, and holds no space, so that routes are one to one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webPath(), fc.webUrl()), uri => {
        const once = canonicalUri(uri)
        expect(canonicalUri(once)).toBe(once)
        expect(once).toMatch(/^[!-~]*$/)
      }),
    )
    expect(routeKey('a', 'b')).toBe('a b')
  })
})
