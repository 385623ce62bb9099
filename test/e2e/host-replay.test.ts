// Conversations recorded on a SwimOS Java host, replayed from the client's side on ours: it says the same frames, spelled so.
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { RawClient } from '../support/raw-client.js'

const folder = new URL('../fixtures/wire/', import.meta.url)

interface Line {
  readonly t: number
  readonly c: number
  readonly send?: string
  readonly recv?: string
  readonly closed?: number
}

const read = (name: string): Line[] =>
  readFileSync(new URL(name, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => JSON.parse(line) as Line)

/** The nodes of the recordings, as their README has them. */
function recorded(): WarpHost {
  const host = new WarpHost()
  host.node('/unit/:id', node => {
    node.mapLane('map')
    const cart = node.mapLane<string, number>('shoppingCart')
    node.valueLane('value')
    node.commandLane<string>('addItem', { onCommand: item => cart.set(item, (cart.get(item) ?? 0) + 1) })
  })
  host.node('/room/:id', node => {
    const lights = node.valueLane('lights', { initial: false })
    node.mapLane('devices')
    node.commandLane('toggle', { onCommand: () => lights.set(lights.get() === false) })
  })
  host.node('/building/:id', node => {
    const lights = node.joinValueLane('lights')
    const devices = node.joinMapLane('devices')
    node.commandLane('register', {
      onCommand(room) {
        lights.join(room, { nodeUri: `/room/${String(room)}`, laneUri: 'lights' })
        devices.join(room, { nodeUri: `/room/${String(room)}`, laneUri: 'devices' })
      },
    })
  })
  return host
}

let host: WarpHost | undefined
const clients: RawClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate()
  await host?.close()
})

// Whose frames overtake each other by chance, no other host says again.
const files = readdirSync(folder).filter(file => file.endsWith('.jsonl') && !file.startsWith('java-overtaken'))

test.each(files)('%s', async file => {
  host = recorded()
  const { uri } = await host.listen()
  const lines = read(file)
  for (let c = 0; c <= Math.max(...lines.map(line => line.c)); c++) clients.push(await RawClient.open(uri))
  const heard: Line[] = []
  const expected: Line[] = []
  let before = 0
  for (const line of lines) {
    const client = clients[line.c]!
    if (line.send !== undefined) {
      // As long apart as they were, within reason: frames sent together may fold.
      await new Promise(soon => setTimeout(soon, Math.min(line.t - before, 30)))
      client.send(line.send)
    } else if (line.recv !== undefined) {
      expected.push(line)
      heard.push({ ...line, recv: await client.next() })
    } else {
      // A SwimOS Java host just cuts the socket; ours says why.
      expect(line.closed).toBe(1006)
      expect(await client.end()).toMatchObject({ code: 1002, reason: expect.stringContaining('no envelope') as string })
    }
    before = line.t
  }
  expect(heard).toEqual(expected)
  for (const client of clients) expect(await client.rest()).toEqual([])
})
