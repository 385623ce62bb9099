// The two commands of the demo: what they print, what they serve, and how they end.
import { spawn, type ChildProcess } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { SwimClient } from '../../src/index.js'

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

/** A command of the demo, and what it prints. */
class Command {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  text = ''
  #seen: (() => void)[] = []

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, args, { env: { ...process.env, PORT: undefined, NO_COLOR: '1' } })
    running.add(this.child)
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream!.setEncoding('utf8').on('data', (text: string) => {
        this.text += text
        for (const seen of this.#seen) seen()
      })
    }
    this.ended = new Promise(done => this.child.on('close', code => done(code)))
  }

  /** Resolves with the match, once it is printed; rejects when the command ends without having printed it. */
  printed(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((found, fail) => {
      const look = () => {
        const match = this.text.match(pattern)
        if (match) found(match)
      }
      this.#seen.push(look)
      look()
      void this.ended.then(code => fail(new Error(`ended with ${code}, without ${pattern}:\n${this.text}`)))
    })
  }

  /** Milliseconds from Ctrl-C to the end, and the exit code. */
  async interrupt(): Promise<{ code: number | null; tookMs: number }> {
    const startedAtMs = performance.now()
    this.child.kill('SIGINT')
    const code = await this.ended
    return { code, tookMs: performance.now() - startedAtMs }
  }
}

async function start(): Promise<{ command: Command; uri: string; url: string }> {
  const command = new Command('demo/start.mjs')
  const [, url] = await command.printed(/the page +(http\S+)/)
  const [, uri] = await command.printed(/link\.mjs (warp\S+) \/hotel\/lobby elevators/)
  return { command, uri: uri!, url: url! }
}

test('npm start opens a hotel whose elevators move, prints changes and a write that came back, and ends at Ctrl-C', async () => {
  const { command, uri } = await start()
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

test('the city joins the elevators of all hotels, and a hotel makes its own of a floor that it has not', async () => {
  const { uri } = await start()
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
  const { url } = await start()
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
  const { uri } = await start()
  const link = new Command('demo/link.mjs', uri, '/hotel/lobby', 'elevators')
  await link.printed(/synced/)
  await link.printed(/guest +id 101, floor/)
  await link.printed(/← swimlink id 7, floor -?\d+.* back from the lane after [\d.]+ ms/)
  await link.printed(/floor -?\d+ → -?\d+/)
  const { code, tookMs } = await link.interrupt()
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(1000)
})

test('link.mjs makes the write it is given', async () => {
  const { uri } = await start()
  const address = [uri, '/hotel/lobby', 'elevators']
  const link = new Command('demo/link.mjs', ...address, '--key', '"glass"', '--value', '{id:3,floor:5,occupied:true}')
  await link.printed(/← glass id 3, floor 5, occupied +back from the lane/)
})

test('what can not be linked to is an error that says what to do', async () => {
  const { uri } = await start()
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
  const { command, uri } = await start()
  await command.interrupt()
  const link = new Command('demo/link.mjs', uri, '/hotel/lobby', 'elevators')
  await link.printed(/ECONNREFUSED/)
  const again = new Command('demo/start.mjs', '--port', new URL(uri).port)
  await link.printed(/← swimlink .*back from the lane/)
  expect(link.text.match(/ECONNREFUSED/g)).toHaveLength(1)
  await again.interrupt()
})

test('a port that is taken is an error that says so', async () => {
  const { uri } = await start()
  const second = new Command('demo/start.mjs', '--port', new URL(uri).port)
  expect(await second.ended).toBe(1)
  expect(second.text).toMatch(/EADDRINUSE/)
})
