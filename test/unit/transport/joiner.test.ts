// Texts that are sent in one turn leave together, in their order. The wire is in memory.
import { describe, expect, test } from 'vitest'
import { joinTexts } from '../../../src/transport/joiner.js'
import { FrameClient, turn } from '../../support/frame-client.js'

/** What a socket and its wire were asked to do. */
function makeSocket({ hasWire = true } = {}) {
  const log: string[] = []
  let corks = 0
  const wire = {
    writableLength: 0,
    cork: () => (corks++, log.push('cork')),
    uncork: () => {
      log.push('uncork')
      if (--corks === 0) wire.writableLength = 0
    },
  }
  const socket = {
    get bufferedAmount() {
      return wire.writableLength
    },
    send: (text: string) => {
      log.push(text.slice(0, 9))
      if (corks > 0) wire.writableLength += text.length
    },
    on: (_: string, listener: (answer: unknown) => void) => listener(hasWire ? { socket: wire } : undefined),
  }
  return { log, wire, out: joinTexts(socket as never), socket }
}

test('the first text of a turn leaves at once, those after it together at the end of the turn', async () => {
  const { log, out } = makeSocket()
  for (const text of ['a', 'b', 'c']) out.send(text)
  expect(log).toEqual(['a', 'cork', 'b', 'c'])
  await turn()
  expect(log.splice(0)).toEqual(['a', 'cork', 'b', 'c', 'uncork'])
  out.send('d')
  await turn()
  out.send('e')
  await turn()
  expect(log).toEqual(['d', 'e'])
})

test('many bytes leave before the end of the turn', async () => {
  const { log, out } = makeSocket()
  const [small, large] = ['small', 'large'.padEnd(2 ** 16)]
  for (const text of [small, small, large, small]) out.send(text)
  expect(log).toEqual(['small', 'cork', 'small', 'large    ', 'uncork', 'cork', 'small'])
  await turn()
  expect(log.at(-1)).toBe('uncork')
})

test('what is held back is not counted as waiting: it leaves soon', async () => {
  const { out, wire } = makeSocket()
  wire.writableLength = 7
  for (const text of ['a', 'b', 'c']) out.send(text)
  expect(wire.writableLength).toBe(9)
  expect(out.bufferedAmount).toBe(7)
  await turn()
  expect(out.bufferedAmount).toBe(0)
})

describe('each text leaves by itself', () => {
  test('where the socket shows no wire', async () => {
    const { log, out } = makeSocket({ hasWire: false })
    for (const text of ['a', 'b', 'c']) out.send(text)
    await turn()
    expect(log).toEqual(['a', 'b', 'c'])
  })

  test('where it has no events', () => {
    const socket = { bufferedAmount: 0, send: () => {} }
    expect(joinTexts(socket)).toBe(socket)
  })
})

test.each([true, false])('ws writes all of them in order, and closes after them (alone: %o)', async isPlain => {
  const client = await FrameClient.open({ isPlain })
  const texts = Array.from({ length: 20 }, (_, i) => String(i).padEnd(10_000, '.'))
  for (const text of texts) client.transport.send(text)
  void client.transport.close()
  await turn()
  const written = client.log.map(entry => Buffer.from((entry as string[])[1]!, 'hex'))
  // A head and a body each, with masks of zeros; then the close.
  expect(
    written
      .filter((_, i) => i % 2 === 1)
      .map(String)
      .slice(0, 20),
  ).toEqual(texts)
  expect(written[40]![0]).toBe(0x88)
  client.wire.destroy()
})
