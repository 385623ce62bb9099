// Web Locks, by which a page and the worker notice that the other has died: whoever asks for one first has it, on any thread.
import { expect, it } from 'vitest'
import type { Locks, Port } from '../../../src/shared/port.js'
import { Relay } from '../../../src/shared/relay/relay.js'
import { systemClock } from '../../../src/base/clock.js'

/** Locks that are granted when the test says so, and a page's port that keeps what it is told. */
function deviceOf() {
  const asked: { readonly name: string; readonly granted: (lock: unknown) => unknown }[] = []
  const locks: Locks = {
    request: (name, _, granted) => {
      asked.push({ name, granted })
      return Promise.resolve()
    },
  }
  const openTransport = () => {
    throw new Error('no page wants a socket')
  }
  const relay = new Relay({ clock: systemClock, openTransport }, locks)
  const connect = () => {
    const told: { readonly hello?: number; readonly lock?: string }[] = []
    const port: Port = { postMessage: message => told.push(message as object), close: () => {}, onmessage: null }
    relay.connect(port)
    return { told, port }
  }
  return { asked, connect }
}

it('a page that connects before the worker has its lock is greeted at once, and gets the name of the lock later', () => {
  const { asked, connect } = deviceOf()
  const { told } = connect()
  expect(told).toEqual([{ hello: 1, lock: undefined }])
  expect(asked).toHaveLength(1)
  void asked[0]!.granted({})
  expect(told.slice(1)).toEqual([{ hello: 1, lock: asked[0]!.name }])
})

it('a page that connects later gets both at once', () => {
  const { asked, connect } = deviceOf()
  void asked[0]!.granted({})
  expect(connect().told).toEqual([{ hello: 1, lock: asked[0]!.name }])
})

it('a page that has left before the worker has its lock gets nothing more', () => {
  const { asked, connect } = deviceOf()
  const { told, port } = connect()
  port.onmessage!({ data: 'close' })
  void asked[0]!.granted({})
  expect(told).toHaveLength(1)
})
