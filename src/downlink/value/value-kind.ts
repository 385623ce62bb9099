// Floor 5. Value downlinks, as clients list them.
import { formOf, type Schema } from '../../schema/schema.js'
import type { ValueCallbacks } from '../callbacks.js'
import { linkOptions, type Kind } from '../kind.js'
import type { DownlinkParts, Given } from '../parts.js'
import { ValueDownlink } from './value-downlink.js'
import { ValueModel } from './value-model.js'

const options = { ...linkOptions, schema: 'a schema', didSet: 'a function' } as const

export const valueKind = {
  options,
  prepare({ schema }) {
    const form = schema && formOf('schema', schema)
    return (parts: DownlinkParts, given: Given<ValueCallbacks<unknown>>) =>
      new ValueDownlink(
        parts,
        given,
        parts.link.sink('value', kind => new ValueModel(kind, parts)),
        form,
      )
  },
} satisfies Kind<{ readonly schema?: Schema }>
