// What a tab is told of a list, frame by frame: its items, and what befalls them meanwhile, in one order whatever the sizes of batches.
import { expect, test } from 'vitest'
import { Outflow } from '../../../src/shared/relay/outflow.js'
import { TabLink, type HeldLane } from '../../../src/shared/relay/tab-link.js'
import { chanceOf } from '../../../src/testing/random.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

const head = '@event(node:"/n",lane:l)'
const long = 'x'.repeat(100_000)

/** A list of some items, and a tab that takes in what it is sent when it is told to. */
function listOf(items: () => readonly string[]) {
  const clock = new VirtualClock(chanceOf(7))
  const told: string[] = []
  const onTheWay: number[] = []
  const out = new Outflow({
    clock,
    post: frames => {
      told.push(...frames.map(text => text.replace(head, '').replace(long, '')))
      onTheWay.push(frames.reduce((sum, { length }) => sum + length, 0))
    },
    overflowed: () => {
      throw new Error('too much')
    },
  })
  const lane: HeldLane = {
    address: { node: '/n', lane: 'l' },
    provenAt: 0,
    isOrdered: true,
    entries: () => items()[Symbol.iterator](),
    textOf: () => undefined,
    changeIn: () => undefined,
    serve: tab => void tab.serve(0, true),
  }
  const link = new TabLink(lane, out, 0)
  const happen = (name: string) => link.event(`${head}${name}${long}`, head.length)
  const takeIn = async () => {
    for (const chars of onTheWay.splice(0)) out.taken(chars)
    await clock.advance(10)
  }
  return { link, lane, told, happen, takeIn }
}

test('a change after all items are sent comes after earlier changes that still wait', async () => {
  const { link, lane, told, happen, takeIn } = listOf(() => ['1', '2'].map(text => text + long))
  link.ask(0)
  lane.serve(link)
  const names = Array.from({ length: 8 }, (_, i) => `e${i}`)
  for (const name of names.slice(0, 6)) happen(name)
  // One batch has left, and not all that waits.
  await takeIn()
  for (const name of names.slice(6)) {
    happen(name)
    await takeIn()
  }
  for (let i = 0; i < 8; i++) await takeIn()
  expect(told).toEqual(['1', '2', '@synced(node:"/n",lane:l)', ...names])
})

test('a second state is sent after the changes before its request', async () => {
  const { link, lane, told, happen, takeIn } = listOf(() => ['1', '2'].map(text => text + long))
  link.ask(0)
  lane.serve(link)
  for (const name of ['e0', 'e1', 'e2']) happen(name)
  link.ask(0)
  lane.serve(link)
  for (let i = 0; i < 10; i++) await takeIn()
  const synced = '@synced(node:"/n",lane:l)'
  expect(told).toEqual(['1', '2', synced, 'e0', 'e1', 'e2', '1', '2', synced])
})
