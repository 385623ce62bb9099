// host.until(): whatever it is given, whenever that settles; and what times of the kit may be.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeHead, writeLine } from '../../../src/inspect/tape.js'
import { recordedHost, testHost } from '../../../src/testing/index.js'

const tape = writeHead({ startedAt: new Date(0), dropped: 0 }) + writeLine({ at: 0, host: 'warp://h', event: 'open' })

describe.each([
  ['a test host', testHost],
  ['a recorded host', () => recordedHost(tape)],
])('%s', (_, make) => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  beforeEach(() => void process.on('unhandledRejection', note))
  afterEach(() => {
    process.off('unhandledRejection', note)
    unhandled.length = 0
  })

  it('until() rejects with the error of its promise, which is never an unhandled rejection', async () => {
    const host = make()
    const fault = new Error('no')
    await expect(host.until(Promise.reject(fault))).rejects.toBe(fault)
    expect(unhandled).toEqual([])
    await host.close()
  })

  it('until() rejects if its promise is late, and ignores a later rejection of that promise', async () => {
    const host = make()
    let reject!: (error: Error) => void
    const promise = new Promise((_, no) => void (reject = no))
    await expect(host.until(promise, 10)).rejects.toThrow('has not settled')
    reject(new Error('later'))
    await host.close()
    expect(unhandled).toEqual([])
  })

  it.each([[7], [undefined], [null], [{ then: 7 }]])('until() returns %j, which is not a promise', async value => {
    const host = make()
    expect(await host.until(value)).toEqual(value)
    await host.close()
  })

  it('until() takes any thenable', async () => {
    const host = make()
    const thenable = { then: (done: (value: string) => void) => void host.clock.timer(() => done('so'), 5000) }
    expect(await host.until(thenable as unknown as PromiseLike<string>)).toBe('so')
    expect(host.clock.now()).toBe(5000)
    await host.close()
  })
})
