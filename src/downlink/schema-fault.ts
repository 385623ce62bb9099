// Floor 5. What a schema threw, as an error of its own downlink.
import { messageOf, say, SwimError } from '../base/errors.js'

/** A SchemaError is reported as it is; what a schema's result does when it is compared, as the fault of a callback. */
export const schemaFault = (cause: unknown): SwimError =>
  cause instanceof SwimError
    ? cause
    : new SwimError('callback', say`what a schema made of a value threw: ${messageOf(cause)}`, { cause })
