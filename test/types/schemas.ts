// Types that follow from schemas: of keys, values, callbacks and changes. Checked by the compiler alone (`npm run types`).
import * as v from 'valibot'
import { expectTypeOf } from 'vitest'
import * as z from 'zod'
import * as m from 'zod/mini'
import { SwimClient, type AppType, type Change, type SwimError, type Value } from '../../src/index.js'
import { attributes, tagged, timestamp, twoWay } from '../../src/zod.js'

const lane = new SwimClient().hostRef('warp://host').nodeRef('/unit/1').laneRef('map')
const Elevator = z.object({ id: z.number(), floor: z.number() })
type Elevator = { id: number; floor: number }

// By steps.
const map = lane
  .downlinkMap()
  .keySchema(z.string())
  .valueSchema(Elevator)
  .didUpdate((key, newValue, oldValue) => {
    expectTypeOf(key).toEqualTypeOf<string>()
    expectTypeOf(newValue).toEqualTypeOf<Elevator>()
    expectTypeOf(oldValue).toEqualTypeOf<Elevator | undefined>()
  })
  .didRemove((key, oldValue) => {
    expectTypeOf(key).toEqualTypeOf<string>()
    expectTypeOf(oldValue).toEqualTypeOf<Elevator>()
  })
  .didChange(changes => expectTypeOf(changes).toEqualTypeOf<readonly Change<string, Elevator>[]>())
  .didFail(error => expectTypeOf(error).toEqualTypeOf<SwimError>())
  .onEvent(body => expectTypeOf(body).toEqualTypeOf<Value>())
  .open()

expectTypeOf(map.get('a')).toEqualTypeOf<Elevator | undefined>()
expectTypeOf([...map]).toEqualTypeOf<[string, Elevator][]>()
expectTypeOf(map.at(0)).toEqualTypeOf<[string, Elevator] | undefined>()
expectTypeOf(map.snapshot()).toEqualTypeOf<ReadonlyMap<string, Elevator>>()
map.set('a', { id: 1, floor: 2 })
map.subscribe(changes => {
  for (const change of changes) {
    if (change.type === 'update') expectTypeOf(change.value).toEqualTypeOf<Elevator>()
    // @ts-expect-error -- what was removed has no value
    else void change.value
  }
})
map.on('didUpdate', (_key, value) => expectTypeOf(value).toEqualTypeOf<Elevator>())
// @ts-expect-error -- a key of another type
map.get(5)
// @ts-expect-error -- a value of another type
map.set('a', { id: 1, floor: 'ground' })
// @ts-expect-error -- a part is missing
void map.put('a', { id: 1 })
// @ts-expect-error -- no such callback
map.on('didSet', () => {})

// By options.
const byOptions = lane
  .downlinkMap({
    keySchema: z.number(),
    valueSchema: Elevator,
    didUpdate(key, value) {
      expectTypeOf(key).toEqualTypeOf<number>()
      expectTypeOf(value).toEqualTypeOf<Elevator>()
    },
  })
  .open()
expectTypeOf(byOptions.first()).toEqualTypeOf<[number, Elevator] | undefined>()
// @ts-expect-error -- a key of another type
byOptions.get('a')

// What a codec decodes to is what the application has.
const at = z.codec(z.number(), z.date(), { decode: ms => new Date(ms), encode: date => date.getTime() })
const value = lane
  .downlinkValue()
  .schema(z.object({ at }))
  .didSet((newValue, oldValue) => expectTypeOf([newValue, oldValue]).toEqualTypeOf<({ at: Date } | undefined)[]>())
  .open()
expectTypeOf(value.get()).toEqualTypeOf<{ at: Date } | undefined>()
value.subscribe(each => expectTypeOf(each).toEqualTypeOf<{ at: Date } | undefined>())
value.set({ at: new Date() })
// @ts-expect-error -- what is on the wire is no business of the application's
value.set({ at: 5 })
expectTypeOf(lane.downlinkValue({ schema: at }).open().get()).toEqualTypeOf<Date | undefined>()

// Of other libraries.
expectTypeOf(lane.downlinkValue().schema(m.array(m.string())).open().get()).toEqualTypeOf<string[] | undefined>()
expectTypeOf(
  lane
    .downlinkValue()
    .schema(v.object({ a: v.string() }))
    .open()
    .get(),
).toEqualTypeOf<{ a: string } | undefined>()
expectTypeOf(
  lane
    .downlinkValue({ schema: v.pipe(v.string(), v.transform(Number)) })
    .open()
    .get(),
).toEqualTypeOf<number | undefined>()
expectTypeOf<AppType<typeof at>>().toEqualTypeOf<Date>()

// Of swimlink/zod.
expectTypeOf(lane.downlinkValue().schema(timestamp()).open().get()).toEqualTypeOf<Date | undefined>()
expectTypeOf(
  lane
    .downlinkValue()
    .schema(twoWay(m.object({ t: timestamp() })))
    .open()
    .get(),
).toEqualTypeOf<{ t: Date } | undefined>()
expectTypeOf(lane.downlinkValue().schema(tagged('lift', Elevator)).open().get()).toEqualTypeOf<Elevator | undefined>()
expectTypeOf(
  lane
    .downlinkValue({ schema: attributes(Elevator) })
    .open()
    .get(),
).toEqualTypeOf<Elevator | undefined>()
expectTypeOf(z.object({ t: timestamp('s') })).toExtend<z.ZodType<{ t: Date }>>()
