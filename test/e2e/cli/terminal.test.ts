// `swimlink` on a pseudo-terminal, as its user sees it: tables in place, resized, colours and none, and Ctrl-C.
// @module-tag full
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endCommands, OnTerminal } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeEach(async () => {
  at = await lookedAt()
})
afterEach(async () => {
  endCommands()
  await at.host.close()
})

const link = (laneUri: string, options: ConstructorParameters<typeof OnTerminal>[1] = {}) =>
  new OnTerminal(['link', at.uri, '/n', laneUri], { columns: 100, ...options })

const showCursor = '\x1b[?25h'
const hideCursor = '\x1b[?25l'

test('a map is a table that is drawn in place, and Ctrl-C leaves it and gives the cursor back', async () => {
  const terminal = link('map')
  const head = [`map of /n at ${at.uri}`, 'synced  2 entries', '']
  await terminal.seen(lines =>
    expect(lines).toEqual([...head, 'key      id  floor  note', 'guest    1   4', 'parking  2   -1     two lines']),
  )
  const lane = at.lane('map', 'map')
  for (let floor = 1; floor <= 40; floor++) {
    lane.set('guest', { id: 1, floor })
    await new Promise(soon => setTimeout(soon, 10))
  }
  lane.delete('parking')
  await terminal.seen(lines =>
    expect(lines).toEqual([head[0], 'synced  1 entry', '', 'key    id  floor', 'guest  1   40']),
  )
  terminal.type('\x03')
  expect(await terminal.ended).toBe(130)
  expect(terminal.lines).toContain('guest  1   40')
  expect(terminal.raw.lastIndexOf(showCursor)).toBeGreaterThan(terminal.raw.lastIndexOf(hideCursor))
  // Forty changes within 400 ms were drawn no more often than ten times a second.
  expect(terminal.raw.match(/synced/g)!.length).toBeLessThan(15)
})

test('a table fits its terminal: what is too long or too wide is said or cut, and a resize draws it anew', async () => {
  const lane = at.lane('empty', 'map')
  for (let i = 0; i < 50; i++) lane.set(`entry ${String(i).padStart(2, '0')}`, { text: 'long '.repeat(30), i })
  const terminal = link('empty', { columns: 60, rows: 12 })
  await terminal.seen(lines => {
    expect(lines.slice(0, 2)).toEqual([`empty of /n at ${at.uri}`, 'synced  50 entries'])
    expect(lines.at(-1)).toMatch(/^and 4\d more$/)
    expect(lines.length).toBeLessThanOrEqual(11)
    expect(lines[4]).toMatch(/^entry 00  long long .*…  0$/)
  })
  terminal.resize(30, 8)
  await terminal.seen(lines => {
    expect(lines.length).toBeLessThanOrEqual(9)
    expect(lines.filter(line => /^entry 00/.test(line))).toHaveLength(1)
    expect(lines.at(-1)).toMatch(/^and 4\d more$/)
  })
  terminal.resize(100, 60)
  await terminal.seen(lines => expect(lines.filter(line => /^entry/.test(line))).toHaveLength(50))
  lane.clear()
  await terminal.seen(lines => expect(lines).toEqual([`empty of /n at ${at.uri}`, 'synced  0 entries']))
})

test('a value, and an empty lane that shows to be one', async () => {
  const value = link('value')
  await value.seen(lines => expect(lines.slice(1)).toEqual(['synced', '', 'key    value', 'floor  3']))
  const supply = link('supply')
  await supply.seen(lines => expect(lines[1]).toBe('synced  0 entries'))
  at.lane('supply', 'supply').emit('ring')
  await supply.seen(lines => expect(lines.slice(1)).toEqual(['synced', '', 'ring']))
})

test('a host that goes away is said, and its entries stay', async () => {
  const terminal = link('map')
  await terminal.seen(lines => expect(lines[1]).toMatch(/synced/))
  const { port } = new URL(at.uri.replace('warp:', 'http:'))
  await at.host.close()
  await terminal.seen(lines => {
    expect(lines.join('\n')).toMatch(/the host is away; this is as it was {2}2 entries/)
    expect(lines[2]).toMatch(/ECONNREFUSED/)
    expect(lines.slice(3)).toEqual(['key      id  floor  note', 'guest    1   4', 'parking  2   -1     two lines'])
  })
  at = await lookedAt({ port: Number(port) })
  await terminal.seen(lines => expect(lines.slice(0, 3)).toEqual([lines[0], 'synced  2 entries', '']))
})

test('wide letters and letters of two units keep their columns', async () => {
  at.lane('empty', 'map').set('東京', { name: '山手線', n: 1 }).set('😀', { name: 'face', n: 2 })
  const terminal = new OnTerminal(['get', at.uri, '/n', 'empty'], { columns: 60 })
  expect(await terminal.ended).toBe(0)
  await terminal.seen(lines => expect(lines).toEqual(['key   name    n', '東京  山手線  1', '😀    face    2']))
})

test('colours are there unless NO_COLOR or TERM=dumb says otherwise', async () => {
  const colour = /\x1b\[\d+m/
  const get = ['get', at.uri, '/n', 'map']
  const all = [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }].map(env => new OnTerminal(get, { env, columns: 100 }))
  for (const terminal of all) expect(await terminal.ended).toBe(0)
  expect(all.map(({ raw }) => colour.test(raw))).toEqual([true, false, false])
  for (const terminal of all) await terminal.seen(lines => expect(lines[1]).toBe('guest    1   4'))
  const live = link('map', { env: { NO_COLOR: '1' } })
  await live.seen(lines => expect(lines[1]).toBe('synced  2 entries'))
  expect(live.raw).not.toMatch(colour)
})
