// Floor 7. Writes the entries of a map as a text, with which the page of a server starts.
import { ConfigError } from '../base/errors.js'
import type { MapModel } from '../downlink/map/map-model.js'
import { port, type Port } from '../downlink/readable.js'
import type { DownlinkStatus } from '../downlink/status.js'
import type { Value } from '../recon/index.js'
import { gone } from '../store/replica.js'
import { writeUpdate, type MapOpReader } from '../warp/map-op.js'
import { readPage, writePage } from './rows.js'

/**
 * The entries of a map as text, as the lane has them: without own writes that have not ended. For the option `initial` of a map
 * downlink in a page. O(n). @throws {ConfigError} when `map` is not a map downlink
 * @example
 * await rooms.whenSynced()
 * const text = dehydrate(rooms) // goes into the page, for the option `initial`
 */
export function dehydrate(map: object): string {
  const model = ((map as Partial<{ [port]: Port<never, never> }> | undefined)?.[port]?.model ?? {}) as Partial<MapModel>
  if (model.shown === undefined) throw new ConfigError('map', 'must be a map downlink')
  const { status } = map as { readonly status: DownlinkStatus }
  const asOf = status.state === 'stale' && status.because === 'cached' ? status.asOf : new Date()
  const lines: string[] = []
  model.shown.forEach((value, id) => {
    const truth = model.covered!(id)?.truth ?? value
    if (truth !== gone) lines.push(writeUpdate(model.shown!.keyOf(id), truth))
  })
  return `${asOf.getTime()}\n${writePage(lines)}`
}

/** Reads a text that `dehydrate` wrote. @throws for any other text */
export function readInitial(text: string, ops: MapOpReader): { entries: [Value, Value][]; asOf: Date } {
  const [asOf] = text.split('\n', 1)
  const lines = readPage(text.slice(asOf!.length + 1))
  if (lines === undefined || !/^\d{1,15}$/.test(asOf!)) throw new RangeError('it is cut off')
  const entries = lines.map((line): [Value, Value] => {
    if (ops.demand(line, 0) !== 'update') throw new RangeError(line)
    return [ops.key, ops.value]
  })
  return { entries, asOf: new Date(Number(asOf)) }
}
