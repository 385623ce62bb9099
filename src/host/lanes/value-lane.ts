// Floor 3'. The value lane: one value that clients and code both set.
import type { Value } from '../../recon/index.js'
import type { Form, Schema } from '../../schema/schema.js'
import { formFor, unlessRefused } from './forms.js'
import { bodyOf, bytesOf, hold, keptOf, valueOf, type Held } from './held.js'
import { refuse, type Command, type LaneHost, type Refuse, type StatefulOptions } from './lane.js'
import { ValueUplink, type Uplink, type UplinkPort } from './uplink.js'
import { writeBody } from './write-body.js'

/** Options of a value lane. A handler runs directly after its change; its errors are reported and undo nothing. */
export interface ValueLaneOptions<V> extends StatefulOptions {
  /** Which values are accepted, and as what type: zod 4, or any Standard Schema. @see MapLaneOptions */
  readonly schema?: Schema<unknown, V>
  /** The value before the lane is first set. @default undefined: a sync sends an empty value */
  readonly initial?: NoInfer<V>
  /** Called before the value is set. Returns undefined to accept, another value to set instead, or `refuse`. */
  readonly willSet?: (newValue: V, oldValue: V | undefined) => V | Refuse | void
  /** The value was set, by a client or by code. Errors go to `onError` and undo nothing. */
  readonly didSet?: (newValue: V, oldValue: V | undefined) => unknown
}

/**
 * One value, which clients and code set.
 * @example
 * const light = node.valueLane<string>('light', { initial: 'off', didSet: value => console.log(value) })
 * light.set('on')
 */
export class ValueLane<V = Value> {
  /** The kind of lane. */
  readonly kind = 'value'
  readonly #host: LaneHost
  readonly #options: ValueLaneOptions<V>
  readonly #form: Form<V>
  readonly #isKept: boolean
  readonly #uplinks = new Set<ValueUplink>()
  readonly #listeners = new Set<() => void>()
  /** Undefined until the first set, unless there is an initial value. */
  #held: Held
  /** Whether the value was set, even to nothing. */
  #isSet = false
  /** The value as links see it. With a store, it changes a little later. */
  #published: { readonly held: Held; readonly body: string }

  /** @internal */
  constructor(host: LaneHost, options: ValueLaneOptions<V>, isKept: boolean) {
    this.#host = host
    this.#options = options
    this.#isKept = isKept
    this.#form = formFor('schema', options.schema)
    this.#held = hold(options.initial === undefined ? undefined : this.#form.encode(options.initial, undefined), false)
    this.#published = { held: this.#held, body: bodyOf(this.#held) }
    host.admit({
      kind: 'value',
      options,
      attach: port => this.#attach(port),
      detach: (uplink: Uplink) => void this.#uplinks.delete(uplink as ValueUplink),
      command: ({ text, bodyAt, reader }: Command) => {
        const value = reader.block(text, bodyAt)
        unlessRefused(
          () => this.#set(this.#form.decode(value, undefined), { value }),
          () => this.#host.record([], () => this.#publish()),
        )
      },
      holds: () => (this.#isSet ? 'state' : 'nothing'),
      peek: () => ({ value: valueOf(this.#held) }),
      restore: (_, value) => {
        this.#hold(hold(value, true))
        this.#published = { held: this.#held, body: bodyOf(this.#held) }
      },
      value: {
        published: () => this.#published.held,
        watch: listener => {
          this.#listeners.add(listener)
          return () => void this.#listeners.delete(listener)
        },
      },
    })
  }

  /** The value; undefined before it was set. */
  get(): V | undefined {
    const value = valueOf(this.#held)
    return value === undefined ? undefined : this.#form.decode(value, undefined)
  }

  /**
   * Sets the value; an equal one counts as a change, as in SwimOS.
   * @throws {ReconError} when it has no Recon form
   * @throws {SchemaError} when the schema refuses it
   */
  set(value: V): void {
    this.#set(value)
  }

  /** @param sent the value that a client has sent, to which limits apply */
  #set(value: V, sent?: { readonly value: Value }): void {
    const { willSet, didSet } = this.#options
    const old = willSet === undefined && didSet === undefined ? undefined : this.get()
    let wire = this.#form.encode(value, undefined)
    let set = value
    if (willSet !== undefined) {
      const wanted = this.#host.ask('willSet', () => {
        const given = willSet(value, old)
        // If the hook's value can't be written, the hook is at fault.
        if (given !== undefined && given !== refuse) writeBody((wire = this.#form.encode(given as V, undefined)))
        return given
      })
      if (wanted === refuse) return this.#host.record([], () => this.#publish())
      if (wanted !== undefined) set = wanted as V
    }
    const held = hold(wire, sent !== undefined && sent.value === wire)
    const limit = sent && this.#limitOf(held)
    if (limit !== undefined) {
      this.#host.full(limit)
      return this.#host.record([], () => this.#publish())
    }
    this.#hold(held)
    const { nodeUri: node, laneUri: lane } = this.#host
    const changes = this.#isKept ? [{ node, lane, key: '', value: keptOf(held) }] : []
    this.#host.record(changes, () => {
      this.#published = { held, body: bodyOf(held) }
      this.#publish()
    })
    if (didSet !== undefined) this.#host.run('didSet', () => didSet(set, old))
  }

  #limitOf(held: Held): 'maxLaneBytes' | 'maxHostBytes' | undefined {
    const { limits, budget } = this.#host
    const bytes = bytesOf('', held)
    if (bytes > limits.maxLaneBytes) return 'maxLaneBytes'
    return budget.used + bytes - this.#bytes() > budget.maxHostBytes ? 'maxHostBytes' : undefined
  }

  #hold(held: Held): void {
    const was = this.#bytes()
    this.#held = held
    this.#isSet = true
    this.#host.grew(this.#bytes() - was)
  }

  #bytes(): number {
    return this.#isSet ? bytesOf('', this.#held) : 0
  }

  #publish(): void {
    for (const uplink of this.#uplinks) uplink.changed()
    for (const listener of this.#listeners) listener()
  }

  #attach(port: UplinkPort): ValueUplink {
    const uplink = new ValueUplink(() => this.#published.body, port)
    this.#uplinks.add(uplink)
    return uplink
  }
}
