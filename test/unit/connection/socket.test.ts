// A host's socket, with a transport whose every word is the test's: what it hands on in which order, and what it leaves behind.
import { describe, expect, test } from 'vitest'
import { Socket, type SocketOptions } from '../../../src/connection/socket.js'
import type { Transport, TransportEnd, TransportListener } from '../../../src/transport/transport.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

const lost: TransportEnd = { code: 1006, reason: '' }

function makeSocket(options: Partial<SocketOptions> = {}) {
  const clock = new VirtualClock()
  const story: string[] = []
  const errors: Error[] = []
  /** How long each frame takes to be handled; what happens with it, besides. */
  const lever = { frameMs: 0, received: (_: string) => {} }
  let busyMs = 0
  const now = clock.now.bind(clock)
  clock.now = () => now() + busyMs
  let listener!: TransportListener
  const transport = {
    bufferedBytes: 0,
    receivedBytes: undefined as number | undefined,
    held: [] as boolean[],
    letGo: () => {},
    send: (text: string) => void story.push(`sent ${text}`),
    hold: (isHeld: boolean) => void transport.held.push(isHeld),
    close: () => new Promise<void>(resolve => (transport.letGo = resolve)),
    drop: () => void story.push('dropped'),
  } satisfies Transport & { held: boolean[]; letGo: () => void }
  const socket = new Socket(
    {
      clock,
      host: { url: 'ws://host/', uri: 'ws://host/' },
      protocols: [],
      heartbeatMs: 12_000,
      heartbeatTimeoutMs: 10_000,
      maxBufferedBytes: 1000,
      openTransport: (_url, _protocols, given) => {
        listener = given
        return transport
      },
      ...options,
    },
    {
      opened: () => story.push('opened'),
      received: text => {
        busyMs += lever.frameMs
        story.push(text)
        lever.received(text)
      },
      refused: error => story.push(`refused: ${error.message}`),
      failed: error => {
        errors.push(error)
        story.push('failed')
      },
      ended: (error, isPeers) => {
        errors.push(error)
        story.push(isPeers ? 'ended' : 'given up')
      },
      drained: () => story.push('drained'),
      mask: text => text,
      probe: () => {
        story.push(`asked at ${clock.now()}`)
        return true
      },
    },
  )
  const open = () => {
    socket.open()
    listener.opened()
    story.length = 0
  }
  const frames = (count: number) => Array.from({ length: count }, (_, i) => `frame ${i}`)
  const take = (count: number) => frames(count).forEach(text => listener.received(text))
  return { clock, socket, story, errors, lever, transport, open, take, frames, listener: () => listener }
}

describe('the end of a socket', () => {
  test('is reported after all frames that came before it, also if handling them takes several turns', async () => {
    const { clock, story, lever, open, take, frames, listener, transport } = makeSocket()
    open()
    lever.frameMs = 1
    take(100)
    listener().ended(lost)
    expect(story).not.toContain('ended')
    await clock.settle()
    expect(story).toEqual([...frames(100), 'ended'])
    expect(transport.held).toEqual([true, false])
  })

  test('is reported with its code, and the reason of the host or the platform', () => {
    const { errors, open, listener } = makeSocket()
    const ends: TransportEnd[] = [
      lost,
      { code: 4000, reason: 'why' },
      { code: 1006, reason: '', cause: new Error('no route') },
      { code: 1006, reason: '', cause: new Error('') },
    ]
    for (const end of ends) {
      open()
      listener().ended(end)
    }
    expect(errors.map(({ message }) => message)).toEqual([
      'the WebSocket to ws://host/ ended (1006); reconnecting',
      'the WebSocket to ws://host/ ended (4000: why); reconnecting',
      'the WebSocket to ws://host/ ended (1006: no route); reconnecting',
      'the WebSocket to ws://host/ ended (1006); reconnecting',
    ])
    expect(errors[2]).toMatchObject({ cause: ends[2]!.cause, closeCode: 1006 })
  })

  test('over a frame that the platform refuses is reported once for each kind, and is not the host’s fault', () => {
    const { story, errors, open, listener } = makeSocket()
    const refuse = (refusals: number) => {
      open()
      listener().ended({ ...lost, cause: new Error('max size'), refusals, advice: `, ${refusals} by now: raise it` })
      return story.splice(0)
    }
    expect([refuse(1), refuse(2), refuse(1), refuse(3)]).toEqual([
      ['failed', 'given up'],
      ['given up'],
      ['failed', 'given up'],
      ['given up'],
    ])
    expect(errors[0]).toBe(errors[1])
    const start = 'the WebSocket to ws://host/ ended (1006: max size)'
    expect(errors[0]!.message).toBe(`${start}, 1 by now: raise it; reconnecting`)
    expect(errors.at(-1)!.message).toBe(`${start}, 3 by now: raise it; reconnecting`)
  })
})

test('a socket that ends with code 1012 (service restart) is blamed on no write', () => {
  const { story, errors, open, listener } = makeSocket()
  const ended = (code: number) => {
    open()
    listener().ended({ code, reason: 'upgrade' })
    return story.splice(0)
  }
  expect([ended(1012), ended(1011)]).toEqual([['given up'], ['ended']])
  expect(errors[0]).toMatchObject({ closeCode: 1012, reason: 'upgrade' })
})

describe('silence', () => {
  test('is reported with its real duration', async () => {
    const { clock, story, errors, open, transport } = makeSocket()
    transport.receivedBytes = 0
    open()
    await clock.advance(60_000)
    expect(story).toEqual(['asked at 12000', 'given up'])
    expect(errors[0]!.message).toBe('ws://host/ gave no sign of life for 10250 ms; reconnecting')
  })

  test('is not assumed while bytes come, or while received frames wait', async () => {
    const { clock, story, lever, open, take, transport } = makeSocket()
    transport.receivedBytes = 0
    open()
    for (let i = 0; i < 60; i++) {
      transport.receivedBytes += 300_000
      await clock.advance(1000)
    }
    expect(story.map(each => each.split(' ')[0])).toEqual(Array(5).fill('asked'))
    // No turn for the frames that are left over, for longer than a silent socket is given.
    const { turn } = clock
    clock.turn = () => () => {}
    lever.frameMs = 1
    take(100)
    await clock.advance(60_000)
    expect(story).not.toContain('given up')
    clock.turn = turn
  })

  test.each([
    ['no byte that comes can be seen', undefined, 0],
    ['much was sent since the last frame', 0, 100_000],
  ])('is allowed for longer by the next socket if %s', async (_, receivedBytes, chars) => {
    const { clock, socket, errors, open, transport } = makeSocket()
    transport.receivedBytes = receivedBytes
    for (let i = 0; i < 3; i++) {
      open()
      socket.send('x'.repeat(chars))
      await clock.advance(100_000)
      void socket.close()
    }
    expect(errors.map(({ message }) => /\d+/.exec(message)![0])).toEqual(['10250', '20250', '40250'])
  })

  test('is not allowed for longer if bytes are counted and little was sent', async () => {
    const { clock, socket, errors, open, transport } = makeSocket()
    transport.receivedBytes = 0
    for (let i = 0; i < 3; i++) {
      open()
      socket.send('x'.repeat(1000))
      await clock.advance(100_000)
      void socket.close()
    }
    expect(errors.map(({ message }) => /\d+/.exec(message)![0])).toEqual(['10250', '10250', '10250'])
  })
})

/** Moments at which a socket may be closed: what is under way then must neither be told nor keep a timer. */
const moments: Record<string, (made: ReturnType<typeof makeSocket>) => unknown> = {
  'before it opened': ({ socket }) => socket.open(),
  'once it is open': ({ open }) => open(),
  'while it is asked for a sign of life': async ({ clock, open }) => {
    open()
    await clock.advance(15_000)
  },
  'in the grace of the last look': async ({ clock, open }) => {
    open()
    await clock.advance(22_100)
  },
  'while frames wait': ({ open, lever, take }) => {
    open()
    lever.frameMs = 1
    take(100)
  },
  'while frames wait, and its end behind them': ({ open, lever, take, listener }) => {
    open()
    lever.frameMs = 1
    take(100)
    listener().ended(lost)
  },
  'while it is backed up': ({ socket, open, transport }) => {
    open()
    transport.bufferedBytes = 5000
    expect(socket.hasRoom).toBe(false)
  },
  'while it is backed up, held and asked': async ({ socket, open, transport, lever, take, clock }) => {
    open()
    await clock.advance(15_000)
    transport.bufferedBytes = 5000
    expect(socket.hasRoom).toBe(false)
    lever.frameMs = 1
    take(100)
  },
}

describe('a socket that is closed', () => {
  test.each(Object.entries(moments))('%s calls its listener no more, and leaves no timer', async (_, come) => {
    const made = makeSocket()
    await come(made)
    const { clock, socket, story, transport } = made
    const closed = socket.close()
    story.length = 0
    transport.bufferedBytes = 0
    await clock.advance(500)
    transport.letGo()
    await closed
    await clock.advance(100_000)
    expect(story).toEqual([])
    expect(clock.pendingTimers).toBe(0)
    expect(transport.held.filter(Boolean)).toHaveLength(transport.held.length / 2)
    expect(socket.hasRoom).toBe(false)
  })

  test.each([0, 15, 16, 40])('while frame %i is handled takes no later frame', async last => {
    const { clock, socket, story, lever, open, take, frames, transport } = makeSocket()
    open()
    lever.frameMs = 1
    lever.received = text => {
      if (text === `frame ${last}`) void socket.close()
    }
    // A transport that is closed tells nothing more.
    take(Math.min(last + 1, 41))
    await clock.settle()
    expect(story).toEqual(frames(last + 1))
    expect(transport.held.at(-1)).not.toBe(true)
  })

  test('is dropped after a second if the platform does not end it', async () => {
    const { clock, socket, story, open } = makeSocket()
    open()
    let isOver = false
    void socket.close()!.then(() => (isOver = true))
    await clock.advance(999)
    expect([story, isOver]).toEqual([[], false])
    await clock.advance(1)
    expect([story, isOver]).toEqual([['dropped'], true])
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('a socket that is backed up', () => {
  test.each([0, 1, 1000])('has room again once less than half its limit of %i bytes is left', async most => {
    const { clock, socket, story, open, transport } = makeSocket({ maxBufferedBytes: most })
    open()
    expect(socket.hasRoom).toBe(true)
    transport.bufferedBytes = Math.max(1, most)
    expect(socket.hasRoom).toBe(false)
    transport.bufferedBytes = Math.max(1, most / 2)
    await clock.advance(1000)
    expect(story).toEqual([])
    transport.bufferedBytes = Math.max(0, most / 2 - 1)
    await clock.advance(10)
    expect([story, socket.hasRoom]).toEqual([['drained'], true])
    expect(clock.pendingTimers).toBe(1)
  })
})

test('a socket that can’t be created fails in a later turn, unless it is closed before', async () => {
  const openTransport = () => {
    throw new Error('no such protocol')
  }
  const { clock, socket, story, errors } = makeSocket({ openTransport })
  socket.open()
  expect(story).toEqual([])
  await clock.settle()
  expect(errors[0]).toMatchObject({
    message: "can't create a WebSocket to ws://host/: no such protocol",
    cause: new Error('no such protocol'),
  })
  story.length = 0
  socket.open()
  expect(socket.close()).toBeUndefined()
  await clock.settle()
  expect(story).toEqual([])
})
