// client.tap(): frames as they go, without what may be secret, and nothing that a listener does gets in the way.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../../src/inspect/index.js'
import type { TappedFrame } from '../../../src/index.js'
import { parse } from '../../../src/recon/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'
import { value as reconValue } from '../../prop/recon-values.js'
import { stringify } from '../../../src/recon/index.js'

const at = 'node:"/unit/1",lane:map'

const texts = (frames: readonly TappedFrame[]) => frames.map(({ direction, text }) => `${direction} ${text}`)

test('frames reach the listener in the order the client acts, with the host and the time, until the undo', async () => {
  const host = new ScriptedHost()
  const frames: TappedFrame[] = []
  const undo = host.client.tap(frame => frames.push(frame))
  const map = host.map().open()
  await host.clock.advance(7)
  await host.say('@linked', '@event@update(key:a) 1', '@synced')
  map.set('b', 2)
  await host.settle()
  expect(texts(frames)).toEqual([
    `out @sync(${at})`,
    `in @linked(${at})`,
    `in @event(${at})@update(key:a) 1`,
    `in @synced(${at})`,
    `out @command(${at})@update(key:b) 2`,
  ])
  expect(frames[0]).toEqual({ at: 0, hostUri: 'warp://host', direction: 'out', text: `@sync(${at})` })
  expect(frames[1]!.at).toBe(7)
  undo()
  undo()
  await host.say('@event@update(key:a) 2')
  expect(frames).toHaveLength(5)
  expect(map.get('a')).toBe(2)
})

test('a socket that is open by then, and one that opens later, is tapped; each listener by itself', async () => {
  const host = new ScriptedHost()
  host.map().open()
  await host.settle()
  const first: TappedFrame[] = []
  const second: TappedFrame[] = []
  const undo = host.client.tap(frame => first.push(frame))
  host.client.tap(frame => second.push(frame))
  await host.say('@linked')
  undo()
  host.client.hostRef('warp://other').downlinkMap({ nodeUri: '/unit/1', laneUri: 'map' }).open()
  await host.cut()
  await host.settle()
  expect(texts(first)).toEqual([`in @linked(${at})`])
  expect(second.map(({ hostUri, direction }) => `${hostUri} ${direction}`)).toEqual([
    'warp://host in',
    'warp://other out',
    'warp://host out',
  ])
})

test('what a listener throws, or rejects with, goes to onError as callbacks do, and stops nothing', async () => {
  const host = new ScriptedHost()
  const heard: string[] = []
  host.client.tap(() => {
    throw new Error('no')
  })
  host.client.tap(() => Promise.reject(new Error('later')))
  host.client.tap(({ text }) => heard.push(text))
  const map = host.map().open()
  await host.settle()
  await host.say('@linked', '@event@update(key:a) 1', '@synced')
  expect(map.get('a')).toBe(1)
  expect(heard).toHaveLength(4)
  expect(host.errors.map(({ code, message }) => `${code} ${message}`)).toEqual(
    expect.arrayContaining(['callback the callback tap threw: no', 'callback the callback tap threw: later']),
  )
})

test('a listener may end its tap, close the client or write, in the midst of a frame', async () => {
  const host = new ScriptedHost()
  const undo = host.client.tap(() => undo())
  const map = host.map().open()
  let isWritten = false
  host.client.tap(({ text }) => {
    if (text.startsWith('@event') && !isWritten) {
      isWritten = true
      map.set('own', 1)
    }
    if (text.startsWith('@event') && text.includes('last')) void host.client.close()
  })
  await host.settle()
  await host.say('@linked', '@synced', '@event@update(key:a) 1')
  expect([...map]).toEqual([
    ['a', 1],
    ['own', 1],
  ])
  await host.say('@event@update(key:last) 1')
  await host.clock.advance(5000)
  expect(host.errors).toEqual([])
  expect(map.status.state).toBe('closed')
})

test('refuses a listener that is not a function, and anything but a client', () => {
  const host = new ScriptedHost()
  expect(() => host.client.tap(7 as never)).toThrow(/tap: must be a function, got 7/)
  expect(() => Reflect.apply(host.client.tap as never, {}, [() => {}])).toThrow(/client: must be a SwimClient/)
})

test('credentials are never shown: nor what is shown by @auth, nor what is answered, nor where they are thrown back', async () => {
  const host = new ScriptedHost({ credentials: { 'warp://host': { token: 's3cret-one', isAdmin: true, n: 7 } } })
  const frames: TappedFrame[] = []
  host.client.tap(frame => frames.push(frame))
  host.map().open()
  await host.settle()
  await host.say('@authed{session:"s3cret-two"}')
  await host.say('@linked', '@event@update(key:a){said:"s3cret-one",isIt:true,n:7}', '@synced')
  host.client.deauthenticate('warp://host')
  await host.settle()
  await host.say('@deauthed')
  const all = texts(frames)
  expect(all.join('\n')).not.toContain('s3cret')
  expect(all[0]).toBe('out @auth "***"')
  expect(all[1]).toBe('in @authed "***"')
  expect(all).toContain(`in @event(${at})@update(key:a){said:"***",isIt:true,n:7}`)
  expect(all.slice(-2)).toEqual(['out @deauth', 'in @deauthed "***"'])
})

test('user info, queries and fragments are never shown, wherever a URI stands', async () => {
  const host = new ScriptedHost({ hostUri: 'warp://me:pa55word@host/path?key=s3cret' })
  const frames: TappedFrame[] = []
  host.client.tap(frame => frames.push(frame))
  host.client.downlinkMap({ nodeUri: '/unit/1?token=s3cret#s3cret', laneUri: 'map' }).open()
  await host.settle()
  const node = `node:"/unit/1?token=s3cret'x\\"s3cret#s3cret",lane:map`
  await host.say(
    `@linked(${node})`,
    `@event(node:"/a b?x=s3cret",lane:"m?s3cret")@update(key:"https://u:s3cret@x.org/a?b=s3cret"){v:"see /a?x=s3cret, or not"}`,
    `@event(node:"/a",lane:b)"/a?q='s3cret'\\"\\\\"`,
  )
  const all = texts(frames)
  expect(frames.map(({ hostUri }) => hostUri)).toEqual(frames.map(() => 'warp://host/path'))
  expect(all.join('\n')).not.toContain('s3cret')
  expect(all.join('\n')).not.toContain('pa55word')
  expect(all[0]).toBe('out @sync(node:"/unit/1",lane:map)')
  expect(all[1]).toBe('in @linked(node:"/unit/1",lane:map)')
  expect(all[2]).toMatch(/^in @event\(node:"\/a b",lane:"m"\)@update\(key:"https:\/\/x.org\/a"\)/)
  for (const { text } of frames) expect(() => parse(text)).not.toThrow()
})

test('text that is not a URI is left as it is, and a frame that was Recon is Recon', async () => {
  const host = new ScriptedHost()
  let last = ''
  host.client.tap(({ text }) => void (last = text))
  host.map().open()
  await host.settle()
  await host.say('@linked')
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        reconValue,
        fc.string({ unit: fc.constantFrom('"', '\\', '/', '?', '#', '@', ':', ' ', 'a', "'", '\n') }),
      ),
      async value => {
        const frame = `@event(${at})@update(key:k) ${stringify(value as never)}`
        await host.say(frame)
        expect(() => parse(last)).not.toThrow()
        if (!/[?#@]/.test(stringify(value as never))) expect(last).toBe(frame)
      },
    ),
    { numRuns: 200 },
  )
})

test('what is hidden leaves a frame Recon: secrets as keys, values and attributes, quoted and bare, and parts of other words', async () => {
  const unit = fc.constantFrom(
    'a',
    'b',
    '1',
    '7',
    '-',
    '.',
    ' ',
    '{',
    '}',
    '"',
    '\\',
    ',',
    ':',
    '@',
    '(',
    'n',
    '?',
    '/',
  )
  const secret = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/),
    fc.integer({ min: 10_000, max: 2 ** 40 }),
    fc.string({ unit, minLength: 3, maxLength: 8 }),
  )
  await fc.assert(
    fc.asyncProperty(secret, reconValue, async (token, value) => {
      const host = new ScriptedHost({ credentials: { 'warp://host': { token } } })
      let last = ''
      host.client.tap(({ text }) => void (last = text))
      host.map().open()
      await host.settle()
      const said = stringify(token)
      const bodies = [
        `{said:${said},n:1}`,
        ` ${said}`,
        `{${said}:1}`,
        `{{${said}},${said},1}`,
        `@${JSON.stringify(String(token))}(${said})`,
        stringify({ value: value as never, token, [`@x${token}`]: [value as never, `\n${token}`] }),
        `[some ${typeof token === 'number' ? token : 'thing'} prose]`,
      ]
      for (const body of bodies) {
        const frame = `@event(${at})@update(key:k)${body}`
        parse(frame)
        await host.say(frame)
        expect(() => parse(last), `${frame}\n${last}`).not.toThrow()
        // What names nothing of a frame's own is gone from it.
        if (/^[a-z0-9]{7,}$/.test(String(token))) expect(last).not.toContain(String(token))
      }
    }),
    { numRuns: 150 },
  )
})

test('a bare secret is hidden as a text', async () => {
  const host = new ScriptedHost({ credentials: { 'warp://host': { token: 'secret', pin: 123_456 } } })
  let last = ''
  host.client.tap(({ text }) => void (last = text))
  host.map().open()
  await host.settle()
  for (const [body, shown] of [
    ['@update(key:secret) 123456', '@update(key:"***") "***"'],
    ['@update(key:a)@secret{secret:1,b:912345678}', '@update(key:a)@"***"{"***":1,b:"***"}'],
    ['@update(key:a)"a secret, said"', '@update(key:a)"a ***, said"'],
  ]) {
    await host.say(`@event(${at})${body}`)
    expect(last).toBe(`@event(${at})${shown}`)
  }
})
