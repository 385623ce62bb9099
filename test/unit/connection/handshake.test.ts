import { describe, expect, test } from 'vitest'
import { Handshake } from '../../../src/connection/handshake.js'

describe('which subprotocol is offered', () => {
  test('none and warp0 in turn until one has worked; the very first failure is not reported', () => {
    const handshake = new Handshake(undefined)
    expect(handshake.offer()).toEqual([])
    expect(handshake.failed()).toBe(true)
    expect(handshake.offer()).toEqual(['warp0'])
    expect(handshake.failed()).toBe(false)
    expect(handshake.offer()).toEqual([])
    handshake.failed()
    handshake.opened()
    expect(handshake.offer()).toEqual(['warp0'])
    expect(handshake.failed()).toBe(false)
    expect(handshake.offer()).toEqual(['warp0'])
  })

  test('the given protocols, and no other', () => {
    const handshake = new Handshake(['x', 'warp0'])
    expect(handshake.failed()).toBe(false)
    expect(handshake.offer()).toEqual(['x', 'warp0'])
  })
})
