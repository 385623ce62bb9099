// Floor 4. Whether what a host shows is what it was sent.
import { equals, type Value } from '../recon/index.js'
import { gone, type Gone } from '../store/replica.js'

/** What is left of a value whose outermost structure is lost: a list of one is its item, an empty one nothing. */
function collapse(value: Value): Value {
  if (Array.isArray(value)) return value.length > 1 ? value : collapse((value as Value[])[0])
  return equals(value, {}) ? undefined : value
}

/**
 * Compares as a SwimOS Java host makes it needful, which loses the outermost structure of some values.
 * @param keepsEmpty whether an entry without a value is an entry; else the host takes an empty value by showing none
 * @source docs/PROTOCOL.md#empty-values
 */
export const isEchoOf =
  (keepsEmpty: boolean) =>
  (sent: Value | Gone, came: Value | Gone): boolean => {
    if (came === gone) return sent === gone || (!keepsEmpty && collapse(sent) === undefined)
    return sent !== gone && (equals(sent, came) || equals(collapse(sent), collapse(came)))
  }
