// Steps that write by downlinks.
import fc from 'fast-check'
import { SwimError } from '../../../src/index.js'
import { equals, identity, type Value } from '../../../src/recon/index.js'
import { MapWitness } from './map-witness.js'
import { gone, type Party, type Witness } from './party.js'
import type { Setting } from './settings.js'
import { ofClient, step, type Step } from './step.js'
import { TypedWitness } from './typed-witness.js'
import { codes, isSame, poison, repeated, tastes, valueOf } from './values.js'
import type { ValueWitness } from './value-witness.js'
import type { World } from './world.js'

const name = (key: Value) => String(identity(key)).replace('\0', '')

/** Local writes: the limit of the outbox may refuse one, and then nothing has changed. A closed downlink takes none. */
export function attempt(witness: Witness, act: () => void): void {
  const before = shown(witness)
  try {
    act()
  } catch (error) {
    if (!(error instanceof SwimError)) throw error
    if (error.code === 'closed' && witness instanceof MapWitness && !witness.map.opened) return
    if (error.code !== 'overflow') throw error
    if (!equals(before, shown(witness))) witness.party.world.fail('an overflow changed what shows')
  }
}

const shown = (witness: Witness): Value =>
  witness instanceof MapWitness ? ([...witness.map.entries()] as Value) : witness.value.get()

/** Now and then a value that was written before. */
const nextValue = (world: World): Value => (world.next() % 4 === 0 ? repeated : valueOf(world.next()))

function set(world: World, party: Party, witness: MapWitness, key: Value, value: Value, isPut: boolean): void {
  const { map, own } = witness
  const id = identity(key)
  attempt(witness, () => {
    const before = own.get(id)
    own.forget(id)
    party.write(witness, key, value, () => (isPut ? map.put(key, value) : void map.set(key, value)))
    const isShown = equals(map.get(key), value)
    if (!isShown && !isPut) world.fail('a write did not read back')
    if (isShown && value !== undefined && !equals(value, repeated)) own.laid(id, value)
    if (!isShown && before !== undefined) own.laid(id, before)
  })
}

function remove(party: Party, witness: MapWitness, key: Value, isPut: boolean): void {
  const { map, own } = witness
  attempt(witness, () => {
    own.forget(identity(key))
    party.write(witness, key, gone, () => (isPut ? map.remove(key) : void map.delete(key)))
  })
}

function clear(party: Party, witness: MapWitness): void {
  attempt(witness, () => {
    const undo = witness.own.forgetAll()
    try {
      witness.map.clear()
    } catch (error) {
      undo()
      throw error
    }
    party.wroteAll(witness, '@clear')
  })
}

function setOne(world: World, party: Party, witness: ValueWitness, value: Value, isPut: boolean): void {
  const { value: link, own } = witness
  attempt(witness, () => {
    const before = own.get(undefined)
    own.forget(undefined)
    party.write(witness, undefined, value, () => (isPut ? link.put(value) : link.set(value)))
    const isShown = equals(link.get(), value)
    if (!isShown && !isPut) world.fail('a write did not read back')
    if (isShown && value !== undefined && !equals(value, repeated)) own.laid(undefined, value)
    if (!isShown && before !== undefined) own.laid(undefined, before)
  })
}

/**
 * Steps that write in a calm, and see that nothing is lost: the lane takes a clear and what is set behind it, and the socket ends
 * before anything is heard of them.
 */
export function lossSteps({ rooms, keys }: Setting, who: fc.Arbitrary<number>): fc.Arbitrary<Step>[] {
  const lost = fc.tuple(who, fc.constantFrom(...rooms.keys()), fc.constantFrom(...keys)).map(([i, at, k]) =>
    step(`calm: clear, set ${name(k)}, and cut at ${rooms[at]!.lane} by ${i}`, async world => {
      const party = world.parties[i % world.parties.length]!
      const witness = party.rooms[at]!
      if (!(witness instanceof MapWitness) || world.isForbidden(witness.room.lane, identity(k))) return
      await world.calm(20)
      const value = valueOf(world.next())
      const { lane } = witness
      clear(party, witness)
      set(world, party, witness, k, value, false)
      await world.clock.settle()
      party.wire.peer?.cut()
      await world.calm(20)
      const held = lane.entries.get(identity(k))?.value
      if (!isSame(held, tastes[witness.room.taste](value)))
        world.fail(`what was set behind a clear is lost at ${name(k)}`)
    }),
  )
  return [lost, lost]
}

/** @param who a client's index */
export function writeSteps({ rooms, keys }: Setting, who: fc.Arbitrary<number>): fc.Arbitrary<Step>[] {
  const key = fc.constantFrom(...keys)
  const room = fc.constantFrom(...rooms.keys())
  const code = fc.constantFrom(...codes)
  const isPut = fc.boolean()
  /** A step at a map room; one at a value lane is turned into another write of its value. */
  const atMap = (
    what: string,
    i: number,
    at: number,
    act: (world: World, party: Party, witness: MapWitness) => void,
  ): Step =>
    ofClient(`${what} at ${rooms[at]!.lane}`, i, (party, world) => {
      const witness = party.rooms[at]!
      if (witness instanceof MapWitness) act(world, party, witness)
      else setOne(world, party, witness, nextValue(world), what.length % 2 === 0)
    })
  const setSteps = fc.tuple(who, room, key, isPut).map(([i, at, k, put]) =>
    atMap(`${put ? 'put' : 'set'} ${name(k)}`, i, at, (world, party, witness) => {
      // In a set, now and then an entry without a value.
      const isEmpty = witness.room.taste === 'keeping' && world.next() % 3 === 0
      set(world, party, witness, k, isEmpty ? undefined : nextValue(world), put)
    }),
  )
  const removeSteps = fc
    .tuple(who, room, key, isPut)
    .map(([i, at, k, put]) =>
      atMap(`${put ? 'remove' : 'delete'} ${name(k)}`, i, at, (_, party, witness) => remove(party, witness, k, put)),
    )
  const clearAll = fc
    .tuple(who, room)
    .map(([i, at]) => atMap('clear', i, at, (_, party, witness) => clear(party, witness)))
  const cut = fc.tuple(who, room, fc.boolean(), fc.nat({ max: 6 })).map(([i, at, isDrop, n]) =>
    atMap(`${isDrop ? 'drop' : 'take'} ${n}`, i, at, (_, party, witness) =>
      attempt(witness, () => {
        if (isDrop) witness.map.drop(n)
        else witness.map.take(n)
        party.wroteAll(witness, `@${isDrop ? 'drop' : 'take'}(${n})`)
      }),
    ),
  )
  const poisonous = fc.tuple(who, room, key, code, isPut).map(([i, at, k, closeCode, put]) =>
    ofClient(
      `${put ? 'put' : 'set'} ${name(k)} to what ends in ${closeCode} at ${rooms[at]!.lane}`,
      i,
      (party, world) => {
        const witness = party.rooms[at]!
        const value = poison(world.next(), closeCode)
        if (witness instanceof MapWitness) set(world, party, witness, k, value, put)
        else setOne(world, party, witness, value, put)
      },
    ),
  )
  const second = fc.tuple(who, room, key).map(([i, at, k]) =>
    atMap(`second set ${name(k)}`, i, at, (world, party, witness) => {
      const { typed, own } = witness
      if (typed === undefined) return
      attempt(witness, () => {
        const id = identity(k)
        const before = own.get(id)
        own.forget(id)
        const n = world.next()
        try {
          party.write(witness, k, n, () => void typed.map.set(k, `v${n}`), true)
        } finally {
          if (before !== undefined && typed.map.get(k) !== `v${n}`) own.laid(id, before)
        }
      })
    }),
  )
  const openSecond = fc.tuple(who, room).map(([i, at]) =>
    atMap('open or close the second', i, at, (world, party, witness) => {
      if (witness.room.kind !== 'synced') return
      if (witness.typed === undefined)
        witness.typed = new TypedWitness(party.client, witness.room.lane, message => world.fail(message))
      else {
        witness.typed.map.close()
        witness.typed = undefined
      }
    }),
  )
  return [setSteps, setSteps, removeSteps, removeSteps, clearAll, cut, second, openSecond, poisonous]
}
