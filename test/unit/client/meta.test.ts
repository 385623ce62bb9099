// client.meta(): where hosts are asked of themselves, and what is read of them (docs/PROTOCOL.md#introspection).
import { expect, expectTypeOf, test } from 'vitest'
import '../../../src/meta.js'
import type { MapDownlink, MetaNode } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const open = async (server: 'java' | 'rust') => {
  const host = new ScriptedHost()
  const meta = host.client.meta('warp://host', { server })
  meta.nodes()
  meta.lanes('/unit/a b')
  meta.pulse('/unit/1')
  meta.pulse('/unit/1', 'map')
  if (server === 'java') {
    meta.pulse()
    meta.hosts()
    meta.uplinks('/unit/1', 'a/b')
  }
  await host.settle()
  return host.take()
}

test('a Java host is asked by swim:meta:, with the names of nodes and lanes escaped as it spells them', async () => {
  expect(await open('java')).toEqual([
    '@sync(node:"swim:meta:host",lane:nodes)',
    '@sync(node:"swim:meta:node/%2funit%2fa%20b",lane:lanes)',
    '@sync(node:"swim:meta:node/%2funit%2f1",lane:pulse)',
    '@sync(node:"swim:meta:node/%2funit%2f1/lane/map",lane:pulse)',
    '@sync(node:"swim:meta:host",lane:pulse)',
    '@sync(node:"swim:meta:part",lane:hosts)',
    '@sync(node:"swim:meta:node/%2funit%2f1/lane/a%2fb",lane:uplinks)',
  ])
})

test('a Rust host is asked by swimos:meta:', async () => {
  expect(await open('rust')).toEqual([
    '@sync(node:"swimos:meta:mesh",lane:nodes)',
    '@sync(node:"swimos:meta:node/%2funit%2fa%20b",lane:lanes)',
    '@sync(node:"swimos:meta:node/%2funit%2f1",lane:pulse)',
    '@sync(node:"swimos:meta:node/%2funit%2f1/lane/map",lane:pulse)',
  ])
})

test('what is read is a map, or a value, as of any lane', async () => {
  const host = new ScriptedHost()
  const meta = host.client.meta('warp://host')
  const nodes = meta.nodes()
  expectTypeOf(nodes).toEqualTypeOf<MapDownlink<string, MetaNode>>()
  await host.settle()
  const at = '(node:"swim:meta:host",lane:nodes)'
  await host.say(
    `@linked${at}`,
    `@event${at}@update(key:"/unit/1"){nodeUri:"/unit/1",created:5,agents:{a}}`,
    `@synced${at}`,
  )
  expect(nodes.get('/unit/1')).toMatchObject({ nodeUri: '/unit/1', created: 5 })
})

test('what no host is, and no server, is refused', () => {
  const { client } = new ScriptedHost()
  expect(() => client.meta('host')).toThrow(/hostUri/)
  expect(() => client.meta('warp://host', { server: 'go' as never })).toThrow(/must be java or rust, got go/)
})
