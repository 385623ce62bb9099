// A replica by itself: the host's entries, the sweep of a sync, and own writes laid over.
import { describe, expect, test } from 'vitest'
import { compare, equals, identity, type Value } from '../../../src/recon/index.js'
import { gone, Replica, type Gone, type OwnWrite } from '../../../src/store/replica.js'

function makeReplica() {
  const told: unknown[][] = []
  const spell = (value: Value | Gone) => (value === gone ? 'gone' : value)
  const replica = new Replica<Value, Value>(
    {
      order: { identity, compare },
      equals,
      isAlike: equals,
      isEcho: (sent, came) => (sent === gone || came === gone ? sent === came : equals(sent, came)),
    },
    (_id, key, value, old) => told.push([key, spell(value), spell(old)]),
  )
  const entries = () => [...replica.shown.walk(([id, value]) => [replica.shown.keyOf(id), value])]
  let seq = 0
  const write = (key: Value, value: Value | Gone) => {
    const own = makeWrite()
    replica.write(key, value, own)
    return own
  }
  const makeWrite = () => {
    const own: {
      state: OwnWrite['state']
      seq: number
      outcome?: string
      end(outcome: string): void
      tell(outcome: string): void
      see(): void
      doubt(): void
    } = {
      state: 'sent',
      seq: ++seq,
      end: outcome => {
        own.state = 'done'
        own.outcome ??= outcome
      },
      tell: outcome => void (own.outcome ??= outcome),
      see: () => void (own.state = 'seen'),
      doubt: () => {
        own.state = 'sent'
        own.seq = ++seq
      },
    }
    return own
  }
  /** A sync that names `entries`, all of which come between its beginning and its end. */
  const sync = (named: readonly (readonly [Value, Value])[], fence = seq) => {
    replica.beginSync()
    for (const [key, value] of named) replica.hostSet(key, value)
    return replica.endSync(fence, 0)
  }
  return { replica, told, entries, write, makeWrite, sync }
}

describe('mark and sweep', () => {
  test('a first sync has nothing to sweep', () => {
    const { sync, entries, told } = makeReplica()
    expect(
      sync([
        ['b', 2],
        ['a', 1],
      ]),
    ).toBe(false)
    expect(entries()).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    expect(told).toEqual([
      ['b', 2, 'gone'],
      ['a', 1, 'gone'],
    ])
  })

  test('a later one takes away what it did not name, at its end and not before; equal values are silent', () => {
    const { replica, sync, entries, told } = makeReplica()
    sync([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    told.length = 0
    replica.beginSync()
    replica.hostSet('b', 2)
    replica.hostSet('c', 4)
    expect(entries()).toHaveLength(3)
    replica.endSync(0, 0)
    expect(entries()).toEqual([
      ['b', 2],
      ['c', 4],
    ])
    expect(told).toEqual([
      ['c', 4, 3],
      ['a', 'gone', 1],
    ])
  })

  test('what was named and removed again before the end is gone, what was cleared and named anew is not', () => {
    const { replica, entries, sync } = makeReplica()
    sync([
      ['a', 1],
      ['b', 2],
    ])
    replica.beginSync()
    replica.hostSet('a', 1)
    replica.hostSet('b', 2)
    replica.hostSet('a', gone)
    expect(replica.hostCleared()).toBe(false)
    replica.hostSet('b', 3)
    replica.endSync(0, 0)
    expect(entries()).toEqual([['b', 3]])
  })

  test('of two syncs in a row each sweeps by its own marks', () => {
    const { replica, entries, sync } = makeReplica()
    sync([
      ['a', 1],
      ['b', 2],
    ])
    replica.beginSync()
    replica.hostSet('a', 1)
    replica.beginSync()
    replica.hostSet('b', 2)
    replica.endSync(0, 1)
    expect(entries()).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    replica.endSync(0, 0)
    expect(entries()).toEqual([['b', 2]])
  })

  test('what was named before the state begins anew counts for nothing', () => {
    const { replica, entries } = makeReplica()
    replica.beginSync()
    replica.hostSet('a', 1)
    replica.hostSet('b', 2)
    replica.restartSyncs()
    replica.hostSet('b', 3)
    replica.endSync(0, 0)
    expect(entries()).toEqual([['b', 3]])
  })

  test('a sync that is abandoned sweeps nothing', () => {
    const { replica, entries, sync } = makeReplica()
    sync([['a', 1]])
    replica.beginSync()
    replica.abandonSync()
    expect(entries()).toEqual([['a', 1]])
  })

  test('keys compare by value', () => {
    const { replica, entries } = makeReplica()
    replica.hostSet({ floor: 1, room: 2 }, 'x')
    replica.hostSet({ floor: 1, room: 2 }, 'y')
    replica.hostSet({ room: 2, floor: 1 }, 'z')
    expect(entries()).toHaveLength(2)
  })
})

describe('own writes', () => {
  test('cover what the host says until their echo', () => {
    const { replica, write, entries, told } = makeReplica()
    const [first, second] = [write('a', 1), write('a', 2)]
    replica.hostSet('a', 9)
    replica.hostSet('a', 1)
    expect(entries()).toEqual([['a', 2]])
    expect([first.outcome, second.outcome]).toEqual(['taken', undefined])
    replica.hostSet('a', 2)
    replica.hostSet('a', 3)
    expect(told.map(([, value]) => value)).toEqual([1, 2, 3])
  })

  test('an echo of the second decides the first', () => {
    const { replica, write } = makeReplica()
    const writes = [write('a', 1), write('a', 2)]
    replica.hostSet('a', 2)
    expect(writes.map(({ outcome }) => outcome)).toEqual(['superseded', 'taken'])
  })

  test('one that waits is not taken for having been heard', () => {
    const { replica, makeWrite, entries } = makeReplica()
    const own = makeWrite()
    own.state = 'queued'
    own.seq = 0
    replica.write('a', 1, own)
    replica.hostSet('a', 1)
    replica.hostSet('a', 2)
    expect(own.outcome).toBeUndefined()
    expect(entries()).toEqual([['a', 1]])
  })

  test('a sync that shows something else leaves it open, a second one decides', () => {
    const { write, sync, entries } = makeReplica()
    const own = write('a', 1)
    expect(sync([['a', 5]])).toBe(true)
    expect(own.outcome).toBeUndefined()
    expect(entries()).toEqual([['a', 1]])
    expect(sync([['a', 5]])).toBe(false)
    expect(own.outcome).toBe('superseded')
    expect(entries()).toEqual([['a', 5]])
  })

  test('one that is seen within a sync is taken, and goes on to cover older removes, until its echo', () => {
    const { replica, write, entries, told } = makeReplica()
    const own = write('a', 1)
    replica.beginSync()
    replica.hostSet('a', 1)
    expect(own.outcome).toBe('taken')
    replica.endSync(1, 0)
    replica.hostRemoved('a')
    expect(entries()).toEqual([['a', 1]])
    replica.hostSet('a', 1)
    expect(told).toHaveLength(1)
    replica.hostRemoved('a')
    expect(entries()).toEqual([])
  })

  test('no number of syncs that show it ends that, as a host may answer them ahead of an older clear', () => {
    const { replica, write, sync, entries, told } = makeReplica()
    write('a', 1)
    for (let i = 0; i < 3; i++) expect(sync([['a', 1]])).toBe(false)
    replica.hostCleared()
    expect(entries()).toEqual([['a', 1]])
    expect(sync([['a', 1]])).toBe(false)
    replica.hostSet('a', 1)
    replica.hostCleared()
    expect(told).toEqual([
      ['a', 1, 'gone'],
      ['a', 'gone', 1],
    ])
  })

  test('any value told outside of a sync ends it, as that comes behind all that is older', () => {
    const { replica, write, sync, entries } = makeReplica()
    write('a', 1)
    sync([['a', 1]])
    replica.hostSet('b', 2)
    replica.hostRemoved('a')
    expect(entries()).toEqual([['b', 2]])
  })

  test('another value of its key ends it, within a sync too', () => {
    const { replica, write, sync, entries } = makeReplica()
    write('a', 1)
    sync([['a', 1]])
    replica.beginSync()
    replica.hostSet('a', 2)
    expect(entries()).toEqual([['a', 2]])
  })

  test('a remove that was not older is found out by two more syncs, or by one where it came before', () => {
    const { replica, write, sync, entries } = makeReplica()
    const own = write('a', 1)
    sync([['a', 1]])
    replica.hostRemoved('a')
    expect(own.state).toBe('sent')
    // Asked for before the doubt.
    expect(sync([], 1)).toBe(false)
    expect(entries()).toEqual([['a', 1]])
    expect(sync([])).toBe(true)
    expect(sync([])).toBe(false)
    expect(entries()).toEqual([])

    write('b', 1)
    sync([['b', 1]])
    sync([])
    expect(entries()).toEqual([])
  })

  test('what was seen on a link that is lost shows until the next sync, whose word is law', () => {
    const { replica, write, sync, entries } = makeReplica()
    const own = write('a', 1)
    sync([['a', 1]])
    replica.abandonSync()
    replica.hostRemoved('a')
    expect(own.state).toBe('done')
    expect(entries()).toEqual([['a', 1]])
    sync([])
    expect(entries()).toEqual([])
  })

  test('a remove that is seen within a sync is done with', () => {
    const { replica, write, entries } = makeReplica()
    replica.hostSet('a', 1)
    const own = write('a', gone)
    replica.beginSync()
    replica.hostSet('a', gone)
    replica.hostSet('a', 2)
    expect(own.outcome).toBe('taken')
    expect(entries()).toEqual([['a', 2]])
  })

  test('a sync asked for before it decides nothing', () => {
    const { replica, write, entries } = makeReplica()
    replica.beginSync()
    const own = write('a', 1)
    expect(replica.endSync(0, 0)).toBe(false)
    expect(own.outcome).toBeUndefined()
    expect(entries()).toEqual([['a', 1]])
  })

  test('one that is given up shows what the host has', () => {
    const { replica, write, entries, told } = makeReplica()
    replica.hostSet('a', 1)
    const own = write('a', 2)
    own.end('given up')
    replica.uncover()
    expect(entries()).toEqual([['a', 1]])
    expect(told.at(-1)).toEqual(['a', 1, 2])
    expect(replica.pending(identity('a'))).toBeUndefined()
  })

  test('a clear covers everything, what comes meanwhile too, and supersedes what was written before', () => {
    const { replica, write, makeWrite, entries } = makeReplica()
    replica.hostSet('a', 1)
    const before = write('b', 2)
    const clear = makeWrite()
    replica.clear(clear)
    const after = write('c', 3)
    replica.hostSet('d', 4)
    expect(entries()).toEqual([['c', 3]])
    expect(before.outcome).toBe('superseded')
    expect(replica.hostCleared()).toBe(true)
    expect([clear.outcome, after.outcome]).toEqual(['taken', undefined])
    replica.hostSet('c', 3)
    replica.hostSet('e', 5)
    expect(entries()).toEqual([
      ['c', 3],
      ['e', 5],
    ])
  })

  test('the echo of what was written after a clear shows, though that of the clear has not come', () => {
    const { replica, write, makeWrite, entries, told } = makeReplica()
    replica.hostSet('a', 1)
    const clear = makeWrite()
    replica.clear(clear)
    write('b', 2)
    told.length = 0
    replica.hostSet('b', 2)
    expect(told).toEqual([])
    replica.hostSet('b', 3)
    expect(entries()).toEqual([['b', 3]])
    replica.clear(makeWrite())
    expect(entries()).toEqual([])
  })

  test('so does what a sync has shown of it, and what comes after that', () => {
    const { replica, write, makeWrite, entries, sync, told } = makeReplica()
    replica.hostSet('a', 1)
    replica.clear(makeWrite())
    write('b', 2)
    told.length = 0
    expect(sync([['b', 2]])).toBe(true)
    replica.beginSync()
    replica.hostSet('b', 3)
    expect(told).toEqual([['b', 3, 2]])
    expect(entries()).toEqual([['b', 3]])
  })

  test('a clear whose echo does not come is decided by two syncs, and what came after it shows', () => {
    const { replica, makeWrite, sync, entries } = makeReplica()
    replica.hostSet('a', 1)
    const clear = makeWrite()
    replica.clear(clear)
    expect(sync([['x', 1]])).toBe(true)
    expect(entries()).toEqual([])
    expect(sync([['x', 1]])).toBe(false)
    expect(clear.outcome).toBe('taken')
    expect(entries()).toEqual([['x', 1]])
  })
})
