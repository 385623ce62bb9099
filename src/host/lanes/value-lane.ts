// Floor 3'. The value lane: one value that clients and code both set.
import { stringify, type Value } from '../../recon/index.js'
import type { Form, Schema } from '../../schema/schema.js'
import { formFor, unlessRefused } from './forms.js'
import { refuse, type Command, type LaneHost, type Refuse, type StatefulOptions } from './lane.js'
import { ValueUplink, type Uplink, type UplinkPort } from './uplink.js'
import { writeBody } from './write-body.js'

/** Options of a value lane. A handler runs at once after its change; what it throws is reported and undoes nothing. */
export interface ValueLaneOptions<V> extends StatefulOptions {
  /** What values are let in, and as what type: zod 4, or any Standard Schema. @see MapLaneOptions */
  readonly schema?: Schema<unknown, V>
  /** What the lane holds before it is set. @default undefined: a sync tells an empty value */
  readonly initial?: NoInfer<V>
  /** Asked before the value is set: gives the value to be set instead, `refuse`, or nothing to agree. */
  readonly willSet?: (newValue: V, oldValue: V | undefined) => V | Refuse | void
  readonly didSet?: (newValue: V, oldValue: V | undefined) => unknown
}

export class ValueLane<V = Value> {
  readonly kind = 'value'
  readonly #host: LaneHost
  readonly #options: ValueLaneOptions<V>
  readonly #form: Form<V>
  readonly #isKept: boolean
  readonly #uplinks = new Set<ValueUplink>()
  readonly #listeners = new Set<() => void>()
  #value: Value
  /** What links are told: with a store, a little later. */
  #told: { readonly value: Value; readonly body: string }

  constructor(host: LaneHost, options: ValueLaneOptions<V>, isKept: boolean) {
    this.#host = host
    this.#options = options
    this.#isKept = isKept
    this.#form = formFor('schema', options.schema)
    this.#value = options.initial === undefined ? undefined : this.#form.encode(options.initial, undefined)
    this.#told = { value: this.#value, body: writeBody(this.#value) }
    host.admit({
      kind: 'value',
      options,
      attach: port => this.#attach(port),
      detach: (uplink: Uplink) => void this.#uplinks.delete(uplink as ValueUplink),
      command: ({ text, bodyAt, reader }: Command) => {
        const value = reader.block(text, bodyAt)
        unlessRefused(
          () => this.set(this.#form.decode(value, undefined)),
          () => this.#host.record([], () => this.#tell()),
        )
      },
      peek: () => ({ value: this.#value }),
      restore: (_, value) => {
        this.#value = value
        this.#told = { value, body: writeBody(value) }
      },
      value: {
        told: () => this.#told.value,
        watch: listener => {
          this.#listeners.add(listener)
          return () => void this.#listeners.delete(listener)
        },
      },
    })
  }

  /** The value; undefined before it was set. */
  get(): V | undefined {
    return this.#value === undefined ? undefined : this.#form.decode(this.#value, undefined)
  }

  /**
   * Sets the value; an equal one counts as a change, as in SwimOS.
   * @throws {ReconError} when it has no Recon form
   * @throws {SchemaError} when the schema refuses it
   */
  set(value: V): void {
    const { willSet, didSet } = this.#options
    const old = willSet === undefined && didSet === undefined ? undefined : this.get()
    let wire = this.#form.encode(value, undefined)
    let set = value
    if (willSet !== undefined) {
      const wanted = this.#host.ask('willSet', () => {
        const given = willSet(value, old)
        // What the hook gives is its own fault, where it can't be written.
        if (given !== undefined && given !== refuse) writeBody((wire = this.#form.encode(given as V, undefined)))
        return given
      })
      if (wanted === refuse) return this.#host.record([], () => this.#tell())
      if (wanted !== undefined) set = wanted as V
    }
    const body = writeBody(wire)
    this.#value = wire
    const { nodeUri: node, laneUri: lane } = this.#host
    const changes = this.#isKept ? [{ node, lane, key: '', value: wire === undefined ? '' : stringify(wire) }] : []
    this.#host.record(changes, () => {
      this.#told = { value: wire, body }
      this.#tell()
    })
    if (didSet !== undefined) this.#host.run('didSet', () => didSet(set, old))
  }

  #tell(): void {
    for (const uplink of this.#uplinks) uplink.changed()
    for (const listener of this.#listeners) listener()
  }

  #attach(port: UplinkPort): ValueUplink {
    const uplink = new ValueUplink(() => this.#told.body, port)
    this.#uplinks.add(uplink)
    return uplink
  }
}
