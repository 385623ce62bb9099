import { describe, expect, test } from 'vitest'
import { SwimError } from '../../../../src/base/swim-error.js'
import { Dispatch, type DispatchPort } from '../../../../src/host/peers/dispatch.js'
import type { Link } from '../../../../src/host/peers/link.js'
import { WarpHost, type HostNode } from '../../../../src/host/index.js'
import { Reader } from '../../../../src/recon/index.js'
import { MapOpReader } from '../../../../src/warp/map-op.js'

/** One client of a host, without a socket between. */
function client(requestPath = '/') {
  const host = new WarpHost({ onError: () => {} })
  host.node('/unit/:id', node => {
    node.mapLane('map')
    node.valueLane('value')
    node.commandLane('echo')
  })
  const ready = new Set<Link>()
  const said: string[] = []
  const reader = new Reader()
  const port: DispatchPort = {
    session: { identity: undefined, url: requestPath, headers: {}, remoteAddress: undefined },
    reader,
    ops: new MapOpReader(reader),
    maxLinks: 100,
    maxUriChars: 2048,
    wake: link => void ready.add(link),
    queued: () => {},
    expel: () => {},
    send: frame => void said.push(frame),
    close: (code, reason) => void said.push(`${code} ${reason}`),
    visit(path): HostNode | undefined {
      try {
        return host.nodeRef(path)
      } catch {
        return undefined
      }
    },
    afterKept: run => run(),
    authenticate: () => void said.push('@authed'),
    deauthenticate: () => void said.push('@deauthed'),
  }
  const dispatch = new Dispatch(port, requestPath)
  return {
    host,
    dispatch,
    says(...frames: string[]): string[] {
      for (const frame of frames) dispatch.receive(frame)
      for (const link of ready) {
        for (let frame = link.next(); frame !== undefined; frame = link.next()) said.push(frame)
      }
      ready.clear()
      return said.splice(0)
    },
  }
}

const frames = [
  '@link(node:"/unit/1",lane:map)',
  '@sync(node:"/unit/1",lane:map,prio:0.5,rate:1){a:1}',
  '@unlink(node:"/unit/1",lane:map)',
  '@command(node:"/unit/1",lane:map)@update(key:a){x:[b @c(1)[d]],y:%AAEC}',
  '@command(node:"/unit/1",lane:map)@update(key:{k:"é\\u00e9"}) -1.5e3',
  '@command(node:"/unit/1",lane:map)@remove(key:a)',
  '@command(node:"/unit/1",lane:map)@drop(1)',
  '@command(node:"/unit/1",lane:map)@clear',
  '@command(node:"/unit/1",lane:value){floor:3,tags:{a,b},open:true}',
  '@command(node:"/unit/1",lane:echo)"text"',
  '@sync(node:"/unit/%c3%a9?x=1",lane:"value")',
  '@auth{token:good}',
  '@event(node:"/unit/1",lane:map)1',
]

test('every frame is understood, ignored, or answered with what is wrong with it', () => {
  let seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
  const begun = seed
  const next = (below: number) => {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32
    return Math.floor((seed / 2 ** 32) * below)
  }
  const chars = '@(){}[]:,;"\'\\#%$ \n\t-.0129eEaxé\u0000\ud800/?&~`'
  const outcomes = { understood: 0, refused: 0 }
  const { says } = client()
  for (let i = 0; i < 20_000; i++) {
    let frame = frames[next(frames.length)]!
    for (let changes = next(4); changes > 0; changes--) {
      const at = next(frame.length + 1)
      const kind = next(4)
      const char = chars[next(chars.length)]!
      if (kind === 0) frame = frame.slice(0, at)
      else if (kind === 1) frame = frame.slice(0, at) + char + frame.slice(at)
      else if (kind === 2) frame = frame.slice(0, at) + char + frame.slice(at + 1)
      else frame += frames[next(frames.length)]!.slice(next(20))
    }
    try {
      says(frame)
      outcomes.understood++
    } catch (error) {
      expect(error, `seed ${begun}, frame ${JSON.stringify(frame)}`).toBeInstanceOf(SwimError)
      outcomes.refused++
    }
  }
  expect(outcomes.understood).toBeGreaterThan(1000)
  expect(outcomes.refused).toBeGreaterThan(1000)
})

test.each(Object.getOwnPropertyNames(Object.prototype))(
  'a slot %s in a head is passed over, and a record with it is the fault of the frame',
  name => {
    for (const tag of ['link', 'sync', 'command', 'unlink']) {
      const frame = (slots: string) => `@${tag}(node:"/unit/1",lane:value${slots})`
      const heard = client().says(frame(''))
      for (const value of ['1', 'x', '{x:1}', `{${name}:1}`])
        for (const slots of [`,${name}:${value}`, `,{${name}:${value}}:1`]) {
          const { says } = client()
          expect(says(frame(slots)), slots).toEqual(heard)
          // As a slot of the body, and as all of it.
          expect(() => says(`${frame('')}{${name}:${value}}`)).not.toThrow()
        }
    }
    for (const tag of ['link', 'sync'])
      for (const param of ['prio', 'rate'])
        expect(() => client().says(`@${tag}(node:"/unit/1",lane:value,${param}:{${name}:1})`)).toThrow(
          expect.objectContaining({ code: 'protocol' }),
        )
  },
)

describe('a node URI', () => {
  test('of 2,048 characters is the longest', () => {
    const uri = (length: number) => '/unit/'.padEnd(length, 'x')
    expect(client().says(`@link(node:"${uri(2048)}",lane:map)`)[0]).toMatch(/^@linked/)
    for (const head of [`node:"${uri(2049)}",lane:map`, `node:"/unit/1",lane:"${uri(2049)}"`])
      for (const tag of ['link', 'sync', 'unlink', 'command'])
        expect(() => client().says(`@${tag}(${head})`)).toThrow(expect.objectContaining({ code: 'protocol' }))
  })

  test.each([
    ['/', 'unit/1', '/unit/1'],
    ['/unit/', '1', '/unit/1'],
    ['/unit/7?token=a', '1', '/unit/1'],
    ['/a/b/', '../../unit/1', '/unit/1'],
    ['/', '/unit/./1', '/unit/1'],
  ])('from a socket at %s, %s is %s', (requestPath, uri, resolved) => {
    const { says, host } = client(requestPath)
    expect(says(`@link(node:"${uri}",lane:map)`)[0]).toMatch(/^@linked/)
    host.nodeRef(resolved).lane('map', 'map').set('a', 1)
    expect(says()).toEqual([expect.stringMatching(/@update\(key:a\) 1$/)])
  })
})

test('an ended link gets no more events, and is forgotten', () => {
  const { says, host, dispatch } = client()
  says(frames[0]!)
  expect(dispatch.linkCount).toBe(1)
  dispatch.end()
  host.nodeRef('/unit/1').lane('map', 'map').set('a', 1)
  expect([says(), dispatch.linkCount]).toEqual([[], 0])
})

test.each(['{', '{b', '@set(a){'.padEnd(2000, '{'), '{'.repeat(1000) + '}'.repeat(1000)])(
  'a command that is no operation on its map lane is passed over only where it is Recon: %s',
  body => {
    const { says } = client()
    expect(says('@command(node:"/unit/1",lane:map){b}')).toEqual([])
    expect(() => says(`@command(node:"/unit/1",lane:map)${body}`)).toThrow(
      expect.objectContaining({ name: 'ReconError' }),
    )
  },
)

test('two envelopes in one message are refused, rather than the second lost', () => {
  const { says } = client()
  const sync = '@sync(node:"/unit/1",lane:map)'
  expect(() => says(`${sync}\n${sync}`)).toThrow(expect.objectContaining({ name: 'ProtocolError' }))
  expect(says(`${sync}\n`)).toHaveLength(2)
})
