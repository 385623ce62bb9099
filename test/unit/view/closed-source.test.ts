// A view over two sources ends when either is closed: its entries stay as they were, whether anybody listened or not.
import { describe, expect, test } from 'vitest'
import { view, type View } from '../../../src/view/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

type Numbers = View<string, number>

const combined: readonly [string, (first: Numbers, second: Numbers) => View<string, number>][] = [
  [
    'join',
    (first, second) =>
      first.join(
        second,
        (_value, key) => key,
        (a, b) => a + (b ?? 0),
      ),
  ],
  ['union', (first, second) => first.union(second)],
]

describe.each(combined)('a %s', (_, combine) => {
  test.each([
    ['first', 'nobody read', 0],
    ['first', 'somebody has read', 0],
    ['first', 'somebody hears', 0],
    ['second', 'nobody read', 1],
    ['second', 'somebody has read', 1],
    ['second', 'somebody hears', 1],
  ] as const)('whose %s source is closed, which %s', async (_place, who, at) => {
    const host = new ScriptedHost()
    const open = (laneUri: string) => host.client.downlinkMap<string, number>({ nodeUri: '/n', laneUri }).open()
    const [a, b] = [open('a'), open('b')]
    a.set('x', 1)
    b.set('x', 10)
    const sources: [Numbers, Numbers] = [view(a).filter(value => value > 0), view(b).filter(value => value > 0)]
    const own = combine(...sources)
    if (who === 'somebody has read') expect(own.size).toBe(1)
    if (who === 'somebody hears') own.subscribe(() => {})
    await host.settle()
    sources[at].close()
    const held = [...own]
    a.set('x', 2)
    a.set('y', 3)
    b.set('y', 30)
    a.delete('x')
    await host.settle()
    expect(own.status.state).toBe('closed')
    expect([[...own], own.size]).toEqual([held, held.length])
    expect(host.errors).toEqual([])
  })
})
