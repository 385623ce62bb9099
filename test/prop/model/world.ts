// A host, its lanes, and its clients.
import { equals, identity, type Value } from '../../../src/recon/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { HostLane } from '../../support/host-lane.js'
import { JavaLikeHost } from '../../support/java-like-host.js'
import { RustLikeHost } from '../../support/rust-like-host.js'
import type { Command, HangUp } from '../../support/socket-host.js'
import { MapWitness } from './map-witness.js'
import { Party, type Witness } from './party.js'
import { chanceOf } from '../../../src/testing/random.js'
import { Relayed } from './relayed.js'
import type { Room, Setting } from './settings.js'
import { codeOf, maxFrame, tastes } from './values.js'

/** Long enough for the longest backoff, heartbeats, and a fence for every write; in seconds of the clock. */
const quietS = 150
/** Writes over which a host hangs up go out one at a time, each after another backoff. */
const longestQuietS = 1500

export interface Chances {
  readonly clients: number
  readonly seed: number
  /** For each client, whether it links again where it hears nothing for 5 s. */
  readonly relinks: readonly boolean[]
  /** Whether all is closed with the last step, instead of after a quiet. */
  readonly closes: boolean
}

export class World {
  readonly setting: Setting
  readonly clock: VirtualClock
  readonly host: JavaLikeHost | RustLikeHost
  readonly parties: readonly Party[]
  /** What the clients share, where they are pages of one device. */
  readonly relay: Relayed | undefined
  /** Keys that nobody may write to, by lane and identity. */
  readonly forbidden = new Set<string>()
  /** What has happened, line by line, where somebody wants to know. */
  readonly notes: string[] | undefined
  /** Commands over which the host has hung up. */
  readonly #hungUpOver = new Set<string>()
  /** All clients are being closed. */
  isClosing = false
  #number = 0
  #fault: string | undefined

  constructor(setting: Setting, { clients, seed, relinks }: Chances, tally: (what: string) => void, notes?: string[]) {
    this.setting = setting
    this.notes = notes
    const chance = chanceOf(seed)
    this.clock = new VirtualClock(chance)
    const options = { clock: this.clock, chance, tally }
    this.host = setting.host === 'java' ? new JavaLikeHost(options) : new RustLikeHost(options)
    for (const { lane, kind, taste } of setting.rooms)
      this.host.add(routeOf(lane), new HostLane(tastes[taste], kind === 'value' ? 'value' : 'map'))
    this.host.verdict = command => this.#verdict(command)
    // Two versions of the application may be open at once.
    if (setting.isRelayed === true) this.relay = new Relayed(this, 1 + (seed % 2))
    this.parties = Array.from({ length: clients }, (_, i) => new Party(this, i, relinks[i] === true ? 5000 : 0))
  }

  laneOf({ lane }: Room): HostLane {
    return this.host.lanes.get(routeOf(lane))!
  }

  /** A number that was not given out before. */
  next(): number {
    return ++this.#number
  }

  /** Something is wrong; the first such thing ends the walk. */
  fail(message: string): void {
    this.trace(message)
    this.#fault ??= message
  }

  /** Notes what happens, where somebody wants to know. */
  trace(line: string): void {
    this.notes?.push(`${String(Math.round(this.clock.now())).padStart(7)} ${line}`)
  }

  throwFault(): void {
    if (this.#fault !== undefined) throw new Error(this.#fault)
  }

  isForbidden(lane: string, id: unknown): boolean {
    return this.forbidden.has(`${routeOf(lane)} ${String(id)}`)
  }

  /** Over how many commands the host has hung up. */
  get hangUps(): number {
    return this.#hungUpOver.size
  }

  /** Whether the host has hung up over a command. */
  isHungUpOver(lane: string, body: string): boolean {
    return this.#hungUpOver.has(`${routeOf(lane)} ${body}`)
  }

  toggleForbidden(lane: string, id: unknown): void {
    const name = `${routeOf(lane)} ${String(id)}`
    if (!this.forbidden.delete(name)) this.forbidden.add(name)
  }

  /** All levers go back, and time passes, until everything must have settled. */
  async quiet(): Promise<void> {
    await this.calm(quietS)
  }

  /** All levers go back. */
  heal(): void {
    const { host } = this
    if (host instanceof JavaLikeHost) host.heldUpMs = 0
    this.relay?.killVisitors()
    for (const { wire, page } of this.parties) {
      page?.thaw()
      const { network, peer } = wire
      network.refuses = false
      network.isMute = false
      network.latencyMs = 0
      peer?.resume()
    }
  }

  /** All levers go back, and time passes: for so long at least, and until nothing is under way. */
  async calm(seconds: number): Promise<void> {
    this.heal()
    await this.pass(s => s < seconds || (s < longestQuietS && !this.#isSettled()))
  }

  /** Time passes, second by second, and the host gets along. */
  async pass(goesOn: (s: number) => boolean): Promise<void> {
    for (let s = 0; goesOn(s); s++) {
      await this.clock.advance(1000)
      while (this.host.pump(1000)) await this.clock.settle()
      // A worker lets what comes within some milliseconds go together.
      if (this.relay !== undefined) await this.clock.advance(10)
      this.throwFault()
    }
  }

  /** After the close of all clients. */
  checkEnd(): void {
    for (const { rooms } of this.parties)
      for (const room of rooms) if (room instanceof MapWitness) room.pending?.checkWithdrawn()
    if (this.clock.pendingTimers > 0) this.fail(`${this.clock.pendingTimers} timers are left after close`)
    this.throwFault()
  }

  check(): void {
    for (const party of this.parties) {
      for (const witness of party.rooms) this.#check(party, witness)
      if (party.unsettled > 0) this.fail(`client ${party.index} has ${party.unsettled} promises that never settled`)
    }
    if (this.host.strays.length > 0) this.fail(`the host was sent ${this.host.strays.join()}`)
    this.throwFault()
  }

  /** Whether the host has a link of a client to a lane, and an agent behind it. */
  isServed({ wire: { peer } }: Party, { lane }: Room): boolean {
    const link = peer === undefined ? undefined : this.host.linkOf(peer, routeOf(lane))
    return link !== undefined && !this.host.isStopped(link as never)
  }

  #check(party: Party, witness: Witness): void {
    const { host } = this
    const { room } = witness
    const { peer } = party.wire
    const link = peer === undefined ? undefined : host.linkOf(peer, routeOf(room.lane))
    // Who never wrote on the link of a stopped agent, and links again for nothing, can't know of what came after.
    const isStopped = link !== undefined && host.isStopped(link as never)
    if (isStopped && party.relinkAfterMs > 0 && room.kind !== 'bare' && isOpen(witness))
      this.fail(`client ${party.index}, ${room.lane}: is linked to an agent that has stopped, after ${quietS} s`)
    const lane = isStopped ? link.lane : witness.lane
    if (witness instanceof MapWitness) witness.check(lane.sorted().map(({ key, value }) => [key, shownOf(value)]))
    else witness.check(shownOf(lane.entries.get(identity(undefined))?.value))
  }

  #isSettled(): boolean {
    return this.parties.every(
      ({ client, unsettled, rooms }) =>
        unsettled === 0 &&
        client.pendingCount === 0 &&
        rooms.every(
          room =>
            !isOpen(room) || room.room.kind === 'bare' || (room instanceof MapWitness ? room.map : room.value).synced,
        ),
    )
  }

  #verdict(command: Command): HangUp | undefined {
    const hangUp = this.#judge(command)
    if (hangUp !== undefined) this.#hungUpOver.add(`${command.route} ${command.body}`)
    return hangUp
  }

  #judge({ route, op, key, value, text }: Command): HangUp | undefined {
    if (text.length > maxFrame) return { code: 1009, reason: '' }
    const code = codeOf(value)
    if (code !== undefined) return { code, reason: 'not this one' }
    const isNamed = op === 'update' || op === 'remove' || op === 'value'
    if (isNamed && this.forbidden.has(`${route} ${String(identity(key))}`)) return { code: 1008, reason: 'Forbidden' }
    return undefined
  }
}

const routeOf = (lane: string) => `/unit/1 ${lane}`

const isOpen = (witness: Witness): boolean => !(witness instanceof MapWitness) || witness.map.opened

/** A host sends no empty record: it shows as an entry without a value. */
const shownOf = (value: Value | undefined): Value => (equals(value, {}) ? undefined : value)
