// The two commands of the demo: what they print, what they serve, and how they end.
import { afterEach, expect, test } from 'vitest'
import { SwimClient } from '../../src/index.js'
import { Command, endCommands, opened, startDemo } from '../support/demo.js'

afterEach(endCommands)

test('npm start opens a hotel whose elevators move, prints changes and a write that came back, and ends at Ctrl-C', async () => {
  const { command, uri } = await startDemo()
  await command.printed(/→ service id 7, floor 1 +written here/)
  await command.printed(/← service id 7, floor 1 +back from the lane after [\d.]+ ms/)
  await command.printed(/floor -?\d+ → -?\d+/)

  await using client = new SwimClient({ hostUri: uri })
  const elevators = client.downlinkMap().nodeUri('/hotel/lobby').laneUri('elevators').open()
  await elevators.whenSynced()
  expect([...elevators.keys()]).toEqual(['guest', 'panorama', 'parking', 'service'])
  expect(elevators.get('service')).toMatchObject({ id: 7 })

  const { code, tookMs } = await command.interrupt()
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(1000)
})

test.skipIf(process.platform === 'win32')('npm passes Ctrl-C on, and ends with 0 as the hotel does', async () => {
  const { command, url } = await opened(new Command('npm', 'start'))
  expect((await command.interrupt()).code).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

test('the city joins the elevators of all hotels, and a hotel makes its own of a floor that it has not', async () => {
  const { uri } = await startDemo()
  await using client = new SwimClient({ hostUri: uri })
  const city = client.downlinkMap().nodeUri('/city').laneUri('elevators').open()
  const lobby = client.downlinkMap().nodeUri('/hotel/lobby').laneUri('elevators').open()
  await Promise.all([city.whenSynced(), lobby.whenSynced()])
  expect(city.size).toBeGreaterThanOrEqual(14)
  expect(await lobby.put('glass', { id: 9, floor: 99, occupied: true })).toBe('superseded')
  expect(lobby.get('glass')).toEqual({ id: 9, floor: 12, occupied: true })
  const gone = new Promise(done => city.on('didRemove', key => key === 'glass' && done(key)))
  expect(await lobby.remove('glass')).toBe('taken')
  await gone
})

test('the page is served with all that it names', async () => {
  const { url } = await startDemo()
  for (const page of ['', 'load.html', 'react.html']) {
    const html = await (await fetch(url + page)).text()
    // A strict policy: no script or style stands in the page itself.
    expect(html).toContain("script-src 'self'")
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/)
    const named = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(match => match[1]!)
    for (const path of named) expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 200])
  }
})

test('link.mjs links to a lane, prints its changes and a write that came back, and ends at Ctrl-C', async () => {
  const { uri } = await startDemo()
  const link = new Command('demo/link.mjs', uri, '/hotel/lobby', 'elevators')
  await link.printed(/synced/)
  await link.printed(/guest +id 101, floor/)
  await link.printed(/← swimlink id \d+, floor -?\d+.* back from the lane after [\d.]+ ms/)
  await link.printed(/floor -?\d+ → -?\d+/)
  const { code, tookMs } = await link.interrupt()
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(1000)
})

test('link.mjs makes the write it is given', async () => {
  const { uri } = await startDemo()
  const address = [uri, '/hotel/lobby', 'elevators']
  const link = new Command('demo/link.mjs', ...address, '--key', '"glass"', '--value', '{id:3,floor:5,occupied:true}')
  await link.printed(/← glass id 3, floor 5, occupied +back from the lane/)
})

test('what can not be linked to is an error that says what to do', async () => {
  const { uri } = await startDemo()
  const noLane = new Command('demo/link.mjs', uri, '/hotel/lobby', 'stairs')
  expect(await noLane.ended).toBe(1)
  expect(noLane.text).toMatch(/UnlinkedError.*stairs.*laneNotFound.*check the laneUri/s)

  const noHost = new Command('demo/link.mjs', 'http:', '/hotel/lobby', 'elevators')
  expect(await noHost.ended).toBe(1)
  expect(noHost.text).toMatch(/ConfigError.*warp:\/\/example\.com/s)

  const nothing = new Command('demo/link.mjs')
  expect(await nothing.ended).toBe(2)
  expect(nothing.text).toMatch(/node demo\/link\.mjs warp:\/\/HOST:PORT NODE LANE/)
})

test('a host that is away is said once, and waited for', async () => {
  const { command, uri } = await startDemo()
  await command.interrupt()
  const link = new Command('demo/link.mjs', uri, '/hotel/lobby', 'elevators')
  await link.printed(/ECONNREFUSED/)
  const again = new Command('demo/start.mjs', '--port', new URL(uri).port)
  await link.printed(/← swimlink .*back from the lane/)
  expect(link.text.match(/ECONNREFUSED/g)).toHaveLength(1)
  await again.interrupt()
})

test('a port that is taken is an error that says so', async () => {
  const { uri } = await startDemo()
  const second = new Command('demo/start.mjs', '--port', new URL(uri).port)
  expect(await second.ended).toBe(1)
  expect(second.text).toMatch(/EADDRINUSE/)
})
