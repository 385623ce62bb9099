// Floor 5. The model of a value lane, shared by all its downlinks: a replica with one entry, which may be missing.
import type { Reader, Value } from '../../recon/index.js'
import { gone, type Covered } from '../../store/replica.js'
import { Single } from '../../store/single.js'
import { kindOfBody } from '../../warp/map-op.js'
import { writeBody } from '../../warp/write-envelope.js'
import { LaneModel, type LaneObserver, type ModelOptions } from '../lane-model.js'
import type { WriteTo } from '../parts.js'

export class ValueModel extends LaneModel<undefined, LaneObserver<undefined>, Single<Value>> {
  readonly #reader: Reader

  constructor(kind: string, options: ModelOptions) {
    super(kind, options, false, new Single())
    this.#reader = options.reader
  }

  event(text: string, bodyAt: number): void {
    const { laneKind } = this.link
    if (laneKind !== 'value' && !this.isKind(laneKind ?? kindOfBody(text, bodyAt))) return
    if (this.hostSet(undefined, this.#reader.block(text, bodyAt) ?? gone)) this.doubt()
    this.said(undefined)
  }

  /** The entry that own writes cover; undefined without own writes. */
  get entry(): Covered<undefined, Value> | undefined {
    return this.covered(undefined)
  }

  /** Returns the command's body. @throws {OverflowError} and {ReconError}, both before anything has changed */
  set(value: Value, to: WriteTo): string {
    const body = writeBody(value)
    // A copy is kept, as the lane will have it.
    const own = typeof value === 'object' && value !== null ? this.#reader.block(body, 0) : value
    return this.write('value', undefined, own ?? gone, body, to)
  }
}
