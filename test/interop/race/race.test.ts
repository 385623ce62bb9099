// Races of two clients on one lane, on real hosts: a few rounds, or, by `npm run test:interop:race`, as many as one likes:
// RACE_ROUNDS, RACE_OPS (of both clients, a round), RACE_SEED, RACE_HOST (java, rust, embedded), RACE_URI (a host that runs already,
// with the lanes of README.md), RACE_LOAD (busy processes beside it).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { embedded, java, rust, type HostKind } from '../hosts/host-kind.js'
import type { RealHost } from '../hosts/host-process.js'
import { startLoad } from './load.js'
import { race } from './race.js'

const { RACE_ROUNDS, RACE_OPS, RACE_SEED, RACE_HOST, RACE_URI, RACE_LOAD } = process.env
const seed = Number(RACE_SEED ?? Date.now() % 2 ** 30)
const hosts: { readonly [name: string]: HostKind } = { java, rust, embedded }
const chosen = RACE_HOST === undefined && RACE_URI === undefined ? Object.keys(hosts) : [RACE_HOST ?? 'java']

describe.each(chosen.map(name => hosts[name] ?? name))('a race on $name', kind => {
  if (typeof kind === 'string') throw new Error(`RACE_HOST is ${kind}, and can be ${Object.keys(hosts).join(', ')}`)
  let missing: string | undefined
  let host: RealHost | undefined
  let endLoad = (): void => {}

  beforeAll(async () => {
    missing = RACE_URI === undefined ? await kind.missing() : undefined
    if (missing !== undefined) return
    if (RACE_URI === undefined) host = await kind.start()
    endLoad = startLoad(Number(RACE_LOAD ?? 0))
  })
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(`${kind.name}: not run: ${missing}`)
  })
  afterAll(async () => {
    endLoad()
    await host?.stop()
  })

  test(
    'after quiet both maps are the lane',
    async () => {
      const started = performance.now()
      const { rounds, operations, diverged, healed } = await race({
        hostUri: RACE_URI ?? host!.uri,
        seed,
        rounds: Number(RACE_ROUNDS ?? 10),
        ops: Number(RACE_OPS ?? 150),
        isFree: kind.differences['remove of an absent key'] === 'ignored',
        onDivergence: report => console.log(`race on ${kind.name}: ${report}`),
      })
      const seconds = Math.round((performance.now() - started) / 1000)
      console.log(
        `race on ${kind.name}: seed ${seed}, ${rounds} rounds, ${operations} operations, ${seconds} s, ${diverged.length} diverged, ` +
          `${healed.length} healed after quiet (${Math.max(0, ...healed)} ms at most)`,
      )
      expect(diverged).toEqual([])
    },
    12 * 3_600_000,
  )
})
