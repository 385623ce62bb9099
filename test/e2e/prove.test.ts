// A few histories of client processes and of the embedded host, with kills, pauses and cuts: a short run of `npm run prove`, and one
// whose client notes what it never saw. How it works: test/prove/README.md.
// @module-tag full
import { expect, test } from 'vitest'
import { prove } from '../prove/main.js'

const seed = Number(process.env['PROVE_SEED'] ?? 7)
const about = { host: 'embedded', seed, minutes: 1, rounds: 1, clients: 3, seconds: 5, say: () => undefined }

test('what three clients did and saw agrees with what the host held', { timeout: 300_000 }, async () => {
  const { wrong, judged } = await prove(about)
  expect(wrong, `PROVE_SEED=${seed}`).toEqual([])
  // The judge had something to judge.
  expect(judged.taken).toBeGreaterThan(0)
  expect(judged.reads).toBeGreaterThan(20)
  expect(judged.quiets).toBe(3)
})

test(
  'a client that shows another map after quiet is found out, with a short history and its seed',
  { timeout: 300_000 },
  async () => {
    const { wrong } = await prove({ ...about, seconds: 2, lie: 'another map after quiet', keepFiles: false })
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toContain('unequal, by c0-')
    expect(wrong[0]).toContain(`--seed ${seed}`)
    expect(wrong[0]!.split('\n').length).toBeLessThan(60)
  },
)
