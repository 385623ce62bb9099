// Floor 1. Reading a text with no reader in hand.
import { Reader, type ReadOptions } from './reader.js'
import { type Value } from './value.js'

// Reading calls no code but its own, so no call can find this one in use; what it keeps is bounded.
const shared = new Reader()

/**
 * Reads a text as a natural JavaScript value, without loss: `undefined` when it is empty.
 * @throws {ReconError} with offset, line and column. Linear in the length of the text.
 */
export const parse = (text: string, options?: ReadOptions): Value =>
  (options ? new Reader(options) : shared).block(text)
