// Floor 5. A value lane, as all downlinks to it share it: a replica with one entry, which may be missing.
import type { Reader, Value } from '../../recon/index.js'
import type { Link } from '../../link/link.js'
import { gone, type Gone } from '../../store/replica.js'
import { writeBody } from '../../warp/write-envelope.js'
import { LaneModel, type LaneObserver } from '../lane-model.js'
import type { WriteTo } from '../parts.js'

export class ValueModel extends LaneModel<undefined, LaneObserver<undefined>> {
  readonly #reader: Reader

  constructor(kind: string, link: Link, reader: Reader) {
    super(kind, link, false)
    this.#reader = reader
  }

  /** What the lane holds, own writes laid over. */
  get value(): Value | Gone {
    const { shown } = this.replica
    return shown.has(undefined) ? shown.get(undefined) : gone
  }

  event(text: string, bodyAt: number): void {
    if (this.replica.hostSet(undefined, this.#reader.block(text, bodyAt) ?? gone)) this.doubt()
  }

  /** Returns the command's body. @throws {OverflowError} and {ReconError}, both before anything has changed */
  set(value: Value, to: WriteTo): string {
    return this.write('value', undefined, value ?? gone, writeBody(value), to)
  }
}
