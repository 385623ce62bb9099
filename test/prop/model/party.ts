// One client of the host: its network, its downlinks, its errors, and what was on the wire when its sockets ended.
import { SwimClient, SwimError, TimeoutError } from '../../../src/index.js'
import { identity, type Value } from '../../../src/recon/index.js'
import { writeRemove, writeUpdate } from '../../../src/warp/map-op.js'
import { writeBody } from '../../../src/warp/write-envelope.js'
import type { RelayedPage } from '../../support/relay-device.js'
import { RustLikeHost } from '../../support/rust-like-host.js'
import { MapWitness } from './map-witness.js'
import { lieOf, nameOf, type Made } from './outcomes.js'
import { ValueWitness } from './value-witness.js'
import { tastes } from './values.js'
import { Wire } from './wire.js'
import type { World } from './world.js'

export type Witness = MapWitness | ValueWitness

/** A write, as the wire has it. */
interface Written {
  readonly lane: string
  readonly id: unknown
  readonly body: string
}

export class Party {
  readonly world: World
  readonly index: number
  readonly wire: Wire
  /** Where a relay has its socket. */
  readonly page: RelayedPage | undefined
  readonly client: SwimClient
  readonly rooms: Witness[]
  /** How long it takes for an event before it links again, in milliseconds; 0: for ever. */
  readonly relinkAfterMs: number
  /** Promises that have not settled. */
  unsettled = 0
  readonly #written = new Map<Witness, Written[]>()
  constructor(world: World, index: number, relinkAfterMs: number) {
    const { clock, host } = world
    this.world = world
    this.index = index
    this.relinkAfterMs = relinkAfterMs
    const version = world.relay?.of(index)
    const page = version?.device.page(index)
    this.wire = new Wire(
      clock,
      peer => host.accept(peer),
      line => world.trace(`${index} ${line}`),
      version && { page: page!, trunk: version.trunk },
    )
    this.page = page
    const { network } = this.wire
    if (host instanceof RustLikeHost) network.takes = protocols => RustLikeHost.takes(protocols)
    this.client = new SwimClient({
      hostUri: 'warp://host',
      clock,
      webSocket: page?.WebSocket ?? network.WebSocket,
      onError: error => this.failed(error),
      maxQueuedWrites: 40,
      relinkAfterMs,
    })
    this.rooms = world.setting.rooms.map(room =>
      room.kind === 'value' ? new ValueWitness(this, room) : new MapWitness(this, room),
    )
  }

  /** An error was reported: of a downlink, or of none. */
  failed(error: SwimError, witness?: Witness): void {
    const code = String(error.code)
    if (/^(callback|protocol|recon|config|auth)$/.test(code)) this.world.fail(`client ${this.index}: ${error.message}`)
    if (code !== 'refused') return
    const { key } = error as { readonly key?: Value }
    const id = identity(key)
    witness?.own.forget(id)
    if (witness instanceof MapWitness) witness.pending?.lost(id)
    const writes = witness === undefined ? [...this.#written.values()].flat() : (this.#written.get(witness) ?? [])
    const isItsKey = (write: Written) => write.id === id || (key === undefined && write.id === all)
    if (!writes.some(write => isItsKey(write) && this.#isHungUpOver(write)))
      this.world.fail(`client ${this.index}: no host hung up over it: ${error.message}`)
  }

  /** Makes a write, and holds the client to what it says of it. @param given `gone` for a remove; @param isOther whether the second downlink makes it */
  write(
    witness: Witness,
    key: Value,
    given: Value | typeof gone,
    make: () => Promise<unknown> | void,
    isOther = false,
  ): void {
    const { lane, room } = witness
    const id = identity(key)
    const isMap = witness instanceof MapWitness
    const isRemove = given === gone
    const value = isRemove ? undefined : given
    const body = !isMap ? writeBody(value) : isRemove ? writeRemove(key) : writeUpdate(key, value)
    const written = this.#written.get(witness) ?? []
    this.#written.set(witness, written)
    const taste = tastes[room.taste]
    const spell = this.world.setting.host === 'java' ? tastes.plain : tastes.exact
    const made: Made = {
      lane,
      id,
      value: isRemove ? undefined : room.taste === 'keeping' ? taste(value) : spell(value),
      isTasty: isRemove || !isMap || taste(value) !== undefined,
      madeAt: lane.history.length,
      knownAt: witness.knownAt(id, key),
      isWrittenAgain: () =>
        written.length > place + 1 && written.slice(place + 1).some(again => again.id === id || again.id === all),
      wasInterrupted: () => this.wire.linksOf(room.lane) > links,
      isHungUpOver: () => this.#isHungUpOver(own),
      isClosed: () =>
        this.world.isClosing || (isMap && (!witness.map.opened || witness.pending?.hasTakenBack(id) === true)),
    }
    const own = { lane: room.lane, id, body }
    const place = written.length
    const links = this.wire.linksOf(room.lane)
    const { value: spelled } = made
    if (spelled !== undefined)
      this.wire.awaitEcho(room.lane, isMap ? key : undefined, spelled, () => witness.own.echoed(id, spelled))
    const promise = make()
    written.push(own)
    const watch = isMap && !isOther ? witness.pending : undefined
    const watched = watch?.wrote(key, isRemove ? 'remove' : 'set', isRemove ? undefined : given, promise !== undefined)
    if (isMap && isOther) witness.pending?.lost(id)
    if (promise === undefined) return
    this.unsettled++
    const over = (end: unknown) => {
      this.unsettled--
      const goesOn = end instanceof TimeoutError && end.pending
      watched?.(goesOn)
      // Given up: the write before it, if there is one on its way, is pending again.
      if (end instanceof SwimError && !goesOn) watch?.lost(id)
      const lie = lieOf(made, end)
      if (lie !== undefined) this.world.fail(`client ${this.index}, ${room.lane}: ${nameOf(made)} ${lie}`)
    }
    promise.then(over, over)
  }

  /** A write to all entries of a lane was made. */
  wroteAll(witness: Witness, body: string): void {
    const written = this.#written.get(witness) ?? []
    this.#written.set(witness, written)
    written.push({ lane: witness.room.lane, id: all, body })
    if (witness instanceof MapWitness) witness.pending?.swept()
  }

  #isHungUpOver({ lane, body }: Written): boolean {
    return this.world.isHungUpOver(lane, body) || this.wire.isSuspect(lane, body)
  }
}

/** In the place of a value: there is no such entry. */
export const gone: unique symbol = Symbol('gone')

/** In the place of a key: all of them. */
const all = Symbol()
