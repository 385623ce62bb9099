// Addresses: where a host is reached, and the one spelling of a node or lane (docs/PROTOCOL.md#addresses).
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalUri, hostUrl, laneAddress, routeKey } from '../../../src/base/address.js'

describe('the URL of a host', () => {
  test.each([
    ['warp://example.com', 'ws://example.com/'],
    ['WARP://Example.COM:80/', 'ws://example.com/'],
    ['swim://example.com:9001', 'ws://example.com:9001/'],
    ['ws://example.com/path?token=a#x', 'ws://example.com/path?token=a'],
    ['http://127.0.0.1:9001', 'ws://127.0.0.1:9001/'],
    ['warps://example.com:443', 'wss://example.com/'],
    ['swims://example.com', 'wss://example.com/'],
    ['wss://[::1]:9001', 'wss://[::1]:9001/'],
    ['HTTPS://Example.com:443/#part', 'wss://example.com/'],
  ])('of %s is %s', (uri, url) => {
    expect(hostUrl(uri)).toBe(url)
  })

  test.each([
    '',
    'example.com',
    '/unit/1',
    'ftp://example.com',
    'warp:example.com',
    'warp:',
    'warp:/x',
    'warp://',
    'warp:///x',
    'warp://a b',
    'toString://a',
  ])('does not exist for %j', uri => {
    expect(() => hostUrl(uri)).toThrow(expect.objectContaining({ code: 'config', option: 'hostUri' }))
  })
})

describe('the canonical spelling', () => {
  test.each([
    ['/unit/1', '/unit/1'],
    ['/unit/%C3%A9', '/unit/%c3%a9'],
    ['/unit/é', '/unit/%c3%a9'],
    ['/unit/%61bc', '/unit/abc'],
    ['/unit/a%2Fb', '/unit/a%2fb'],
    ['/unit/a b"c', '/unit/a%20b%22c'],
    ["/a!$&'()*+,;=:@~", "/a!$&'()*+,;=:@~"],
    ['/unit/[x]^`{|}<>\\', '/unit/%5bx%5d%5e%60%7b%7c%7d%3c%3e%5c'],
    ['/unit/😀', '/unit/%f0%9f%98%80'],
    ['/100%', '/100%25'],
    ['/unit/%zz', '/unit/%25zz'],
    ['/unit/./dd', '/unit/dd'],
    ['/unit/x/../dd', '/unit/dd'],
    ['/unit/%2e%2E/dd', '/dd'],
    ['/..', '/'],
    ['/a/b/.', '/a/b/'],
    ['/a/b/..', '/a/'],
    ['/a//b/../c', '/a//c'],
    ['//a/./b', '//a/b'],
    ['/a/...', '/a/...'],
    ['/unit/..x', '/unit/..x'],
    ['/q?x=%41&y=/?', '/q?x=A&y=/?'],
    ['/q#é', '/q#%c3%a9'],
    ['/q?x=a/b?c d', '/q?x=a/b?c%20d'],
    ['nodes#/a', 'nodes#/a'],
    ['', ''],
    ['swim:meta:node/%2fa%2f1', 'swim:meta:node/%2fa%2f1'],
    ['lane', 'lane'],
    ['a/../b', 'a/../b'],
    ['line\nbreak', 'line%0abreak'],
  ])('of %j is %j', (uri, canonical) => {
    expect(canonicalUri(uri)).toBe(canonical)
  })

  test('is that of itself, holds nothing that a URI may not, and is there for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isAbsolute) => {
        const canonical = canonicalUri((isAbsolute ? '/' : '') + text)
        expect(canonicalUri(canonical)).toBe(canonical)
        expect(canonical).toMatch(/^[A-Za-z0-9\-._~!$&'()*+,;=:@/?#%]*$/)
      }),
    )
  })
})

test.each([
  ['w8', 'ws://host/unit/zz', '/unit/w8'],
  ['../w8', 'ws://host/unit/zz', '/w8'],
  ['w8', 'ws://host/', '/w8'],
  ['/w8', 'ws://host/unit/zz', '/w8'],
  ['swim:meta:edge', 'ws://host/unit/zz', 'swim:meta:edge'],
])('a node %s at %s is %s', (node, url, canonical) => {
  expect(laneAddress(node, 'lane', url)).toMatchObject({ node: canonical, lane: 'lane' })
})

test('a route is one to one with its node and lane: neither holds the space between them', () => {
  expect(routeKey(canonicalUri('a b'), canonicalUri('c'))).toBe('a%20b c')
})

test('a node or lane has at most 2,048 characters, as it is sent', () => {
  const url = 'ws://example.com/'
  const most = 'x'.repeat(2048)
  expect(laneAddress(most.slice(1), most, url)).toMatchObject({ node: `/${most.slice(1)}`, lane: most })
  // Of needless escapes one character is sent.
  expect(laneAddress('%61'.repeat(2047), 'lane', url).node).toHaveLength(2048)
  for (const [node, lane, option] of [
    [`/${most}`, 'lane', 'nodeUri'],
    [most, 'lane', 'nodeUri'],
    ['/x', `${most}x`, 'laneUri'],
    // Each character is three escapes.
    ['/x', '\u65e5'.repeat(228), 'laneUri'],
  ] as const)
    expect(() => laneAddress(node, lane, url)).toThrow(expect.objectContaining({ code: 'config', option }))
})

describe('a long run', () => {
  test.each([
    ['escapes', '%c3%a9', 340],
    ['escapes in capitals', '%C3%A9', 340],
    ['needless escapes', '%61', 680],
    ['escapes of both kinds', '%61%00', 340],
    ['percent signs', '%', 2000],
    ['invalid escapes', '%g', 1000],
    ['what has to be escaped', ' ', 2000],
    ['halves of characters', '\ud800', 2000],
  ])('of %s is spelled as its parts are', (_, part, count) => {
    expect(canonicalUri(part.repeat(count)) === canonicalUri(part).repeat(count)).toBe(true)
  })
})
