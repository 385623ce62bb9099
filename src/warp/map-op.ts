// Floor 2. The operation on a map in the body of a map lane's event or command.
import { ProtocolError, say, type LaneKind } from '../base/errors.js'
import { stringify, type Reader, type Value } from '../recon/index.js'
import { numberOf } from './read-envelope.js'
import { writeBody } from './write-envelope.js'

/** @source docs/PROTOCOL.md#map-lanes */
export type MapOp = 'update' | 'remove' | 'clear' | 'drop' | 'take'

const isMapOp = (name: string): name is MapOp => /^(update|remove|clear|drop|take)$/.test(name)

/**
 * Reads bodies, and keeps key and value until the next body. An object for each body would be the largest part of a frame's garbage.
 */
export class MapOpReader {
  readonly #reader: Reader
  /** The key of an update or remove. */
  key: Value
  /** The value of an update; undefined if the body has none. */
  value: Value
  /** How many entries a drop or take is about. */
  count = 0

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /**
   * The operation. Undefined if the body is empty or does not begin with an attribute: no map lane sends such a body. `item` if the
   * operation has a position, as in list lanes.
   * @throws {ProtocolError} when the body is not an operation on a map
   * @throws {ReconError} when the body is not Recon
   */
  read(text: string, bodyAt: number): MapOp | 'item' | undefined {
    const reader = this.#reader
    // Nearly all frames are spelled so. Their key and value are read without making a record of the attribute.
    if (!reader.entry(text, bodyAt, '@update(key:')) return this.#readAny(text, bodyAt)
    this.key = reader.key
    this.value = reader.value
    return 'update'
  }

  /** As `read`, but throws also for a body without an operation on a map. */
  demand(text: string, bodyAt: number): MapOp {
    const op = this.read(text, bodyAt)
    if (op === undefined || op === 'item') throw new ProtocolError('no operation on a map', text)
    return op
  }

  #readAny(text: string, bodyAt: number): MapOp | 'item' | undefined {
    const head = this.#reader.head(text, bodyAt)
    if (head === undefined) return undefined
    const { name, value } = head
    if (isItemOp(text, bodyAt)) return 'item'
    if (!isMapOp(name)) throw new ProtocolError('no operation on a map', text)
    const { end } = this.#reader
    if (name === 'update' || name === 'remove') {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'key')) {
        throw new ProtocolError(say`@${name} without a key`, text)
      }
      this.key = (value as { readonly key: Value }).key
      this.value = name === 'update' ? this.#reader.block(text, end) : undefined
    } else {
      const count = Math.trunc(numberOf(value))
      this.count = Number.isFinite(count) ? count : 0
    }
    return name
  }
}

/** Whether a body, in the spelling of hosts, changes an item of a list. */
const isItemOp = (text: string, bodyAt: number): boolean =>
  /^@(update|remove)\(index:|^@move\(/.test(text.slice(bodyAt, bodyAt + 14))

/** The kind of a lane, guessed from the body of an event. A value lane has no reason to hold a change of an entry or item. */
export const kindOfBody = (text: string, bodyAt: number): LaneKind =>
  /^@(update|remove)\(key:/.test(text.slice(bodyAt, bodyAt + 14)) ? 'map' : isItemOp(text, bodyAt) ? 'list' : 'value'

export const writeUpdate = (key: Value, value: Value): string => `@update(key:${stringify(key)})${writeBody(value)}`

export const writeRemove = (key: Value): string => `@remove(key:${stringify(key)})`

export const clearBody = '@clear'

export const writeCut = (op: 'drop' | 'take', count: number): string => `@${op}(${count})`
