// One client's value downlink, with all that its callbacks told.
import type { ValueDownlink } from '../../../src/index.js'
import { equals, stringify, type Value } from '../../../src/recon/index.js'
import type { HostLane } from '../../support/host-lane.js'
import { OwnWrites } from './own-writes.js'
import type { Party } from './party.js'
import type { Room } from './settings.js'
import { isSame } from './values.js'

export class ValueWitness {
  readonly party: Party
  readonly room: Room
  readonly lane: HostLane
  readonly value: ValueDownlink<Value>
  readonly own: OwnWrites
  #replayed: Value | undefined

  constructor(party: Party, room: Room) {
    const { world, client } = party
    this.party = party
    this.room = room
    this.lane = world.laneOf(room)
    const fail = (message: string) => world.fail(`client ${party.index}, ${room.lane}: ${message}`)
    this.own = new OwnWrites(this.lane, world.host.heard, fail)
    this.value = client
      .downlinkValue({ hostUri: 'warp://host', nodeUri: '/unit/1', laneUri: room.lane })
      .didSet((value, old) => {
        if (!isSame(this.#replayed, old)) fail('didSet told a wrong old value')
        if (isSame(value, old)) fail('didSet told no change')
        this.#replayed = value
        if (value === undefined) this.own.removed(undefined)
        else this.own.updated(undefined, value)
      })
      .didFail(error => party.failed(error, this))
      .open()
  }

  knownAt(): number {
    const shown = this.value.get()
    return (shown === undefined ? undefined : this.lane.lastPlaceOf(undefined, shown)) ?? -1
  }

  /** After quiet: whether the value is the lane's, and was told so. */
  check(truth: Value | undefined): void {
    const { value, party, room } = this
    const here = value.get()
    const spell = (what: Value | undefined) => (what === undefined ? 'none' : stringify(what))
    const tell = (what: string) =>
      party.world.fail(
        `client ${party.index}, ${room.lane}: ${what}\n  host ${spell(truth)}\n  here ${spell(here)} ${JSON.stringify(value.status)}`,
      )
    if (!isSame(this.#replayed, here)) tell(`told ${spell(this.#replayed)}`)
    if (!value.synced) tell('is not synced after quiet')
    if (!isSame(here, truth)) tell('differs from the host')
    if (here !== undefined && !equals(here, value.snapshot())) tell('has another snapshot')
  }
}
