// `warps:` to a host whose certificate it signed itself: by the options that the ws package takes.
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { SwimClient, type SwimError } from '../../src/index.js'

let host: WarpHost
let hostUri: string
let ca: string

beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  ca = cert
  host = new WarpHost({ tls: { cert, key } })
  host.node('/unit/:id', node => {
    node.mapLane('map')
  })
  const { port } = await host.listen()
  hostUri = `warps://localhost:${port}`
})

afterAll(() => host.close())

const address = { nodeUri: '/unit/1', laneUri: 'map' }

test('a client that knows the certificate links and writes', async () => {
  await using client = new SwimClient({ webSocketOptions: { ca } })
  const map = client.downlinkMap<string, number>({ hostUri, ...address }).open()
  await map.whenSynced({ timeoutMs: 5000 })
  expect(await map.put('a', 1)).toBe('taken')
  expect(host.nodeRef('/unit/1').lane('map', 'map').get('a')).toBe(1)
})

test('a client that is told to look away links too', async () => {
  await using client = new SwimClient({ webSocketOptions: { rejectUnauthorized: false } })
  const map = client.downlinkMap({ hostUri: hostUri.replace('warps', 'swims'), ...address }).open()
  await map.whenSynced({ timeoutMs: 5000 })
})

test('a client that does not know it refuses, saying why, and goes on trying', async () => {
  const errors: SwimError[] = []
  await using client = new SwimClient({ reconnectMinMs: 10, onError: error => errors.push(error) })
  const map = client.downlinkMap({ hostUri, ...address }).open()
  await expect(map.whenSynced({ timeoutMs: 500 })).rejects.toMatchObject({ code: 'timeout' })
  expect(errors.length).toBeGreaterThan(1)
  expect(errors[0]).toMatchObject({ code: 'transport', closeCode: 1006 })
  expect(errors[0]!.message).toMatch(/self[- ]signed certificate/)
})
