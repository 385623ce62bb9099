// A link by itself: what it sends, what it tells downlinks and replicas, and which of its waits are over when.
import { describe, expect, test } from 'vitest'
import { TransportError } from '../../../src/base/errors.js'
import { Sinks } from '../../../src/link/sinks.js'
import { Waits } from '../../../src/link/waits.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import type { Write, WriteOwner, WriteWatcher } from '../../../src/write/write.js'
import { Bench } from './kit.js'

/** Posts a command that is spelled as it is called, and notes how it ended. */
function post(bench: Bench, body: string, watcher: Partial<WriteWatcher> = {}): Write {
  const { writes: sender } = bench.link
  const ended: WriteWatcher['ended'] = end => bench.note(`${body} ${typeof end === 'string' ? end : end.code}`)
  const owner: WriteOwner = { home: sender, made: () => {}, changed: () => {}, ended }
  const write = sender.post({ kind: 'update', text: body, owner, watcher: { ended, ...watcher } })
  bench.link.writes.flush()
  return write
}

describe('a first downlink', () => {
  test('waits for the socket, and is linked once that opens', () => {
    const bench = new Bench()
    bench.link.sinks.add(bench.sink())
    bench.link.attach(bench.observer(), true)
    expect([bench.take(), bench.link.isConnected, bench.link.isWanted]).toEqual(['', false, true])
    bench.open()
    expect(bench.take()).toBe('connected, asking, begin-0, @sync')
    expect([bench.link.isConnected, bench.link.phase, bench.link.syncs]).toEqual([true, 'asked', 1])
    bench.link.connected()
    expect(bench.take()).toBe('')
    bench.link.dispatch('linked')
    expect(bench.take()).toBe('restart, linked')
    bench.link.dispatch('synced')
    expect(bench.take()).toBe('end-0, synced')
    expect(bench.clock.pendingTimers).toBe(0)
  })

  test('is linked at once where the socket is open', () => {
    const bench = new Bench(false)
    bench.port.isOpen = true
    bench.link.attach(bench.observer(), false)
    expect(bench.take()).toBe('connected, asking, @link')
    expect(bench.link.syncs).toBe(0)
    bench.link.attach(bench.observer('second '), false)
    expect(bench.take()).toBe('')
  })

  test('that wants the state has it asked for, where only events were', async () => {
    const bench = await new Bench(false).live()
    bench.link.attach(bench.observer('second '), false)
    expect(bench.take()).toBe('')
    bench.link.attach(bench.observer('third '), true)
    expect(bench.take()).toBe('stale, second stale, third stale, begin-0, @sync')
  })

  test('that closes the client when it is told of the socket sends nothing', () => {
    const bench = new Bench()
    const told = (news: string) => {
      bench.note(news)
      bench.port.isOpen = false
    }
    bench.link.attach({ told, failed: () => {} }, true)
    bench.open()
    expect([bench.take(), bench.link.phase]).toEqual(['connected', 'offline'])
  })

  test('is not linked where nobody wants the lane any more', () => {
    const bench = new Bench()
    bench.open()
    expect([bench.take(), bench.link.isWanted]).toEqual(['', false])
  })

  test.each([
    [true, '@link, begin-0, @sync'],
    [false, 'begin-0, @sync'],
  ])('asks for the link and then for the state, where the host keeps the order: %s', (keepsOrder, sent) => {
    const bench = new Bench()
    bench.life.keepsOrder = keepsOrder
    bench.link.sinks.add(bench.sink())
    bench.link.attach(bench.observer(), true)
    bench.open()
    expect([bench.take(), bench.link.keepsOrder]).toEqual([`connected, asking, ${sent}`, keepsOrder])
    bench.link.dispatch('linked')
    bench.link.dispatch('synced')
    bench.take()
    // It is linked: only the state is asked for.
    bench.link.dispatch('resync')
    expect([bench.take(), bench.link.syncs]).toEqual(['stale, begin-0, @sync', 2])
  })
})

describe('the last downlink that leaves', () => {
  const left = async () => {
    const bench = new Bench()
    const [one, two] = [bench.observer('one '), bench.observer('two ')]
    await bench.live()
    bench.link.attach(one, true)
    bench.link.attach(two, true)
    return { bench, one, two }
  }

  test('has the link closed a while later, and given back once the host has answered', async () => {
    const bench = new Bench()
    const [one, two] = [bench.observer(), bench.observer()]
    bench.port.isOpen = true
    bench.link.attach(one, true)
    bench.link.attach(two, true)
    bench.link.dispatch('synced')
    bench.take()
    bench.link.detach(one)
    await bench.clock.advance(1000)
    expect([bench.take(), bench.link.isWanted]).toEqual(['', true])
    bench.link.detach(two)
    expect(bench.link.isWanted).toBe(false)
    await bench.clock.advance(49)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect([bench.take(), bench.link.phase]).toEqual(['@unlink', 'closed'])
    bench.link.dispatch('unlinked')
    expect(bench.take()).toBe('released r')
  })

  test('has it given back at once where there is no link, though it had not begun', async () => {
    const bench = new Bench()
    bench.link.detach(bench.observer())
    await bench.clock.advance(50)
    expect([bench.take(), bench.link.phase]).toEqual(['released r', 'closed'])
  })

  test('keeps it for another that comes in time, which then hears of it as if it were new', async () => {
    const bench = new Bench()
    const observer = bench.observer()
    bench.port.isOpen = true
    bench.link.attach(observer, true)
    bench.link.dispatch('synced')
    bench.link.detach(observer)
    await bench.clock.advance(49)
    bench.take()
    bench.link.attach(observer, true)
    await bench.clock.advance(1000)
    expect([bench.take(), bench.link.phase]).toEqual(['', 'live'])
    bench.link.detach(observer)
    await bench.clock.advance(50)
    bench.link.attach(observer, true)
    expect(bench.take()).toBe('@unlink, connected, asking, @sync')
  })

  test('is not told what comes later, and those who stay are', async () => {
    const { bench, one } = await left()
    bench.link.detach(one)
    bench.link.dispatch('resync')
    expect(bench.take()).toBe('stale, two stale, begin-0, @sync')
    bench.link.failed(new TransportError('lost'))
    expect(bench.take()).toBe('failed transport, two failed transport')
  })

  test('may leave while all are told', async () => {
    const { bench, two } = await left()
    const leaver = { told: () => bench.link.detach(leaver), failed: () => bench.link.detach(leaver) }
    bench.link.attach(leaver, true)
    const last = bench.observer('last ')
    bench.link.attach(last, true)
    bench.link.failed(new TransportError('lost'))
    bench.link.detach(two)
    bench.link.dispatch('resync')
    expect(bench.take()).toMatch(/^failed.*last failed transport, stale, one stale, last stale, begin-0, @sync$/)
  })
})

describe('a refusal', () => {
  test.each([
    ['laneNotFound', 'check the laneUri; the client asks for it again'],
    ['nodeNotFound', 'check the nodeUri; the client asks for it again'],
    ['tooManyLinks', 'the client asks for it again'],
    ['mylaneNotFound', 'the client asks for it again'],
    ['laneNotFoundHere', 'the client asks for it again'],
  ])('for %s says which lane it is of, and what to do', async (reason, advice) => {
    const bench = await new Bench().live()
    bench.link.dispatch('unlinked', reason)
    const { refusal } = bench.link
    expect(refusal).toMatchObject({ reason, hostUri: 'warp://h', nodeUri: '/n', laneUri: 'l' })
    expect(refusal.message).toContain('lane l of node /n at warp://h')
    expect(refusal.message.endsWith(`(${reason}): ${advice}`)).toBe(true)
  })

  test('is one error until the next, and is asked about again after a growing wait', async () => {
    const bench = await new Bench().live()
    bench.link.dispatch('unlinked', 'laneNotFound')
    const { refusal } = bench.link
    expect(bench.take()).toBe('unlinked')
    await bench.clock.advance(499)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect(bench.take()).toBe('@unlink, asking, begin-0, @sync')
    expect(bench.link.refusal).toBe(refusal)
    bench.link.dispatch('unlinked', 'laneNotFound')
    expect([bench.link.refusal === refusal, bench.take()]).toEqual([false, 'refused'])
    await bench.clock.advance(999)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect(bench.take()).toBe('@unlink, asking, begin-0, @sync')
  })

  test('gives up the writes that wait', () => {
    const bench = new Bench(true)
    bench.link.sinks.add(bench.sink())
    bench.link.attach(bench.observer(), true)
    post(bench, '@a')
    bench.open()
    bench.take()
    bench.link.dispatch('unlinked', 'laneNotFound')
    expect(bench.take()).toBe('unlinked, @a unlinked, gave-up')
    expect(bench.link.writes.all()).toEqual([])
  })
})

describe('a host that does not answer', () => {
  test('is reported, with how long that took, and loses its socket the second time', async () => {
    const bench = new Bench()
    bench.link.sinks.add(bench.sink())
    bench.link.attach(bench.observer(), true)
    bench.open()
    bench.take()
    await bench.clock.advance(9999)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect(bench.take()).toBe('failed timeout, unlinking, @unlink, asking, begin-0, @sync')
    await bench.clock.advance(20_000)
    expect(bench.take()).toBe('failed timeout, drop')
    const [cause] = bench.drops
    expect(cause).toMatchObject({ code: 'timeout', afterMs: 20_000 })
    expect(cause!.message).toMatch(/^lane l of node \/n at warp:\/\/h did not answer within 20000 ms: .*asks again/)
  })

  test('to a lane that is linked is asked for a sign of life', async () => {
    const bench = await new Bench().live()
    bench.link.dispatch('fence')
    bench.take()
    await bench.clock.advance(700)
    expect(bench.take()).toBe('probe')
    bench.answerProbe!()
    await bench.clock.advance(299)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect(bench.take()).toBe('unlinking, @unlink, asking, begin-0, @sync, probe')
  })

  test.each<[string, number | undefined, number | undefined, number, boolean]>([
    ['bytes of a frame come', 5, 6, 0, true],
    ['first bytes come', undefined, 6, 0, true],
    ['no byte comes', 5, 5, 0, false],
    ['bytes are not counted', undefined, undefined, 0, false],
    ['they were counted, and are no longer', 5, undefined, 0, false],
    ['whole frames come, of other lanes', 5, 6, 1, false],
  ])('is waited for as long again, and not reported, while %s', async (_, before, after, frames, isWaitedFor) => {
    const bench = new Bench()
    bench.link.attach(bench.observer(), true)
    bench.life.receivedBytes = before
    bench.open()
    bench.take()
    bench.life.receivedBytes = after
    bench.life.frames += frames
    await bench.clock.advance(10_000)
    expect(bench.take() === '').toBe(isWaitedFor)
    if (!isWaitedFor) return
    await bench.clock.advance(9999)
    expect(bench.take()).toBe('')
    // No more than those came.
    await bench.clock.advance(1)
    expect(bench.take()).toMatch(/^failed timeout/)
  })
})

describe('another sync', () => {
  test('for a write is asked for, unless one is under way that began after it', async () => {
    const bench = await new Bench().live()
    for (const body of ['@a', '@b']) post(bench, body)
    bench.take()
    expect([bench.link.fence(1), bench.take()]).toEqual([true, 'begin-2, @sync'])
    // Whichever of the two it is for.
    bench.link.fence(2)
    expect([bench.take(), bench.link.state.want]).toEqual(['', undefined])
    post(bench, '@c')
    bench.take()
    bench.link.fence(3)
    expect([bench.take(), bench.link.state.want]).toEqual(['', 'fence'])
  })

  test('is none for a write of a link without syncs', async () => {
    const bench = await new Bench(false).live()
    expect([bench.link.fence(1), bench.take()]).toEqual([false, ''])
  })

  test('follows one that left own writes undecided, after a pause', async () => {
    const bench = await new Bench().live()
    bench.leavesOpen = true
    bench.link.dispatch('fence')
    bench.take()
    bench.link.dispatch('synced')
    bench.leavesOpen = false
    expect(bench.take()).toBe('end-0')
    await bench.clock.advance(99)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect(bench.take()).toBe('begin-0, @sync')
    bench.link.dispatch('synced')
    await bench.clock.advance(10_000)
    expect(bench.take()).toBe('end-0')
  })

  test('is asked for by a replica that comes late, and each kind has one', async () => {
    const bench = await new Bench().live()
    const made = bench.link.sink('value', kind => bench.sink(kind))
    expect(bench.take()).toBe('stale, begin-0, value begin-0, @sync')
    const again = bench.link.sink('value', () => {
      throw new Error('made twice')
    })
    expect([again === made, bench.take()]).toEqual([true, ''])
  })
})

describe('an event', () => {
  test('is counted, and goes to each replica as it came', async () => {
    const bench = await new Bench().live()
    const heard: unknown[] = []
    for (const kind of ['value', 'list'])
      bench.link.sinks.add(bench.sink(kind, (text, bodyAt) => heard.push([kind, text, bodyAt])))
    bench.link.event('@event(x)y', 9)
    expect(heard).toEqual([
      ['value', '@event(x)y', 9],
      ['list', '@event(x)y', 9],
    ])
    expect(bench.link.events).toBe(1)
  })

  test('that a replica can’t read is an error of its lane, and calls for another sync', async () => {
    const bench = await new Bench().live()
    bench.link.sinks.add(
      bench.sink('value', () => {
        throw new Error('no such thing')
      }),
    )
    expect(() => bench.link.event('@event(x)y', 9)).toThrow(
      expect.objectContaining({ code: 'protocol', laneUri: 'l', nodeUri: '/n' }),
    )
    expect([bench.take(), bench.link.events]).toEqual(['stale, begin-0, value begin-0, @sync', 1])
    expect(() => bench.link.event('@event(x)y', 9)).toThrow('no such thing')
    expect(bench.take()).toBe('spoil, value spoil')
  })
})

describe('a socket that is lost', () => {
  test('ends all waits, and is told to replicas, writes and downlinks', async () => {
    const bench = await new Bench().live()
    const write = post(bench, '@a')
    bench.link.dispatch('resync')
    bench.take()
    bench.lose()
    expect(bench.take()).toBe('abandon, gave-up, disconnected')
    expect([write.state, bench.link.phase, bench.clock.pendingTimers]).toEqual(['waiting', 'offline', 0])
  })

  test('is no news to writes where none was made', async () => {
    const bench = await new Bench().live()
    bench.lose()
    expect(bench.take()).toBe('abandon, disconnected')
  })
})

describe('the facts of its socket', () => {
  test('are those of the connection', async () => {
    const bench = new Bench()
    bench.life.provenMs = 7
    await bench.clock.advance(9)
    const { link } = bench
    expect([link.provenMs, link.nowMs, link.keepsOrder, link.isConnected]).toEqual([7, 9, false, false])
    expect(link.where).toBe('lane l of node /n at warp://h')
    expect(link.at).toEqual({ hostUri: 'warp://h', nodeUri: '/n', laneUri: 'l' })
  })
})

describe('entries of an earlier visit', () => {
  test('are told of, and are none once the lane is synced', () => {
    const bench = new Bench()
    bench.link.attach(bench.observer(), true)
    const status = {}
    bench.link.showsCached(status)
    expect([bench.take(), bench.link.cached]).toEqual(['cached', status])
    bench.open()
    bench.link.dispatch('linked')
    expect(bench.link.cached).toBe(status)
    bench.link.dispatch('synced')
    expect(bench.link.cached).toBeUndefined()
    bench.take()
    bench.link.showsCached(undefined)
    expect(bench.take()).toBe('cached')
  })
})

describe('writes', () => {
  test('wait until the lane is live, and for room in the socket', () => {
    const bench = new Bench()
    bench.link.attach(bench.observer(), true)
    const write = post(bench, '@a')
    bench.open()
    bench.link.dispatch('linked')
    expect(bench.take()).not.toContain('@command')
    bench.port.canSend = false
    bench.link.dispatch('synced')
    expect([bench.take(), write.state, bench.link.writes.seq]).toEqual(['synced', 'waiting', 0])
    bench.port.canSend = true
    bench.link.writes.flush()
    expect([bench.take(), write.state, bench.link.writes.seq]).toEqual(['@command@a', 'sent', 1])
    expect(bench.link.writes.all()).toEqual([write])
    expect(bench.link.writes.suspects()).toEqual([write])
    expect(bench.link.writes.isUnsure).toBe(false)
    // A lane that is known to be behind takes them as well.
    bench.link.dispatch('resync')
    bench.take()
    post(bench, '@b')
    expect(bench.take()).toBe('@command@b')
    bench.link.dispatch('unlinked')
    post(bench, '@c')
    expect(bench.take()).not.toContain('@command@c')
  })

  test('that are none cost no sender', async () => {
    const { link } = await new Bench().live()
    link.disconnected()
    link.dispose()
    expect(link.sender).toBeUndefined()
  })

  test('whose echo is late call for a sync', async () => {
    const bench = await new Bench().live()
    post(bench, '@a')
    bench.take()
    await bench.clock.advance(1999)
    expect(bench.take()).toBe('')
    await bench.clock.advance(1)
    expect(bench.take()).toBe('begin-1, @sync')
  })

  test('whose echo is late are given up on a link without syncs, and may be what a host hangs up on', async () => {
    const bench = await new Bench(false).live()
    post(bench, '@a')
    bench.take()
    await bench.clock.advance(2000)
    expect(bench.take()).toBe('@a timeout, gave-up')
    expect([bench.link.writes.isUnsure, bench.link.writes.suspects()]).toEqual([true, []])
  })

  test('that ended sockets go out only where they may, and say when they have ended', async () => {
    const bench = await new Bench().live()
    const write = post(bench, '@a')
    write.losses = 1
    bench.lose()
    bench.take()
    bench.open()
    bench.link.dispatch('synced')
    expect(bench.take()).not.toContain('@command')
    bench.risks = true
    bench.link.writes.flush()
    expect(bench.take()).toBe('@command@a')
    write.end('taken')
    expect(bench.take()).toBe('risked, @a taken')
  })

  test('of a downlink that is closed are given up', () => {
    const bench = new Bench()
    bench.link.sinks.add(bench.sink())
    const [write] = [post(bench, '@a'), post(bench, '@b')]
    bench.link.writes.release(write.owner)
    expect(bench.take()).toBe('@a closed, gave-up')
  })

  test('end with the link, and so do all its timers', async () => {
    const bench = await new Bench().live()
    post(bench, '@a')
    bench.link.dispatch('resync')
    bench.link.dispatch('doubt')
    bench.link.detach(bench.observer())
    bench.take()
    expect(bench.clock.pendingTimers).toBeGreaterThan(1)
    bench.link.dispose()
    expect([bench.take(), bench.clock.pendingTimers]).toEqual(['@a closed, gave-up', 0])
  })
})

test('the parameters and the body of a link are in what asks for it, and not in its @unlink', () => {
  for (const sync of [true, false]) {
    const bench = new Bench(sync, {}, { request: '(node:"/n?q",lane:l,prio:0.5,rate:2)', body: '@from(1)' })
    bench.link.attach(bench.observer(), sync)
    bench.open()
    bench.link.dispatch('close')
    const asked = `@${sync ? 'sync' : 'link'}(node:"/n?q",lane:l,prio:0.5,rate:2)@from(1)`
    expect(bench.take()).toBe(`connected, asking, ${asked}, @unlink`)
  }
})

test('a pause before a sync ends with the link', async () => {
  const bench = await new Bench().live()
  bench.link.dispatch('doubt')
  expect(bench.clock.pendingTimers).toBe(1)
  bench.link.dispose()
  expect(bench.clock.pendingTimers).toBe(0)
})

describe('the waits of a link', () => {
  const make = () => {
    const clock = new VirtualClock(() => 0.25)
    const over: string[] = []
    const waits = new Waits({ clock, reconnectMinMs: 500, reconnectMaxMs: 4000, reconnectJitter: 1 })
    const begin = (kind: 'answer' | 'pause' | 'grace', ms: number) =>
      waits.begin(kind, () => over.push(`${kind} ${clock.now()}`), ms)
    return { clock, over, waits, begin }
  }

  test('run side by side, and a new one takes the place of one of its kind', async () => {
    const { clock, over, begin } = make()
    begin('answer', 10)
    begin('pause', 20)
    begin('grace', 30)
    begin('answer', 40)
    await clock.advance(100)
    expect(over).toEqual(['pause 20', 'grace 30', 'answer 40'])
  })

  test.each(['answer', 'pause', 'grace'] as const)('end one by one: %s', async kind => {
    const { clock, over, waits, begin } = make()
    for (const each of ['answer', 'pause', 'grace'] as const) begin(each, 10)
    waits.end(kind)
    waits.end(kind)
    await clock.advance(100)
    expect(over).toEqual(['answer 10', 'pause 10', 'grace 10'].filter(text => !text.startsWith(kind)))
  })

  test.each(['answer', 'pause', 'grace'] as const)('end together: %s', kind => {
    const { clock, waits, begin } = make()
    begin(kind, 10)
    waits.dispose()
    expect(clock.pendingTimers).toBe(0)
  })

  test('count how long an answer has been waited for, and only that', async () => {
    const { clock, waits, begin } = make()
    await clock.advance(100)
    begin('answer', 1000)
    await clock.advance(30)
    begin('pause', 1000)
    await clock.advance(7.6)
    expect(waits.answerMs).toBe(38)
  })

  test('before another attempt grow with the refusals in a row, from the shortest on', () => {
    const { waits } = make()
    // A quarter of each, by chance.
    expect([1, 2, 3, 4, 5].map(refusals => waits.retryMs(refusals))).toEqual([125, 250, 500, 1000, 1000])
  })
})

describe('the receivers of a lane', () => {
  test('are found by their kind, in the order they came', () => {
    const bench = new Bench()
    const sinks = new Sinks()
    expect(sinks.get('map')).toBeUndefined()
    const [map, value] = [bench.sink('map'), bench.sink('value')]
    sinks.add(map)
    sinks.add(value)
    expect([sinks.get('map') === map, sinks.get('value') === value, sinks.get('list')]).toEqual([true, true, undefined])
    const sync = { fence: 3 }
    sinks.each(sink => sink.beginSync(sync))
    sinks.each(sink => sink.restartSyncs())
    sinks.each(sink => sink.spoilSyncs())
    sinks.each(sink => sink.abandonSync())
    sinks.each(sink => sink.gaveUp())
    expect(bench.take()).toBe(
      ['begin-3', 'restart', 'spoil', 'abandon', 'gave-up'].flatMap(what => [what, `value ${what}`]).join(', '),
    )
  })

  test.each([
    [false, false, false],
    [true, false, true],
    [false, true, true],
    [true, true, true],
  ])('all end a sync, and another is needed where any says so: %s, %s', (first, second, isOpen) => {
    const bench = new Bench()
    const sinks = new Sinks()
    sinks.add({ ...bench.sink('map'), endSync: () => (bench.note('first'), first) })
    sinks.add({ ...bench.sink('value'), endSync: () => (bench.note('second'), second) })
    expect([sinks.endSync({ fence: 0 }), bench.take()]).toEqual([isOpen, 'first, second'])
  })

  test('all get an event, though one of them can’t read it, and its error is thrown', () => {
    const bench = new Bench()
    const sinks = new Sinks()
    sinks.add(
      bench.sink('map', () => {
        throw new Error('unreadable')
      }),
    )
    sinks.add(bench.sink('value', text => bench.note(text)))
    expect(() => sinks.event('text', 0)).toThrow('unreadable')
    expect(bench.take()).toBe('text')
  })

  test('stand behind taps, which get events until they are taken off', () => {
    const bench = new Bench()
    const sinks = new Sinks()
    const [one, two] = ['one', 'two'].map(name => (text: string, at: number) => bench.note(`${name} ${text} ${at}`))
    sinks.untap(one!)
    sinks.tap(one!)
    sinks.tap(two!)
    sinks.tap(two!)
    sinks.add(bench.sink('map', text => bench.note(text)))
    sinks.event('text', 3)
    expect(bench.take()).toBe('one text 3, two text 3, text')
    sinks.untap(one!)
    sinks.event('text', 3)
    expect(bench.take()).toBe('two text 3, text')
  })
})
