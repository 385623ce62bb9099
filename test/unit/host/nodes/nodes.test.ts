// Which nodes there are: when they are made, found, and let go.
import { describe, expect, test } from 'vitest'
import { WarpHost, type HostNode, type MapLane } from '../../../../src/host/index.js'
import { heapUsed } from '../../../support/garbage.js'
import { memoryPlane } from '../../../support/memory-peer.js'

const lane = (id: number | string, name = 'map') => `(node:"/unit/${id}",lane:${name})`

/** A plane whose definitions are counted. */
function counted(define: (node: HostNode) => void, ...rest: Parameters<typeof memoryPlane>) {
  const made: string[] = []
  const all = memoryPlane(...rest)
  all.plane.define(
    '/unit/:id',
    node => {
      made.push(node.uri)
      define(node)
    },
    {},
  )
  return { ...all, made }
}

describe('a node', () => {
  test('without state, links and references from code is released, and made again', async () => {
    const { connect, plane, made } = counted(node => void node.mapLane('map'))
    const client = connect()
    await client.says(`@link${lane(1)}`)
    expect(plane.usage.nodes).toBe(1)
    await client.says(`@unlink${lane(1)}`)
    expect(plane.usage.nodes).toBe(0)
    await heapUsed()
    await client.says(`@link${lane(1)}`)
    expect(made).toEqual(['/unit/1', '/unit/1'])
    client.peer.ended()
    expect(plane.usage.nodes).toBe(0)
  })

  test('with a state stays until it has none', async () => {
    const { connect, plane, made } = counted(node => {
      node.mapLane('map')
      node.valueLane('value')
    })
    const client = connect()
    await client.says(`@command${lane(1)}@update(key:a)1`, `@command${lane(2, 'value')}5`)
    expect(plane.usage).toEqual({ nodes: 2, bytes: expect.any(Number) as number })
    await heapUsed()
    expect((await client.says(`@sync${lane(1)}`)).length).toBe(3)
    expect((await client.says(`@sync${lane(2, 'value')}`))[1]).toBe(`@event${lane(2, 'value')} 5`)
    expect(made).toEqual(['/unit/1', '/unit/2'])
    await client.says(`@unlink${lane(1)}`, `@unlink${lane(2, 'value')}`, `@command${lane(1)}@drop(1)`)
    expect(plane.usage.nodes).toBe(1)
  })

  test.each([
    ['the node', (node: HostNode) => () => node.lane('map', 'map')],
    [
      'a lane',
      (node: HostNode) =>
        (
          map => () =>
            map
        )(node.lane('map', 'map')),
    ],
  ])('that code holds by %s is found again, with what code puts in it', async (_, hold) => {
    const { connect, plane, made } = counted(node => void node.mapLane('map'))
    const client = connect()
    let held: (() => MapLane) | undefined = hold(plane.ref('/unit/1'))
    expect(plane.usage.nodes).toBe(0)
    await heapUsed()
    await client.says(`@link${lane(1)}`)
    held().set('a', 1)
    expect(await client.says()).toEqual([`@event${lane(1)}@update(key:a) 1`])
    await client.says(`@unlink${lane(1)}`)
    held = undefined
    await heapUsed()
    expect((await client.says(`@sync${lane(1)}`))[1]).toBe(`@event${lane(1)}@update(key:a) 1`)
    expect(made).toEqual(['/unit/1'])
  })

  test('that nobody has seen is released with the state of its definition, and with no other state', async () => {
    let lanes: MapLane[] = []
    const { connect, plane, made } = counted(node => {
      const map = node.mapLane('map', { canRead: () => false }).set('a', 1)
      lanes.push(map)
    })
    const client = connect()
    await client.says(`@link${lane(1)}`, `@link${lane(2)}`)
    expect(plane.usage).toEqual({ nodes: 0, bytes: 0 })
    // What code adds to it is not lost, though it was let go before.
    lanes[0]!.set('b', 2)
    lanes = []
    await heapUsed()
    expect(plane.usage.nodes).toBe(1)
    expect([...plane.ref('/unit/1').lane('map', 'map').keys()]).toEqual(['a', 'b'])
    expect([...plane.ref('/unit/2').lane('map', 'map').keys()]).toEqual(['a'])
    expect(made).toEqual(['/unit/1', '/unit/2', '/unit/2'])
  })

  test('that follows another node stays, and so does the other node', async () => {
    const { connect, plane } = counted(node => {
      node.mapLane('map')
      node.joinMapLane('joined')
    })
    const joined = plane.ref('/unit/1').lane('joined', 'joinMap')
    joined.join('two', { nodeUri: '/unit/2', laneUri: 'map' })
    await heapUsed()
    await connect().says(`@command${lane(2)}@update(key:a)1`)
    expect([...plane.ref('/unit/1').lane('joined', 'joinMap')]).toEqual([['a', 1]])
    expect(plane.usage.nodes).toBe(2)
    joined.leave('two')
    expect(plane.usage.nodes).toBe(1)
  })

  test('with a slow store is not released before its entries are removed from the store', async () => {
    const ends: (() => void)[] = []
    const { connect, plane, clock } = counted(node => void node.mapLane('map'), {
      store: {
        async *load() {},
        write: () => new Promise<void>(end => ends.push(end)),
        close: () => Promise.resolve(),
      },
    })
    const client = connect()
    await client.says(`@command${lane(1)}@update(key:a)1`)
    ends.shift()!()
    await clock.settle()
    await client.says(`@command${lane(1)}@remove(key:a)`)
    expect(plane.usage.nodes).toBe(1)
    ends.shift()!()
    await clock.settle()
    expect(plane.usage.nodes).toBe(0)
  })
})

describe('a definition', () => {
  const errors: string[] = []
  const host = () => {
    errors.length = 0
    return new WarpHost({ onError: (error, where) => errors.push(`${where}: ${String(error)}`) })
  }
  const at = (nodeUri: string, laneUri: string) => ({ nodeUri, laneUri })

  test.each(['before', 'after'])('may join a lane of its own node, declared %s it', when => {
    const made = host().node('/self', node => {
      if (when === 'before') node.mapLane('map').set('a', 1)
      node.joinMapLane('joined').join('own', at('/self', 'map'))
      if (when === 'after') node.mapLane('map').set('a', 1)
    })
    const node = made.nodeRef('/self')
    node.lane('map', 'map').set('b', 2)
    expect([...node.lane('joined', 'joinMap')]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    expect(made.nodeRef('/self')).toBe(node)
    expect(errors).toEqual([])
  })

  test('may join a node that joins its own', () => {
    const made = host().node('/ring/:id', node => {
      const other = `/ring/${3 - Number(node.params.id)}`
      node.joinValueLane('values').join('other', at(other, 'value'))
      node.joinMapLane('all').join('other', at(other, 'map'))
      node.mapLane('map').set(node.params.id, true)
      node.valueLane('value').set(node.params.id)
    })
    const nodes = ['/ring/1', '/ring/2'].map(uri => made.nodeRef(uri))
    for (const [i, node] of nodes.entries()) {
      node.lane('map', 'map').set('later', i)
      node.lane('value', 'value').set(`later ${i}`)
    }
    expect(nodes.map(node => [...node.lane('all', 'joinMap')])).toEqual([
      [
        ['2', true],
        ['later', 1],
      ],
      [
        ['1', true],
        ['later', 0],
      ],
    ])
    expect(nodes.map(node => node.lane('values', 'joinValue').get('other'))).toEqual(['later 1', 'later 0'])
    expect(errors).toEqual([])
  })

  test('may join a long chain of nodes, each of which joins the next', () => {
    const length = 20_000
    const made = host().node('/chain/:id', node => {
      const id = Number(node.params.id)
      node.mapLane('map').set('id', id)
      if (id < length) node.joinMapLane('next').join('next', at(`/chain/${id + 1}`, 'map'))
    })
    expect(made.nodeRef('/chain/1').lane('next', 'joinMap').get('id')).toBe(2)
    expect(made.load.nodes).toBe(length)
    expect(errors).toEqual([])
  })

  test('that joins ever more nodes reaches the limit of nodes', () => {
    const made = new WarpHost({ maxNodes: 100, onError: error => errors.push(String(error)) })
    errors.length = 0
    made.node('/chain/:id', node => {
      node.joinMapLane('next').join('next', at(`/chain/${Number(node.params.id) + 1}`, 'next'))
    })
    made.nodeRef('/chain/1')
    expect(made.load.nodes).toBe(100)
    expect(errors).toEqual([expect.stringContaining('/chain/101 has no lane next')])
  })

  test('may look at its own node, and at one that looks back', () => {
    const seen: unknown[] = []
    const made = host()
    made.node('/look/:id', node => {
      node.mapLane('map')
      seen.push(made.nodeRef(node.uri) === node)
      seen.push(made.nodeRef(`/look/${3 - Number(node.params.id)}`).uri)
    })
    made.nodeRef('/look/1')
    expect(seen).toEqual([true, true, '/look/1', '/look/2'])
  })

  test('that fails leaves no node, and none that others follow', () => {
    let isBroken = true
    const made = host()
    made.node('/broken', node => {
      node.mapLane('map').set('a', 1)
      node.joinMapLane('joined').join('good', at('/good', 'map'))
      if (isBroken) throw new Error('not today')
    })
    made.node('/good', node => {
      node.mapLane('map')
      node.joinMapLane('joined').join('broken', at('/broken', 'map'))
    })
    expect(() => made.nodeRef('/broken')).toThrow('not today')
    expect(made.load).toMatchObject({ nodes: 0, bytes: 0 })
    const good = made.nodeRef('/good').lane('joined', 'joinMap')
    expect(errors).toEqual([
      'the definition of node /broken: Error: not today',
      expect.stringContaining('/broken has no lane map'),
    ])
    isBroken = false
    good.join('broken', at('/broken', 'map'))
    made.nodeRef('/broken').lane('map', 'map').set('b', 1)
    expect([...good].map(([key]) => key)).toEqual(['a', 'b'])
  })

  test('may let go at once what it joins', () => {
    const made = host().node('/self', node => {
      const joined = node.joinMapLane('joined')
      joined.join('own', at('/self', 'map'))
      joined.leave('own')
      node.mapLane('map').set('a', 1)
    })
    expect(made.nodeRef('/self').lane('joined', 'joinMap').size).toBe(0)
  })
})
