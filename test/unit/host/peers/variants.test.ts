// Links of one socket to one lane, told apart by queries alone: each gets every event, so there is an end to them.
import { expect, test } from 'vitest'
import { memoryPlane } from '../../../support/memory-peer.js'

function open() {
  const { plane, connect } = memoryPlane()
  plane.define('/n', node => void node.mapLane('map'), {})
  const client = connect()
  const link = (tag: string, i: number) => `@${tag}(node:"/n?${i}",lane:map)`
  return { ...client, link }
}

test('256 links to one lane may differ in their queries; one more closes the socket', async () => {
  const { says, wire, link } = open()
  for (let i = 0; i < 256; i++) await says(link('link', i))
  await says('@link(node:"/n",lane:map)', link('sync', 3))
  expect(wire.closed).toBeUndefined()
  await says(link('link', 256))
  expect(wire.closed).toBe('1008 more than 256 links to one lane')
})

test('links that have ended make room', async () => {
  const { says, wire, link } = open()
  for (let i = 0; i < 600; i++) await says(link('link', i), link('unlink', i))
  expect(wire.closed).toBeUndefined()
})
