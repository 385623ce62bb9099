// Random walks on real hosts through proxies that misbehave: a quarter of a minute of them, or, by `npm run test:interop:long`,
// 10,000 steps a host. WALK_SEED repeats one.
import { beforeAll, beforeEach, describe, test } from 'vitest'
import { embedded, java, rust, type HostKind } from '../hosts/host-kind.js'
import { walk } from './walk.js'

const long = process.env['WALK_STEPS']
const seed = Number(process.env['WALK_SEED'] ?? Date.now() % 2 ** 31)

const kinds: readonly (readonly [HostKind, number])[] = [
  [rust, 400],
  [java, 400],
  [embedded, 200],
]

describe.each(kinds)('a walk on $name', (kind, short) => {
  let missing: string | undefined

  beforeAll(async () => {
    missing = await kind.missing()
  })
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(`${kind.name}: not run: ${missing}`)
  })

  test(
    'every map is the host’s after quiet',
    async () => {
      const started = performance.now()
      const { steps, rounds, sockets, taken } = await walk(kind, seed, Number(long ?? short))
      const seconds = Math.round((performance.now() - started) / 1000)
      const counts = [...taken].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${count} ${type}`)
      console.log(
        `walk on ${kind.name}: seed ${seed}, ${steps} steps, ${rounds} rounds, ${sockets} sockets, ${seconds} s\n  ${counts.join(', ')}`,
      )
    },
    4 * 3_600_000,
  )
})
