// Authentication over real sockets, against the embedded host.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { SwimClient, type SwimError } from '../../src/index.js'

let host: WarpHost
let hostUri: string
let shown: unknown[]

beforeEach(async () => {
  shown = []
  host = new WarpHost({
    authenticate: async credentials => {
      shown.push(credentials)
      const { token } = credentials as { token?: string }
      return token === 'good' ? { name: 'ann' } : token === 'nobody' ? undefined : false
    },
  })
  host.node('/unit/:id', node => {
    node.mapLane('map')
    node.mapLane('readable', { canWrite: ({ identity }) => identity !== undefined })
  })
  hostUri = (await host.listen()).uri
})

afterEach(() => host.close())

const address = { nodeUri: '/unit/1', laneUri: 'map' }

test('good credentials link', async () => {
  await using client = new SwimClient({ credentials: { [hostUri]: async () => ({ token: 'good' }) } })
  const map = client.downlinkMap({ hostUri, ...address }).open()
  await map.whenSynced({ timeoutMs: 5000 })
  expect(client.authenticated(hostUri)).toBe(true)
  const gone = new Promise<void>(resolve => client.on('deauthenticate', () => resolve()))
  client.deauthenticate(hostUri)
  await gone
  expect([client.authenticated(hostUri), map.synced]).toEqual([false, true])
})

test.each(['bad', 'nobody'])('%s ones are one AuthError and no further try, until others are given', async token => {
  const errors: SwimError[] = []
  await using client = new SwimClient({
    credentials: { [hostUri]: { token } },
    reconnectMinMs: 1,
    reconnectMaxMs: 5,
    onError: error => errors.push(error),
  })
  const map = client.downlinkMap({ hostUri, ...address }).open()
  await expect(map.whenSynced()).rejects.toMatchObject({ code: 'auth' })
  // Long enough for dozens of attempts, were there any.
  await new Promise(later => setTimeout(later, 200))
  expect(errors).toMatchObject([{ code: 'auth' }])
  expect(shown).toHaveLength(1)
  client.authenticate(hostUri, { token: 'good' })
  await map.whenSynced({ timeoutMs: 5000 })
  expect(client.authenticated(hostUri)).toBe(true)
})

test('a write that its lane forbids is refused, and the map is synced again without it', async () => {
  await using client = new SwimClient({ reconnectMinMs: 1, reconnectMaxMs: 5 })
  const map = client
    .downlinkMap<string, number>({ hostUri, nodeUri: '/unit/1', laneUri: 'readable' })
    .didFail(() => {})
    .open()
  await map.whenSynced()
  await expect(map.put('a', 1)).rejects.toMatchObject({ code: 'refused', key: 'a' })
  await map.whenSynced({ timeoutMs: 5000 })
  expect(map.size).toBe(0)
})
