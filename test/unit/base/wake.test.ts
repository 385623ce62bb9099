import { afterEach, expect, test, vi } from 'vitest'
import { onWake } from '../../../src/base/wake.js'

afterEach(() => vi.unstubAllGlobals())

test('outside a page nothing wakes', () => {
  vi.stubGlobal('addEventListener', undefined)
  expect(
    onWake(
      () => {},
      () => {},
    )(),
  ).toBeUndefined()
})

test('in a page it is woken by the network, by its return, and by being looked at; not after its undo', () => {
  const target = new EventTarget()
  const document = Object.assign(new EventTarget(), { hidden: true })
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
  vi.stubGlobal('document', document)
  let [woken, left] = [0, 0]
  const undo = onWake(
    () => woken++,
    () => left++,
  )
  for (const type of ['online', 'offline', 'pageshow']) target.dispatchEvent(new Event(type))
  expect(woken).toBe(3)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(woken).toBe(3)
  document.hidden = false
  document.dispatchEvent(new Event('visibilitychange'))
  expect(woken).toBe(4)
  target.dispatchEvent(new Event('pagehide'))
  expect([woken, left]).toEqual([4, 1])
  undo()
  target.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('visibilitychange'))
  target.dispatchEvent(new Event('pagehide'))
  expect([woken, left]).toEqual([4, 1])
})
