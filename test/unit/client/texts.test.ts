// Every way by which a text from outside gets into an error that an application sees: from a host, a network, an application.
import { describe, expect, test } from 'vitest'
import type { SwimClientOptions } from '../../../src/index.js'
import { SwimClient, SwimError } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const pairs = 'x' + '😀'.repeat(100_000)
/** As a value that no option takes. */
const odd = [pairs] as never
const cause = new Error(pairs)

const fail = () => {
  throw cause
}

/** A socket that ends at once, as it is told to. */
const ending = (end: (socket: { onerror: unknown; onclose: unknown }) => void) =>
  class {
    bufferedAmount = 0
    onopen: (() => void) | null = null
    onmessage = null
    onclose: ((event: object) => void) | null = null
    onerror: ((event: object) => void) | null = null
    constructor() {
      queueMicrotask(() => end(this as never))
    }
    send() {}
    close() {}
  } as never

type Told = (error: SwimError) => void
interface Way {
  readonly options?: SwimClientOptions
  /** What the host answers to the first @sync. */
  readonly says?: readonly string[]
  /** What brings the error about, once the lane is linked. */
  readonly does?: (host: ScriptedHost, told: Told) => unknown
}

const schema = (validate: (value: unknown) => object) =>
  ({ '~standard': { version: 1, vendor: 'test', validate } }) as never
const valid = (value: unknown) => ({ value })

/** Calls, and hands on what that throws or rejects with. */
const call = (act: (host: ScriptedHost) => unknown) => async (host: ScriptedHost, told: Told) => {
  try {
    await act(host)
  } catch (error) {
    told(error as SwimError)
  }
}

const ways: Record<string, Way> = {
  'the reason of a close': { does: host => host.peers[0]!.cut(4000, pairs) },
  'the reason of an unlink': { says: [`@unlinked@"${pairs}"`] },
  'a frame that is no envelope': { does: host => host.say(pairs) },
  'a tag': { does: host => host.say(`@"${pairs}"(node:"/unit/1",lane:map)`) },
  'an operation on a map': { does: host => host.say(`@event@"${pairs}"(key:a)`) },
  'an error of the socket': {
    options: { protocols: [], webSocket: ending(socket => (socket.onerror as (e: object) => void)({ error: cause })) },
  },
  'the reason of a close without a socket': {
    options: {
      protocols: [],
      webSocket: ending(socket => (socket.onclose as (e: object) => void)({ code: 4000, reason: pairs })),
    },
  },
  'an error in making the socket': { options: { protocols: [], webSocket: class { constructor() { fail() } } as never } }, // prettier-ignore
  'what gives the credentials': { options: { credentials: { 'warp://host': fail } } },
  'a callback': { does: host => host.client.downlinkMap({ laneUri: 'map', didOpen: fail }).open() },
  'a schema that throws': {
    does: call(host => host.client.downlinkMap({ laneUri: 'map', valueSchema: schema(fail) }).open().set('a', 1)), // prettier-ignore
  },
  'an issue of a schema': {
    does: call(host =>
      host.client
        .downlinkMap({ laneUri: 'map', valueSchema: schema(() => ({ issues: [{ message: pairs, path: [pairs] }] })) })
        .open()
        .set('a', 1),
    ),
  },
  'a key that a schema refuses': {
    does: call(host =>
      host.client
        .downlinkMap({
          laneUri: 'map',
          valueSchema: schema(value => (value === 1 ? { issues: [{ message: '' }] } : valid(value))),
        }) // prettier-ignore
        .open()
        .set(pairs, 1),
    ),
  },
  'a host URI': { does: call(() => new SwimClient({ hostUri: pairs })) },
  'a host URI of credentials': { does: call(() => new SwimClient({ credentials: { [pairs]: 1 } })) },
  'a node URI': { does: call(host => host.client.downlinkMap({ nodeUri: `warp://${pairs}`, laneUri: 'map' }).open()) },
  'a lane URI': { does: call(host => host.client.downlinkMap({ laneUri: odd }).open()) },
  'a number among the options': { does: call(() => new SwimClient({ heartbeatMs: odd })) },
  'another of the options': { does: call(() => new SwimClient({ onError: odd })) },
  'options that are not an object': { does: call(() => new SwimClient(pairs as never)) },
  'a priority': { does: call(host => host.client.downlinkMap({ laneUri: 'map', prio: odd }).open()) },
  'a rate': { does: call(host => host.client.downlinkMap({ laneUri: 'map', rate: odd }).open()) },
  'a callback that is not a function': {
    does: call(host => host.client.downlinkMap({ laneUri: 'map', didOpen: odd }).open()),
  },
  'a listener that is not a function': { does: call(host => host.client.on('error', odd)) },
  'the name of an event': { does: call(host => host.client.on(pairs as never, 1 as never)) },
  'an invalid signal': { does: call(host => host.client.downlinkMap({ laneUri: 'map', signal: odd }).open()) },
  'empty values': { does: call(host => host.client.downlinkMap({ laneUri: 'map', emptyValues: odd }).open()) },
  'a path to a value': {
    does: call(host =>
      host
        .map()
        .open()
        .set('a', { ['x'.repeat(200_001)]: () => 1 }),
    ),
  },
}

describe('an error that a text of 200,001 characters gets into is short, in message and fields, by', () => {
  test.each(Object.entries(ways))('%s', async (_, { options, says, does }) => {
    const errors: SwimError[] = []
    const told = (error: SwimError) => errors.push(error)
    const host = new ScriptedHost({ ...options, onError: told })
    const unlinked: string[] = []
    host.answer = text => (text === '@sync' ? (says ?? ['@linked', '@synced']) : [])
    host
      .map()
      .didFail(told)
      .didUnlink(reason => unlinked.push(reason))
      .open()
    await host.clock.advance(50)
    await does?.(host, told)
    await host.clock.advance(50)
    await Promise.all([host.client.close(), host.clock.advance(2000)])
    expect(errors.length).toBeGreaterThan(0)
    const [error] = errors
    expect(error).toBeInstanceOf(SwimError)
    // A SchemaError's key is no text for people, but the key of the entry.
    const { key: _key, ...fields } = error as SwimError & { readonly key?: unknown }
    for (const text of [
      error!.message,
      ...unlinked,
      ...Object.values(fields).filter(each => typeof each === 'string'),
    ]) {
      expect(text.length).toBeLessThan(500)
      expect(text).not.toMatch(/\p{Surrogate}/u)
    }
    const { reason, option, snippet, path } = error as SwimError & { [field: string]: unknown }
    for (const field of [reason, option, snippet, path, ...unlinked]) {
      if (field !== undefined) expect((field as string).length).toBeLessThanOrEqual(120)
    }
  })
})
