// One client's map downlink, with all that its callbacks told.
import type { MapDownlink } from '../../../src/index.js'
import { equals, identity, stringify, type Value } from '../../../src/recon/index.js'
import type { HostLane } from '../../support/host-lane.js'
import { OwnWrites } from './own-writes.js'
import type { Party } from './party.js'
import { PendingWatch } from './pending-watch.js'
import type { Room } from './settings.js'
import type { TypedWitness } from './typed-witness.js'
import { isSame } from './values.js'

export class MapWitness {
  readonly party: Party
  readonly room: Room
  readonly lane: HostLane
  readonly map: MapDownlink<Value, Value>
  readonly own: OwnWrites
  /** Of some clients alone: who never reads what is pending goes another way in the code. */
  readonly pending: PendingWatch | undefined
  typed: TypedWitness | undefined
  /** What its callbacks make of an empty map, one by one and by batches. */
  readonly #replayed = new Map<unknown, Value>()
  readonly #batches = new Map<unknown, Value>()

  constructor(party: Party, room: Room) {
    const { world, client } = party
    this.party = party
    this.room = room
    this.lane = world.laneOf(room)
    const fail = (message: string) => world.fail(`client ${party.index}, ${room.lane}: ${message}`)
    this.own = new OwnWrites(this.lane, world.host.heard, message => this.isWatched && fail(message))
    this.map = client
      .downlinkMap({ hostUri: 'warp://host', nodeUri: '/unit/1', laneUri: room.lane })
      .emptyValues(room.taste === 'keeping' ? 'keep' : 'remove')
      .syncs(room.kind !== 'bare')
      .relinks(room.kind !== 'brief')
      .didUpdate((key, value, old) => {
        const id = identity(key)
        if (!equals(this.#replayed.get(id), old)) fail(`didUpdate(${String(id)}) told a wrong old value`)
        if (old !== undefined && equals(old, value)) fail(`didUpdate(${String(id)}) told no change`)
        this.#replayed.set(id, value)
        this.own.updated(id, value)
      })
      .didRemove((key, old) => {
        const id = identity(key)
        if (!this.#replayed.has(id) || !equals(this.#replayed.get(id), old))
          fail(`didRemove(${String(id)}) told a wrong old value`)
        this.#replayed.delete(id)
        this.own.removed(id)
      })
      .didChange(changes => {
        for (const change of changes) {
          const id = identity(change.key)
          if (change.type === 'remove') this.#batches.delete(id)
          else this.#batches.set(id, change.value)
        }
      })
      .didFail(error => party.failed(error, this))
      // While it delivers its writes it tells nothing more, and may go on to show what its link brings.
      .didClose(() => world.isClosing || this.#checkHistories([...this.map.entries()]))
      .open()
    this.pending = party.index % 2 === 0 ? new PendingWatch(this.map, world.host.heard, fail) : undefined
  }

  /** Whether its own writes must not flicker: a downlink that closes, or that gives up what is not echoed, uncovers what was there. */
  get isWatched(): boolean {
    return this.room.kind !== 'bare' && this.map.opened
  }

  /** The place in the lane's history of what shows at a key; -1 where the lane has never held it. */
  knownAt(id: unknown, key: Value): number {
    return (this.map.has(key) ? this.lane.lastPlaceOf(id, this.map.get(key)) : undefined) ?? -1
  }

  /** After quiet: whether the map is the lane's, and was told so. @param truth the lane's entries */
  check(truth: readonly (readonly [Value, Value])[]): void {
    const { map, party, room } = this
    const here = [...map.entries()]
    const tell = (what: string, found: unknown) =>
      party.world.fail(
        `client ${party.index}, ${room.lane}: ${what}\n  host ${short(truth)}\n  here ${short(found)} ${short(map.status)}`,
      )
    if (map.size !== here.length) tell('miscounts', map.size)
    this.#checkPlaces(here, tell)
    // One that is closed is told nothing more, and may go on to show what its link brings.
    if (!map.opened) return
    this.#checkHistories(here)
    if (room.kind === 'bare') return
    if (!map.synced) tell('is not synced after quiet', here)
    if (!equals(here as Value, truth as Value)) tell('differs from the host', here)
    this.typed?.check(truth, tell)
  }

  /** What callbacks told must make what shows. */
  #checkHistories(here: readonly (readonly [Value, Value])[]): void {
    const { party, room } = this
    for (const [what, history] of Object.entries({ callbacks: this.#replayed, batches: this.#batches })) {
      const isTold = here.every(
        ([key, value]) => history.has(identity(key)) && isSame(history.get(identity(key)), value),
      )
      if (history.size === here.length && isTold) continue
      party.world.fail(
        `client ${party.index}, ${room.lane}: ${what} told otherwise\n  here ${short(here)}\n  told ${short([...history])}`,
      )
    }
  }

  /** Positions are those of the entries in order. */
  #checkPlaces(here: readonly (readonly [Value, Value])[], tell: (what: string, found: unknown) => void): void {
    const step = Math.max(1, Math.floor(here.length / 50))
    for (let i = 0; i < here.length; i += step) {
      const [key] = here[i]!
      if (!equals(this.map.at(i)?.[0], key)) tell(`has another entry at ${i}`, this.map.at(i) as unknown)
      if (this.map.indexOf(key) !== i) tell(`finds ${stringify(key)} elsewhere than at ${i}`, this.map.indexOf(key))
    }
  }
}

const short = (what: unknown): string => {
  const text = JSON.stringify(what) ?? 'undefined'
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text
}
