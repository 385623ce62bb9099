import { describe, expect, test } from 'vitest'
import { Settling } from '../../../src/write/settling.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { makeWrite } from './kit.js'

const soon = () => new VirtualClock().settle()

describe('a wait for writes to end', () => {
  test('resolves with the last write, in any order of their ends', async () => {
    const settling = new Settling()
    const writes = ['a', 'b', 'c'].map(name => makeWrite(name))
    let isDone = false
    settling.add(writes, () => (isDone = true))
    for (const at of [2, 0, 1]) {
      await soon()
      expect(isDone).toBe(false)
      writes[at]!.end('taken')
      settling.changed()
    }
    await soon()
    expect(isDone).toBe(true)
  })

  test('resolves without any writes', async () => {
    let isDone = false
    new Settling().add([], () => (isDone = true))
    await soon()
    expect(isDone).toBe(true)
  })

  test('that was undone is not called any more, and other waits go on', async () => {
    const settling = new Settling()
    const write = makeWrite('a')
    const heard: string[] = []
    const undo = settling.add([write], () => heard.push('one'))
    settling.add([write], () => heard.push('two'))
    undo()
    write.end('taken')
    settling.changed()
    await soon()
    settling.changed()
    await soon()
    expect(heard).toEqual(['two'])
  })
})
