// The demo that npm starts: what it prints, what it serves, and how it ends. Its other command: demo-link.test.ts.
// @module-tag full
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

  // With a client that is linked still.
  expect(await command.interrupt()).toBe(0)
})

test.skipIf(process.platform === 'win32')('npm passes Ctrl-C on, and ends with 0 as the hotel does', async () => {
  const { command, url } = await opened(new Command('npm', 'start'))
  expect(await command.interrupt()).toBe(0)
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

test('a port that is taken is an error that says so', async () => {
  const { uri } = await startDemo()
  const second = new Command('demo/start.mjs', '--port', new URL(uri).port)
  expect(await second.ended).toBe(1)
  expect(second.text).toMatch(/EADDRINUSE/)
})
