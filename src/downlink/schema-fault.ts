// Floor 5. What a schema threw, as an error of its own downlink.
import { messageOf, say, SwimError } from '../base/errors.js'

/** A SchemaError is reported as it is; an error of comparing a schema's results, as the fault of a callback. */
export const schemaFault = (cause: unknown): SwimError =>
  cause instanceof SwimError
    ? cause
    : new SwimError('callback', say`comparing a schema's result threw: ${messageOf(cause)}`, { cause })
