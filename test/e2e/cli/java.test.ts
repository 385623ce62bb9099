// The command line and what a SwimOS Java host has said: recorded conversations, played by a socket that says them to whoever asks.
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { builtPackage } from '../../support/built.js'
import { endCommands, Piped, type Ended } from '../../support/cli.js'

beforeAll(async () => void (await builtPackage()))
afterEach(endCommands)

interface Line {
  readonly c: number
  readonly send?: string
  readonly recv?: string
}

/**
 * Says what one client of a recording was sent about a lane, and keeps what it hears.
 * @param pauseMs undefined: what its last sync said, at once; otherwise all of it, with this pause after each frame behind the first sync
 */
async function play(file: string, client: number, lane: string, pauseMs?: number) {
  const text = readFileSync(new URL(`../../fixtures/wire/${file}`, import.meta.url), 'utf8')
  const lines = text
    .trim()
    .split('\n')
    .slice(1)
    .map(line => JSON.parse(line) as Line)
    .filter(({ c, send, recv }) => c === client && (send ?? recv ?? '').includes(`lane:${lane})`))
  const linked = lines.find(({ recv }) => recv?.startsWith('@linked'))!.recv!
  const lastSync = lines.map(({ send }) => send?.startsWith('@sync') === true).lastIndexOf(true)
  const heardBy = (some: readonly Line[]) => some.flatMap(({ recv }) => recv ?? [])
  const synced = lines.findIndex(({ recv }, i) => i > lastSync && recv?.startsWith('@synced'))
  const frames =
    pauseMs === undefined
      ? [linked, ...heardBy(lines.slice(lastSync, synced + 1)).filter(frame => frame !== linked)]
      : heardBy(lines)
  const heard: string[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', socket => {
    const say = async (): Promise<void> => {
      let isSynced = false
      for (const frame of frames.splice(0)) {
        if (isSynced && pauseMs !== undefined) await new Promise(soon => setTimeout(soon, pauseMs))
        socket.send(frame)
        isSynced ||= frame.startsWith('@synced')
      }
    }
    socket.on('message', data => {
      const frame = String(data as Buffer)
      heard.push(frame)
      if (/^@(link|sync)/.test(frame)) void say()
    })
  })
  await new Promise(ready => server.once('listening', ready))
  const uri = `warp://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    heard,
    run: (command: string, node: string, ...options: string[]): Promise<Ended> =>
      new Piped([command, uri, node, lane, ...options]).ended,
    close: () => server.close(),
  }
}

test.each([
  ['map-lane.jsonl', 0, '/unit/cart', 'shoppingCart', {}],
  [
    'join-value-lane.jsonl',
    0,
    '/building/oyvi',
    'lights',
    [
      [11, true],
      [12, false],
    ],
  ],
  ['value-lane.jsonl', 1, '/unit/val', 'value', { floor: 3, tags: ['a', 'b'], open: true }],
])('get shows what %s says at its last sync', async (file, client, node, lane, held) => {
  const host = await play(file, client, lane)
  const { code, out, err } = await host.run('get', node)
  expect([code, err, JSON.parse(out)]).toEqual([0, '', held])
  expect(host.heard.every(frame => /^@(link|sync|unlink)/.test(frame))).toBe(true)
  host.close()
})

test('link shows each change of a map lane as it was', async () => {
  const host = await play('map-lane.jsonl', 0, 'shoppingCart', 50)
  const { code, out } = await host.run('link', '/unit/cart', '--limit', '6', '--format', 'recon')
  expect([code, out.trimEnd().split('\n')]).toEqual([
    0,
    [
      '@update(key:apple) 3',
      '@update(key:"green pear") 5',
      '@update(key:apple) 4',
      '@update(key:apple) 5',
      '@remove(key:apple)',
      '@remove(key:"green pear")',
    ],
  ])
  expect(host.heard.every(frame => /^@(link|sync|unlink)/.test(frame))).toBe(true)
  host.close()
})
