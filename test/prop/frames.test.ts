// What comes by the client's own way through a stream of bytes, and by `ws` alone: the same texts, errors, close codes and answers,
// in the same order, whatever the bytes, however they are sliced. FRAME_STREAMS and FRAME_SEED choose how many, and which.
import { expect, test } from 'vitest'
import { chanceOf } from '../../src/testing/random.js'
import { FrameClient, turn, type FrameClientOptions } from '../support/frame-client.js'
import { frame } from '../support/raw-host.js'

const streams = Number(process.env['FRAME_STREAMS'] ?? 8_000)
const firstSeed = Number(
  process.env['FRAME_SEED'] ?? (process.env['FRAME_STREAMS'] === undefined ? 7 : Date.now() % 2 ** 31),
)
/** So many are under way at once: each waits for turns of the loop. */
const atOnce = 50

type Next = () => number

const below = (next: Next, most: number) => Math.floor(next() * most)
const pick = <T>(next: Next, from: readonly T[]): T => from[below(next, from.length)]!

const letters = ['a', 'z', '0', ' ', '"', 'é', 'ß', '€', '\ufeff', '\ufffd', '😀', '𝄞', '\0']
const lengths = [0, 1, 2, 3, 5, 20, 100, 124, 125, 126, 127, 200, 300]

function words(next: Next): string {
  const isAscii = next() < 0.6
  const length = pick(next, lengths)
  return Array.from({ length }, () => (isAscii ? 'x' : pick(next, letters))).join('')
}

/** Sequences that are no UTF-8: too long, of surrogates, beyond Unicode, cut short, out of place. */
const broken = [
  'c080',
  'e08080',
  'eda080',
  'edbfbf',
  'f08080af',
  'f4908080',
  'f5808080',
  'c3',
  'e282',
  'f09f98',
  '80',
  'ff',
]

function brokenText(next: Next): Buffer {
  const parts = [Buffer.from(words(next)), Buffer.from(pick(next, broken), 'hex')]
  return Buffer.concat(next() < 0.5 ? parts : [...parts, Buffer.from(words(next))])
}

/** A text in parts, which may be cut within a letter, with pings between them. */
function parts(next: Next): Buffer[] {
  const body = next() < 0.97 ? Buffer.from(words(next)) : brokenText(next)
  const first = pick(next, [1, 1, 2])
  const frames: Buffer[] = []
  const count = 1 + below(next, 4)
  let from = 0
  for (let i = 0; i <= count; i++) {
    const to = i === count ? body.length : from + below(next, body.length - from + 1)
    frames.push(frame((i === 0 ? first : 0) | (i === count ? 0x80 : 0), body.subarray(from, to)))
    if (next() < 0.3) frames.push(frame(0x89, 'p'))
    // What has no place there.
    if (next() < 0.02) frames.push(frame(pick(next, [0x81, 0x82, 0x01]), 'in'))
    from = to
  }
  return frames
}

const codes = [0, 999, 1000, 1001, 1003, 1004, 1005, 1006, 1007, 1012, 1014, 1015, 2999, 3000, 4999, 5000, 65_535]

function closing(next: Next): Buffer {
  const code = pick(next, codes)
  const reason = next() < 0.8 ? Buffer.from(pick(next, ['', 'why', 'ü', '😀'])) : Buffer.from('ff', 'hex')
  return pick(next, [
    () => frame(0x88),
    () => frame(0x88, Buffer.from([3])),
    () => frame(0x88, Buffer.concat([Buffer.from([code >> 8, code & 255]), reason])),
  ])()
}

/** A length said in more bytes than it takes. */
const saidLong = (next: Next): Buffer => {
  const body = Buffer.from('x'.repeat(below(next, 4)))
  const header = next() < 0.5 ? [0x81, 126, 0, body.length] : [0x81, 127, 0, 0, 0, 0, 0, 0, 0, body.length]
  return Buffer.concat([Buffer.from(header), body])
}

/** What a stream is made of, and how often each occurs. */
const makers: readonly (readonly [weight: number, make: (next: Next) => Buffer | Buffer[]])[] = [
  [40, next => frame(0x81, words(next))],
  [6, parts],
  [5, next => frame(pick(next, [0x89, 0x8a]), words(next).slice(0, 40))],
  [3, next => frame(0x82, words(next))],
  [3, saidLong],
  [0.4, next => frame(0x81, brokenText(next))],
  [0.3, closing],
  // Any first byte.
  [0.3, next => frame(below(next, 256), words(next))],
  // A mask.
  [0.15, next => Buffer.concat([Buffer.from([pick(next, [0x81, 0x89, 0x01]), 0x81]), Buffer.from([1, 2, 3, 4, 5])])],
  [0.15, next => frame(0x81, '', pick(next, [70_000, 2 ** 26, 2n ** 53n, 2n ** 60n, 2n ** 63n]))],
  [0.1, next => frame(0x81, 'y'.repeat(pick(next, [65_535, 65_536, 70_000])))],
  [0.1, () => frame(0x89, 'x'.repeat(126))],
]

const weights = makers.reduce((sum, [weight]) => sum + weight, 0)

function piece(next: Next): Buffer | Buffer[] {
  let at = next() * weights
  for (const [weight, make] of makers) if ((at -= weight) < 0) return make(next)
  return []
}

function bytesOf(next: Next): Buffer {
  const bytes = Buffer.concat(Array.from({ length: 1 + below(next, 6) }, () => piece(next)).flat())
  // Some are no frames any more.
  if (bytes.length > 0 && next() < 0.02) bytes[below(next, Math.min(bytes.length, 400))] = below(next, 256)
  return next() < 0.02 ? bytes.subarray(0, below(next, bytes.length + 1)) : bytes
}

function slices(next: Next, bytes: Buffer): Buffer[] {
  const most = pick(next, [1, 7, 100, 400, 1000, Infinity, Infinity])
  const out: Buffer[] = []
  // Of a long one, only so many slices.
  const least = bytes.length / 200
  for (let at = 0; at < bytes.length;) {
    const size = Math.ceil(least + (most === Infinity ? bytes.length : 1 + below(next, most)))
    out.push(bytes.subarray(at, at + size))
    at += size
  }
  return out
}

// Not `allowSynchronousEvents: false`: nothing is cut then, and which of both ends hears first of an end is chance.
const limits = [{}, {}, {}, { maxPayload: 302 }, { maxFragments: 2 }, { maxBufferedChunks: 3 }, { skipUTF8Validation: true }] // prettier-ignore

/** Streams that one socket may have, if none of them ends it. */
const mostStreams = 30

/** One end of a socket that goes a walk. */
interface Walker {
  readonly client: FrameClient
  /** Resolves once it has ended, whoever ended it. */
  readonly isOver: Promise<unknown>
  hasEnded: boolean
}

async function begin(options: FrameClientOptions, closesAt: number): Promise<Walker> {
  let texts = 0
  let closed = () => {}
  const isClosed = new Promise<void>(resolve => (closed = resolve))
  const client = await FrameClient.open({
    ...options,
    take: (_, transport) => {
      if (++texts === closesAt) void transport.close().then(closed)
    },
  })
  const isOver = Promise.race([client.ended, isClosed])
  const walker: Walker = { client, isOver, hasEnded: false }
  void isOver.then(() => (walker.hasEnded = true))
  return walker
}

async function say({ client }: Walker, chunks: readonly Buffer[], perTurn: number, heldAt: number): Promise<void> {
  for (const [i, chunk] of chunks.entries()) {
    if (i === heldAt) client.transport.hold(true)
    client.wire.say(chunk)
    if ((i + 1) % perTurn === 0) await turn()
    if (i === heldAt + 1) client.transport.hold(false)
  }
  client.transport.hold(false)
  await turn()
}

/** What came past `ws`, of all walks. */
let past = 0

/** Both by the same streams, until one ends them. Returns how many there were. */
async function walk(seed: number): Promise<number> {
  const next = chanceOf(seed)
  const head = next() < 0.05 ? bytesOf(next) : undefined
  const options = { head, maxFrameChars: pick(next, [100, 2 ** 20, 2 ** 20]), options: pick(next, limits) }
  const closesAt = next() < 0.1 ? 1 + below(next, 20) : 0
  const both = await Promise.all([false, true].map(isPlain => begin({ ...options, isPlain }, closesAt)))
  const [own, alone] = both.map(({ client }) => client)
  let count = 0
  while (count++ < mostStreams && !both.some(({ hasEnded, client }) => hasEnded || client.isClosing)) {
    const chunks = slices(next, bytesOf(next))
    const perTurn = pick(next, [1, 3, Infinity, Infinity])
    const heldAt = next() < 0.1 ? below(next, chunks.length) : -2
    await Promise.all(both.map(walker => say(walker, chunks, perTurn, heldAt)))
  }
  const isStopped = next() < 0.8
  for (const { wire } of both.map(({ client }) => client)) {
    if (isStopped) wire.stop()
    else wire.destroy()
  }
  await Promise.all(both.map(({ isOver }) => isOver))
  for (const { client } of both) client.wire.destroy()
  past += alone!.messages - own!.messages
  // Comparing them deeply takes its time.
  if (JSON.stringify(own!.log) !== JSON.stringify(alone!.log)) {
    expect(own!.log, `FRAME_SEED=${seed} FRAME_STREAMS=1`).toEqual(alone!.log)
  }
  return count
}

test(`bytes come as by ws alone (${streams} streams from FRAME_SEED=${firstSeed})`, { timeout: 0 }, async () => {
  let count = 0
  for (let seed = firstSeed; count < streams; seed += atOnce) {
    const most = streams === 1 ? 1 : atOnce
    const counts = await Promise.all(Array.from({ length: most }, (_, i) => walk((seed + i) % 2 ** 31)))
    count += counts.reduce((sum, each) => sum + each)
  }
  console.log(`frames: seed ${firstSeed}, ${count} streams, ${past} texts came past ws`)
  // Or nothing was compared.
  if (streams > 1000) expect(past).toBeGreaterThan(streams / 4)
})
