// `swimlink link` in a pipe: a line for each change, slow readers, readers that go, and a host that goes and comes back.
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { endCommands, Piped, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeEach(async () => {
  at = await lookedAt()
})
afterEach(async () => {
  endCommands()
  await at.host.close()
})

const link = (laneUri: string, ...options: string[]) => new Piped(['link', at.uri, '/n', laneUri, ...options])
const linesOf = ({ out }: Piped) => out.trimEnd().split('\n')

test('a map lane: what is there, and each change after it, as JSON lines', async () => {
  const command = link('map')
  await command.printed(/parking/)
  at.lane('map', 'map').set('guest', { id: 1, floor: 5 })
  await command.printed(/"floor":5/)
  at.lane('map', 'map').delete('parking')
  await command.printed(/remove/)
  expect(linesOf(command).map(line => JSON.parse(line) as unknown)).toEqual([
    { type: 'update', key: 'guest', value: { id: 1, floor: 4 } },
    { type: 'update', key: 'parking', value: { id: 2, floor: -1, note: 'two\nlines' } },
    { type: 'update', key: 'guest', value: { id: 1, floor: 5 } },
    { type: 'remove', key: 'parking' },
  ])
  command.child.kill('SIGINT')
  const { code, err } = await command.ended
  expect([code, err]).toEqual([130, ''])
})

test('a list lane: its items, and each change of them, with positions', async () => {
  const command = link('list')
  await command.printed(/floor/)
  const list = at.lane('list', 'list')
  list.push('third')
  await command.printed(/third/)
  list.move(0, 2)
  await command.printed(/move/)
  list.remove(0)
  await command.printed(/remove/)
  const key = expect.any(String) as unknown
  expect(linesOf(command).map(line => JSON.parse(line) as unknown)).toEqual([
    { type: 'insert', index: 0, key, value: 'first' },
    { type: 'insert', index: 1, key, value: { floor: 2 } },
    { type: 'insert', index: 2, key, value: 'third' },
    { type: 'move', from: 0, to: 2, key },
    { type: 'remove', index: 0, key },
  ])
})

test('the same as Recon, which is what a lane is sent', async () => {
  const command = link('odd', '--format', 'recon')
  await command.printed(/7/)
  at.lane('odd', 'map').set('a b', 'text').set({ x: 1 }, { y: 2 })
  await command.printed(/y:2/)
  at.lane('odd', 'map').delete(7)
  await command.printed(/remove/)
  expect(linesOf(command).sort()).toEqual(
    [
      '@update(key:true) %AQI=',
      '@update(key:7) 9007199254740993',
      '@update(key:"a b") text',
      '@update(key:{x:1}){y:2}',
      '@remove(key:7)',
    ].sort(),
  )
})

test.each([
  ['jsonl', ['{"type":"update","key":"a"}', '{"type":"update","key":"b"}', '{"type":"remove","key":"a"}']],
  ['recon', ['@update(key:a)', '@update(key:b)', '@remove(key:a)']],
])('entries without a value are there, at first and later (%s)', async (format, lines) => {
  const lane = at.lane('empty', 'map').set('a', undefined)
  const command = link('empty', '--kind', 'map', '--format', format)
  await command.printed(/\n/)
  lane.set('b', undefined)
  await command.printed(/\n.*\n/)
  lane.delete('a')
  await command.printed(/remove/)
  expect(linesOf(command)).toEqual(lines)
})

test('a value lane, and each event of a supply lane, equal ones too', async () => {
  const value = link('value', '--limit', '2')
  await value.printed(/floor/)
  at.lane('value', 'value').set({ floor: 9 })
  expect((await value.ended).out).toBe('{"type":"event","value":{"floor":3}}\n{"type":"event","value":{"floor":9}}\n')
  const supply = link('supply', '--limit', '3')
  // The lane shows nothing until it has an event: that the link is there is known by the host alone.
  await vi.waitFor(
    () => {
      at.lane('supply', 'supply').emit('ring')
      if (supply.out === '') throw new Error('no event so far')
    },
    { timeout: 10_000, interval: 100 },
  )
  for (let i = 0; i < 3; i++) {
    await new Promise(soon => setTimeout(soon, 50))
    at.lane('supply', 'supply').emit('ring')
  }
  const { code, out } = await supply.ended
  expect([code, out]).toEqual([0, '{"type":"event","value":"ring"}\n'.repeat(3)])
})

test('a lane that is empty at first, and shows to be a map: each change once', async () => {
  const command = link('empty', '--limit', '3')
  // That the link is there is known by the host alone.
  await vi.waitFor(
    () => {
      at.lane('empty', 'map').set('a', 1)
      if (command.out === '') throw new Error('no change so far')
    },
    { timeout: 10_000, interval: 100 },
  )
  at.lane('empty', 'map').set('b', 1)
  await command.printed(/"b"/)
  at.lane('empty', 'map').delete('b')
  const { code } = await command.ended
  const lines = linesOf(command).map(line => JSON.parse(line) as { type: string; key: string })
  expect([code, lines.map(({ type, key }) => `${type} ${key}`)]).toEqual([0, ['update a', 'update b', 'remove b']])
})

test.each(['jsonl', 'recon'])(
  'a command that is no operation on a map is printed, without a complaint (%s)',
  async format => {
    const command = link('command', '--format', format, '--limit', '2')
    const send = () => swimlink('command', at.uri, '/n', 'command', '@ring(3)')
    await vi.waitFor(
      async () => {
        await send()
        if (command.out === '') throw new Error('no event so far')
      },
      { timeout: 10_000, interval: 100 },
    )
    await send()
    const line = format === 'recon' ? '@ring(3)\n' : '{"type":"event","value":{"@ring":3}}\n'
    expect(await command.ended).toEqual({ code: 0, out: line.repeat(2), err: '' })
  },
)

test('looking writes nothing, whatever the kind of the lane', async () => {
  const lanes = ['map', 'empty', 'odd', 'value', 'unset', 'command', 'supply', 'demand', 'joined']
  const commands = lanes.map(lane => link(lane))
  await Promise.all(
    commands.filter((_, i) => /^(map|odd|value|demand|joined)$/.test(lanes[i]!)).map(each => each.printed(/\n/)),
  )
  for (const { child } of commands) child.kill('SIGINT')
  for (const { ended } of commands) expect(await ended).toMatchObject({ code: 130, err: '' })
  expect(at.heard).toEqual([])
})

test('a reader that has had enough ends it without a word', async () => {
  const command = link('map')
  await once(command.child.stdout!, 'data')
  command.child.stdout!.destroy()
  const timer = setInterval(() => at.lane('map', 'map').set('guest', { at: performance.now() }), 20)
  const { code, err } = await command.ended
  clearInterval(timer)
  expect([code, err]).toEqual([0, ''])
})

test('a slow reader gets the last change of each key, and costs no memory', async () => {
  const command = link('map')
  await command.printed(/parking/)
  command.child.stdout!.pause()
  const text = 'x'.repeat(2000)
  const rounds = 300
  for (let round = 1; round <= rounds; round++) {
    for (let key = 0; key < 20; key++) at.lane('map', 'map').set(`k${key}`, { round, text })
    await new Promise(soon => setTimeout(soon, 5))
  }
  const lines = createInterface({ input: command.child.stdout! })
  const last = new Map<string, number>()
  let count = 0
  command.child.stdout!.resume()
  for await (const line of lines) {
    if (!line.startsWith('{"type":"update","key":"k')) continue
    const { key, value } = JSON.parse(line) as { key: string; value: { round: number } }
    expect(value.round).toBeGreaterThan(last.get(key) ?? 0)
    last.set(key, value.round)
    count++
    if (last.size === 20 && [...last.values()].every(round => round === rounds)) break
  }
  // 6,000 changes were made; what a pipe holds came through, and the rest was folded.
  expect(count).toBeLessThan(rounds * 10)
})

test('a host that goes away is waited for, and what changed meanwhile comes', async () => {
  const command = link('map')
  await command.printed(/parking/)
  const { port } = new URL(at.uri.replace('warp:', 'http:'))
  await at.host.close()
  await vi.waitFor(() => {
    if (!/ECONNREFUSED/.test(command.err)) throw new Error('not missed so far')
  }, 10_000)
  at = await lookedAt({ port: Number(port) })
  at.lane('map', 'map').delete('parking')
  await command.printed(/"type":"remove","key":"parking"/)
  expect(command.err.match(/ECONNREFUSED/g)).toHaveLength(1)
})

test('a lane that is not there ends it', async () => {
  const { code, err } = await swimlink('link', at.uri, '/n', 'stairs')
  expect([code, err]).toEqual([
    1,
    `swimlink: there is no such lane: the lane stairs of the node /n at ${at.uri} (laneNotFound); check NODE and LANE\n`,
  ])
})
