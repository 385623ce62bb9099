// Steps of the host, and of others who write to it.
import fc from 'fast-check'
import { identity, stringify, type Value } from '../../../src/recon/index.js'
import { JavaLikeHost } from '../../support/java-like-host.js'
import type { Setting } from './settings.js'
import { step, type Step } from './step.js'
import { valueOf } from './values.js'

const name = (key: Value) => String(identity(key)).replace('\0', '')

export function hostSteps({ rooms, keys, host }: Setting): fc.Arbitrary<Step>[] {
  const key = fc.constantFrom(...keys)
  const at = fc.constantFrom(...rooms)
  const some = fc.integer({ min: 1, max: 12 })
  const pump = fc
    .tuple(some, fc.nat({ max: 20 }))
    .map(([n, i]) => step(`pump ${n} from ${i}`, ({ host }) => void host.pump(n, i)))
  const flush = fc.constant(step('pump all', ({ host }) => void host.pump(500)))
  const steps = [
    fc.tuple(at, key).map(([room, k]) =>
      step(`host set ${name(k)} at ${room.lane}`, world => {
        const lane = world.laneOf(room)
        lane.set(lane.kind === 'value' ? undefined : k, valueOf(world.next()))
      }),
    ),
    fc.tuple(at, key).map(([room, k]) =>
      step(`host remove ${name(k)} at ${room.lane}`, world => {
        const lane = world.laneOf(room)
        if (lane.kind === 'map') lane.remove(k, `@remove(key:${stringify(k)})`)
      }),
    ),
    at.map(room =>
      step(`host clear at ${room.lane}`, world => {
        const lane = world.laneOf(room)
        if (lane.kind === 'map') lane.clear()
      }),
    ),
    fc.tuple(at, fc.nat({ max: 3 })).map(([room, n]) =>
      step(`host drop ${n} at ${room.lane}`, world => {
        const lane = world.laneOf(room)
        if (lane.kind === 'map') lane.cut('drop', n)
      }),
    ),
    pump,
    pump,
    flush,
    fc.constant(step('the host ends all links', ({ host }) => host.unlinkAll())),
    fc.constant(step('repeat the state', ({ host }) => host.repeatState())),
    fc
      .boolean()
      .map(isTransient =>
        step(isTransient ? 'agents stop, and forget' : 'agents stop', ({ host }) => host.stopAgents(isTransient)),
      ),
    fc
      .tuple(at, key)
      .map(([room, k]) =>
        step(`forbid or allow ${name(k)} at ${room.lane}`, world =>
          world.toggleForbidden(room.lane, room.kind === 'value' ? undefined : identity(k)),
        ),
      ),
    fc.array(fc.tuple(at, key), { maxLength: 8 }).map(left =>
      step(`restart with ${left.length}`, world => {
        world.host.die()
        for (const lane of world.host.lanes.values()) lane.wipe()
        for (const [room, k] of left)
          world.laneOf(room).set(room.kind === 'value' ? undefined : k, valueOf(world.next()))
      }),
    ),
  ]
  if (host === 'rust') return steps
  const heldUp = fc.constantFrom(0, 20, 300, 2000).map(ms =>
    step(`threads are held up for ${ms} ms`, ({ host }) => {
      if (host instanceof JavaLikeHost) host.heldUpMs = ms
    }),
  )
  return [...steps, heldUp, heldUp]
}
