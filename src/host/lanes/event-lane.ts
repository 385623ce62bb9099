// Floor 3'. Lanes without a state: command lanes, which clients send to, and supply lanes, which code sends from.
import type { Value } from '../../recon/index.js'
import type { Form, Schema } from '../../schema/schema.js'
import type { Session } from './access.js'
import { formFor, unlessRefused } from './forms.js'
import type { Command, LaneDoor, LaneHost, LaneOptions } from './lane.js'
import { QueueUplink, ValueUplink, type Uplink } from './uplink.js'
import { writeBody } from './write-body.js'

/** The links of a lane that sends every event, in order. */
class Events {
  readonly #host: LaneHost
  readonly #uplinks = new Set<QueueUplink>()

  constructor(host: LaneHost) {
    this.#host = host
  }

  emit(body: string): void {
    this.#host.record([], () => {
      for (const uplink of this.#uplinks) uplink.push(body)
    })
  }

  admit(kind: 'command' | 'supply', options: LaneOptions, command: LaneDoor['command']): void {
    this.#host.admit({
      kind,
      options,
      attach: port => {
        const uplink = new QueueUplink(port)
        this.#uplinks.add(uplink)
        return uplink
      },
      detach: (uplink: Uplink) => void this.#uplinks.delete(uplink as QueueUplink),
      command,
      holds: () => 'nothing',
      peek: () => undefined,
    })
  }
}

/** Options of a command lane. */
export interface CommandLaneOptions<V> extends LaneOptions {
  /** Which commands are accepted, and as what type: zod 4, or any Standard Schema. Others are ignored. */
  readonly schema?: Schema<unknown, V>
  /** A command came, from a client or by `emit`, which has no session. All links receive it afterwards. */
  readonly onCommand?: (body: V, session: Session | undefined) => unknown
}

/**
 * A lane without state: a client sends a command, the handler runs, and all links receive the command.
 * @example
 * const cart = node.mapLane<string, number>('cart')
 * node.commandLane<string>('addItem', { onCommand: item => cart.set(item, (cart.get(item) ?? 0) + 1) })
 */
export class CommandLane<V = Value> {
  /** The kind of lane. */
  readonly kind = 'command'
  readonly #host: LaneHost
  readonly #options: CommandLaneOptions<V>
  readonly #form: Form<V>
  readonly #events: Events

  /** @internal */
  constructor(host: LaneHost, options: CommandLaneOptions<V>) {
    this.#form = formFor('schema', options.schema)
    this.#host = host
    this.#options = options
    this.#events = new Events(host)
    this.#events.admit('command', options, ({ text, bodyAt, reader, session }: Command) => {
      const body = reader.block(text, bodyAt)
      unlessRefused(
        () => this.#emit(this.#form.decode(body, undefined), session),
        () => {},
      )
    })
  }

  /**
   * Acts as a command of a client: runs the handler, then sends the body to all links.
   * @throws {ReconError} when the body has no Recon form
   * @throws {SchemaError} when the schema refuses it
   */
  emit(body: V): void {
    this.#emit(body, undefined)
  }

  #emit(body: V, session: Session | undefined): void {
    const { onCommand } = this.#options
    const text = writeBody(this.#form.encode(body, undefined))
    if (onCommand !== undefined) this.#host.run('onCommand', () => onCommand(body, session))
    this.#events.emit(text)
  }
}

/**
 * A lane that only code sends from. Commands of clients are ignored.
 * @example
 * const alarms = node.supplyLane<string>('alarms')
 * alarms.emit('the door of unit 1 is open')
 */
export class SupplyLane<V = Value> {
  /** The kind of lane. */
  readonly kind = 'supply'
  readonly #events: Events

  /** @internal */
  constructor(host: LaneHost, options: LaneOptions) {
    this.#events = new Events(host)
    this.#events.admit('supply', options, () => {})
  }

  /**
   * Sends an event to all links. Each event is sent, in order; a reader too slow for that loses its socket (`maxQueuedChars`).
   * @throws {ReconError} when the event has no Recon form
   */
  emit(event: V): void {
    this.#events.emit(writeBody(event as Value))
  }
}

/** Options of a demand lane. */
export interface DemandLaneOptions<V> extends LaneOptions {
  /** Makes the value for one link, at its sync and when cued. Undefined sends nothing. */
  readonly onCue: (session: Session) => V | undefined
}

/**
 * A lane whose value is made on demand.
 * @example
 * const load = node.demandLane('load', { onCue: () => process.cpuUsage().user })
 * load.cue()
 */
export class DemandLane<V = Value> {
  /** The kind of lane. */
  readonly kind = 'demand'
  readonly #host: LaneHost
  readonly #uplinks = new Set<ValueUplink>()

  /** @internal */
  constructor(host: LaneHost, options: DemandLaneOptions<V>) {
    this.#host = host
    host.admit({
      kind: 'demand',
      options,
      attach: port => {
        const uplink = new ValueUplink(() => this.#make(options, port.session), port)
        this.#uplinks.add(uplink)
        return uplink
      },
      detach: (uplink: Uplink) => void this.#uplinks.delete(uplink as ValueUplink),
      command: () => {},
      holds: () => 'nothing',
      peek: () => undefined,
    })
  }

  /** Makes a new value for every link, once its socket has room. */
  cue(): void {
    this.#host.record([], () => {
      for (const uplink of this.#uplinks) uplink.changed()
    })
  }

  #make({ onCue }: DemandLaneOptions<V>, session: Session): string | undefined {
    let body: string | undefined
    this.#host.run('onCue', () => {
      const value = onCue(session)
      if (value !== undefined) body = writeBody(value as Value)
    })
    return body
  }
}
