// Floor 5. Map downlinks, as clients list them.
import { formOf, type Schema } from '../../schema/schema.js'
import type { MapCallbacks } from '../callbacks.js'
import { linkOptions, type Kind } from '../kind.js'
import type { DownlinkParts, Given } from '../parts.js'
import type { MapBeginning } from './map-cache.js'
import { MapDownlink } from './map-downlink.js'
import { MapModel } from './map-model.js'
import type { EmptyValues } from './map-writer.js'

interface MapOptions extends MapBeginning {
  readonly keySchema?: Schema
  readonly valueSchema?: Schema
  readonly emptyValues: EmptyValues
}

const options = {
  ...linkOptions,
  keySchema: 'a schema',
  valueSchema: 'a schema',
  emptyValues: ['remove', 'keep'],
  cache: 'a boolean or an object',
  initial: 'a string',
  didUpdate: 'a function',
  didRemove: 'a function',
  didClear: 'a function',
  didDrop: 'a function',
  didTake: 'a function',
  didChange: 'a function',
} as const

export const mapKind = {
  options,
  prepare(options) {
    const { emptyValues, keySchema, valueSchema } = options
    const key = keySchema && formOf('keySchema', keySchema)
    const value = valueSchema && formOf('valueSchema', valueSchema)
    return (parts: DownlinkParts, given: Given<MapCallbacks<unknown, unknown>>) => {
      const model = parts.link.sink(`map ${emptyValues}`, kind => new MapModel(kind, parts, emptyValues === 'keep'))
      if ((options.cache || options.initial) !== undefined) parts.cache().opened(parts.link, model, options)
      return new MapDownlink(parts, given, model, { key, value }, emptyValues)
    }
  },
} satisfies Kind<MapOptions>
