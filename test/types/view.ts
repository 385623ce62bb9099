// Views are typed from end to end; what must not compile does not. Checked by the compiler alone (`npm run types`).
import { expectTypeOf } from 'vitest'
import { avg, collect, count, max, min, sum, view, type View } from '../../src/view/index.js'
import type { MapDownlink, ReadableMap, ValueDownlink } from '../../src/index.js'

interface Vehicle {
  readonly speed: number
  readonly route: string
  readonly lineId?: string
  readonly since: Date | undefined
}
interface Line {
  readonly name: string
}
declare const vehicles: MapDownlink<string, Vehicle>
declare const lines: MapDownlink<string, Line>
declare const value: ValueDownlink<Vehicle>

const all = view(vehicles)
expectTypeOf(all).toEqualTypeOf<View<string, Vehicle>>()
expectTypeOf(all).toExtend<ReadableMap<string, Vehicle>>()
expectTypeOf(vehicles).toExtend<ReadableMap<string, Vehicle>>()
expectTypeOf(view(all.limit(1))).toEqualTypeOf<View<string, Vehicle>>()
expectTypeOf(all.map((v, key) => [v.speed, key] as const)).toEqualTypeOf<View<string, readonly [number, string]>>()

const line = view(lines).map(({ name }): Line | undefined => (name === '' ? undefined : { name }))
expectTypeOf(line.filter((each): each is Line => each !== undefined)).toEqualTypeOf<View<string, Line>>()

const routes = all.groupBy(v => v.route, {
  n: count(),
  total: sum(v => v.speed),
  mean: avg(v => v.speed),
  known: avg(v => (v.speed > 0 ? v.speed : undefined)),
  peak: max(v => v.speed),
  since: min(v => v.since),
  ids: collect((v, key) => key),
})
expectTypeOf(routes.get('r1')!).toEqualTypeOf<{
  readonly n: number
  readonly total: number
  readonly mean: number
  readonly known: number | undefined
  readonly peak: number
  readonly since: Date | undefined
  readonly ids: readonly string[]
}>()
expectTypeOf(all.groupBy(v => ({ floor: v.speed }), {})).toExtend<View<{ floor: number }, object>>()

const named = all.join(
  lines,
  v => v.lineId,
  (v, line) => ({ ...v, name: line?.name }),
)
expectTypeOf(named.get('a')!.name).toEqualTypeOf<string | undefined>()
expectTypeOf(all.union(view(vehicles))).toEqualTypeOf<View<string, Vehicle>>()
expectTypeOf(all.union(lines)).toEqualTypeOf<View<string, Vehicle | Line>>()
named.subscribe(changes => expectTypeOf(changes[0]!.key).toEqualTypeOf<string>())

// @ts-expect-error a value downlink is no map
view(value)
// @ts-expect-error a plain Map is not live
view(new Map<string, number>())
// @ts-expect-error there is no such field
all.filter(v => v.sped > 1)
// @ts-expect-error the key is a text
all.map((v, key) => key.toFixed())
// @ts-expect-error there are two directions
all.orderBy(v => v.speed, 'up')
// @ts-expect-error how many is a number
all.limit('20')
// @ts-expect-error a sum is of numbers
all.groupBy(v => v.route, { total: sum(v => v.route) })
// @ts-expect-error a mean is of numbers
all.groupBy(v => v.route, { mean: avg(v => v.since) })
// @ts-expect-error there is no such field
all.groupBy(v => v.route, { peak: max(v => v.sped) })
// @ts-expect-error an aggregate is made by a function
all.groupBy(v => v.route, { n: 'count' })
// @ts-expect-error the group has no such figure
void routes.get('r1')?.median
// prettier-ignore
// @ts-expect-error lines are named by texts
all.join(lines, v => v.speed, (v, line) => line)
// prettier-ignore
// @ts-expect-error there may be no such line
all.join(lines, v => v.lineId, (v, line) => line.name)
// @ts-expect-error the keys are of another type
all.union({} as MapDownlink<number, Vehicle>)
// @ts-expect-error views are read only
all.set('a', {})
