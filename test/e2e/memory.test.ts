// What a write takes while it waits for its link: beside its key and its value, which a plain Map of them holds too.
// @module-tag full
import { beforeAll, expect, test } from 'vitest'
import { builtPackage } from '../support/built.js'
import { runChild } from '../support/child.js'

beforeAll(async () => void (await builtPackage()))

const measure = (count: number, write: string) => `
  import { SwimClient } from 'swimlink'
  import { heldBytes } from './test/support/held.mjs'
  const rounds = 4
  const client = new SwimClient({
    hostUri: 'warp://127.0.0.1:1', nodeUri: '/unit/1', maxQueuedWrites: ${count} * (rounds + 1), closeTimeoutMs: 0,
    reconnectMinMs: 60_000, reconnectMaxMs: 60_000, onError: () => {},
  })
  // Texts of their own, which are made before anything is measured.
  const keys = JSON.parse(JSON.stringify(Array.from({ length: ${count} }, (_, n) => 'key' + n)))
  const valueOf = n => ({ id: n, floor: n % 40, occupied: n % 2 === 0 })
  const fill = set => { for (let n = 0; n < ${count}; n++) set(keys[n], valueOf(n)) }
  const held = []
  const round = async () => {
    const start = await heldBytes()
    const plain = new Map()
    fill((key, value) => plain.set(key, value))
    const middle = await heldBytes()
    const map = client.downlinkMap({ laneUri: 'lane' + held.length }).didFail(() => {}).open()
    fill((key, value) => map.${write}(key, value))
    const end = await heldBytes()
    held.push(plain, map)
    return (end - middle - (middle - start)) / ${count}
  }
  // What is made once, such as compiled code and grown tables, is made in the first.
  await round()
  const beside = []
  for (let i = 1; i < rounds; i++) beside.push(await round())
  console.log(JSON.stringify({ beside: Math.round(Math.min(...beside)), pending: client.pendingCount, held: held.length }))
  await client.close()
`

// Measured: 280, 263 and 712 bytes. Most of what a put takes is its promise.
test.each([
  [10_000, 'set', 300],
  [30_000, 'set', 300],
  [10_000, 'put', 900],
])(
  'writes that wait: %i by %s take at most %i bytes each beside their entries',
  async (count, write, most) => {
    const { code, stdout, stderr } = await runChild(measure(count, write), ['--expose-gc'], 60_000)
    expect([stderr, code]).toEqual(['', 0])
    const { beside, pending } = JSON.parse(stdout) as { beside: number; pending: number }
    console.log(`${count} ${write}: ${beside} bytes a write`)
    expect(pending).toBe(count * 4)
    expect(beside).toBeLessThanOrEqual(most)
    // A figure that is too good measures nothing.
    expect(beside).toBeGreaterThan(100)
  },
  70_000,
)
