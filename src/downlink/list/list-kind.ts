// Floor 5. List downlinks: the row that swimlink/list adds to those of clients.
import { formOf, type Schema } from '../../schema/schema.js'
import { linkOptions, type Kind } from '../kind.js'
import type { DownlinkParts, Given } from '../parts.js'
import type { ListCallbacks } from './list-callbacks.js'
import { ListDownlink } from './list-downlink.js'
import { ListModel } from './list-model.js'

const options = {
  ...linkOptions,
  schema: 'a schema',
  didUpdate: 'a function',
  didMove: 'a function',
  didRemove: 'a function',
  didClear: 'a function',
  didDrop: 'a function',
  didTake: 'a function',
  didChange: 'a function',
} as const

export const listKind = {
  options,
  prepare({ schema }) {
    const form = schema && formOf('schema', schema)
    return (parts: DownlinkParts, given: Given<ListCallbacks<unknown>>) =>
      new ListDownlink(
        parts,
        given,
        parts.link.sink('list', kind => new ListModel(kind, parts)),
        form,
      )
  },
} satisfies Kind<{ readonly schema?: Schema }>
