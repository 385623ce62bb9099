// `swimlink nodes` and `swimlink lanes`: what a host says of itself, printed as what a map lane holds.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WarpHost } from '../../../src/host/index.js'
import { endCommands, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeAll(async () => {
  at = await lookedAt()
})
afterEach(() => {
  endCommands()
  expect(at.heard).toEqual([])
})
afterAll(() => at.host.close())

test('the nodes of a host, once they are in use', async () => {
  const other = await swimlink('get', at.uri, '/n', 'map')
  expect(other.code).toBe(0)
  const { code, out, err } = await swimlink('nodes', at.uri, '--keys')
  expect([code, err]).toEqual([0, ''])
  expect(JSON.parse(out)).toContain('/n')
})

test('the lanes of a node, and what they are', async () => {
  await swimlink('get', at.uri, '/n', 'map')
  const { code, out } = await swimlink('lanes', at.uri, '/n')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ map: { laneType: 'map' }, value: { laneType: 'value' } })
  const table = await swimlink('lanes', at.uri, '/n', '--format', 'table')
  expect(table.out.split('\n')[0]).toMatch(/^key +laneUri +laneType/)
})

test('a host that says nothing of itself is one line, and what to do', async () => {
  const host = new WarpHost({ canReadMeta: () => false })
  const { uri } = await host.listen()
  try {
    const { code, out, err } = await swimlink('nodes', uri)
    expect([code, out]).toEqual([1, ''])
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(err).toMatch(/the lane nodes of the node swim:meta:host at .* was unlinked/)
  } finally {
    await host.close()
  }
})
