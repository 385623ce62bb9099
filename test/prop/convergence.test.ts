// Many clients and one host that misbehaves as real ones do, over networks that cut, stall and go mute: after quiet every map is the
// host's, every promise has settled and said what is true, every history of callbacks replays to the map, and no write ever
// flickered back.
//
// What hosts do here, and why that is fair to the client, is said where they are: test/support/java-like-host.ts, rust-like-host.ts
// and, how they hang up, socket-host.ts. Worlds are in model/settings.ts, checks in model/world.ts, map-witness.ts, own-writes.ts and
// outcomes.ts.
//
// What is not demanded, as nobody could know it:
// - A map whose agent has stopped without a word, that has not written since and does not link again by itself (`relinkAfterMs`), is
//   only what that agent held.
// - With `syncs(false)` a map shows what it was told, and no more; what `relinks(false)` has closed stays as it was.
// - An own value whose event came outside of any sync may go for an older remove, until the next sync (PROTOCOL.md, "Overtaking").
// - What outcomes can't tell: see model/outcomes.ts.
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { bulkSteps } from './model/bulk-steps.js'
import { hostSteps } from './model/host-steps.js'
import { networkSteps } from './model/network-steps.js'
import { relaySteps } from './model/relayed.js'
import { pendingSteps } from './model/pending-steps.js'
import { settings, type Setting } from './model/settings.js'
import { counted, kindOf, show, take, type Walk } from './model/walk.js'
import { lossSteps, writeSteps } from './model/write-steps.js'

/** Steps at least; the long mode (npm run test:long) sets a million. */
const steps = Number(process.env['MODEL_STEPS'] ?? 20_000)
// The short mode walks one way, so that what one walk in a thousand still finds makes no other work wait; the long mode draws its own.
const seed = Number(process.env['MODEL_SEED'] ?? (process.env['MODEL_STEPS'] === undefined ? 7 : Date.now() % 2 ** 31))
/** Only worlds with this in their names, and all steps in these. */
const only = process.env['MODEL_ONLY'] ?? ''
/** Steps with names like this are left out, to see what the others bring about. */
const skipped = process.env['MODEL_SKIP'] === undefined ? undefined : new RegExp(process.env['MODEL_SKIP'])
/** Whether what fails is walked again with fewer steps, until none can be left out. */
const isShortened = process.env['MODEL_SHRINK'] !== undefined
/** Whether to go on after a fault, and to say at the end how many there were of each kind. */
const isSurvey = process.env['MODEL_SURVEY'] !== undefined
const stepsPerRun = 60

/** A seed of its own for each world, so that no two are walked alike. */
const seedOf = ({ name }: Setting): number =>
  [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, seed)

function walksIn(setting: Setting): fc.Arbitrary<Walk> {
  const who = fc.nat({ max: 2 })
  const step = fc.oneof(
    ...writeSteps(setting, who),
    ...pendingSteps(setting, who),
    ...hostSteps(setting),
    ...networkSteps(who),
    ...(setting.isRelayed === true ? relaySteps(setting, who) : []),
    ...(setting.isBulky === true ? bulkSteps(setting, who) : []),
    ...(setting.isCalmed === true ? lossSteps(setting, who) : []),
  )
  return fc.record({
    chances: fc.record({
      clients: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
      relinks: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      closes: fc.nat({ max: 3 }).map(n => n === 0),
    }),
    steps: fc.array(step, { maxLength: stepsPerRun, size: 'max' }),
  })
}

const rare = () => [...counted.rare].map(([what, times]) => `${times} × ${what}`).join(', ')

describe('many clients of a host converge', () => {
  test.each(settings.filter(({ name }) => name.includes(only)).map(setting => [setting.name, setting] as const))(
    'on %s',
    async (_, setting) => {
      counted.steps = 0
      counted.rare.clear()
      let runs = 0
      const found = new Map<string, string[]>()
      const walks = walksIn(setting)
      // By rounds, each with a seed of its own: a run takes half of its steps on average.
      const share = only === '' ? steps * setting.share : steps
      const first = seedOf(setting)
      for (let round = 0; counted.steps < share; round++) {
        const numRuns = Math.ceil(Math.min(share, 30_000) / stepsPerRun)
        const walkFrom = Number(process.env['MODEL_WALK'] ?? 0)
        for (const { chances, steps } of fc.sample(walks, { seed: first + round, numRuns })) {
          const walk = { chances, steps: steps.filter(({ name }) => skipped?.test(name) !== true) }
          if (++runs < walkFrom) continue
          try {
            await take(setting, walk)
          } catch (error) {
            if (isSurvey) {
              const kind = kindOf((error as Error).message)
              const known = found.get(kind) ?? []
              found.set(kind, [...known, `${runs}: ${(error as Error).message.replace(/\n.*/s, '')}`])
              continue
            }
            const shown = await show(setting, walk, isShortened)
            // Rounds are as long as there are steps, so that the steps belong to what brings a walk back.
            const again = `MODEL_SEED=${seed} MODEL_STEPS=${share} MODEL_ONLY='${setting.name}' MODEL_WALK=${runs}`
            throw new Error(`${(error as Error).message}\n${again}\n${shown}`, { cause: error })
          }
        }
      }
      for (const [kind, faults] of found) console.log(`${faults.length} × ${kind}: walk ${faults[0]}`)
      console.log(`convergence on ${setting.name}: seed ${seed}, ${runs} runs, ${counted.steps} steps; ${rare()}`)
    },
    24 * 3_600_000,
  )
})
