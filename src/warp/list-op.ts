// Floor 2. The operation on a list in the body of a list lane's event or command.
import { ProtocolError, say } from '../base/errors.js'
import { stringify, type Reader, type Value } from '../recon/index.js'
import type { ListOp } from '../store/keyed-list.js'
import { numberOf } from './read-envelope.js'
import { writeBody } from './write-envelope.js'

const isListOp = (name: string): name is ListOp<Value>['type'] => /^(update|move|remove|drop|take|clear)$/.test(name)

const whole = (value: Value, missing: number): number => {
  const number = Math.trunc(numberOf(value))
  return Number.isFinite(number) ? number : missing
}

/**
 * The operation. Undefined if the body is empty or does not begin with an attribute: no list lane sends such a body. `map` if it is
 * an operation of a map lane, which has a key and no position.
 * @throws {ProtocolError} when the body is not an operation on a list
 * @throws {ReconError} when the body is not Recon
 * @source docs/PROTOCOL.md#list-lanes
 */
export function readListOp(text: string, bodyAt: number, reader: Reader): ListOp<Value> | 'map' | undefined {
  const head = reader.head(text, bodyAt)
  if (head === undefined) return undefined
  const { name: type, value: params } = head
  if (!isListOp(type)) throw new ProtocolError('no operation on a list', text)
  if (type === 'clear') return { type }
  if (type === 'drop' || type === 'take') return { type, count: whole(params, 0) }
  const slots = (typeof params === 'object' && params !== null ? params : {}) as { readonly [name: string]: Value }
  const slot = (name: string) => (Object.hasOwn(slots, name) ? slots[name] : undefined)
  const key = slot('key')
  const id = key === undefined || key === null ? undefined : stringify(key)
  const index = whole(slot(type === 'move' ? 'from' : 'index') ?? -1, -1)
  if (index < 0) {
    if (type !== 'move' && id !== undefined) return 'map'
    throw new ProtocolError(say`@${type} without a position`, text)
  }
  if (type === 'remove') return { type, index, id }
  if (type === 'move') return { type, index, id, to: whole(slot('to') ?? -1, -1) }
  return { type, index, id, value: reader.block(text, reader.end) }
}

/** The body for an operation. Its value is written as a body, or by `write`. @throws {ReconError} when the value has no Recon form */
export function writeListOp(op: ListOp<Value>, write: (value: Value) => string = writeBody): string {
  switch (op.type) {
    case 'update':
      return `@update(index:${op.index},key:${op.id ?? ''})${write(op.value)}`
    case 'move':
      return `@move(from:${op.index},to:${op.to},key:${op.id ?? ''})`
    case 'remove':
      return `@remove(index:${op.index},key:${op.id ?? ''})`
    case 'clear':
      return '@clear'
    default:
      return `@${op.type}(${op.count})`
  }
}
