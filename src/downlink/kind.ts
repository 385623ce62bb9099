// Floor 5. A kind of downlink: its options, which are also the steps of its builder, and how a downlink of the kind is made.
import type { Row } from '../base/options.js'

/** One kind of downlink; client/kinds.ts lists those that every client has. */
export interface Kind<O = never> {
  /** The allowed values and the default of each option. Options that must be functions are callbacks. */
  readonly options: { readonly [option: string]: Row }
  /** Takes checked options with defaults; returns a function that makes the downlink from its parts and what it begins with. @throws {ConfigError} */
  readonly prepare: (options: O) => (parts: never, given: never) => unknown
}

/** The options of all kinds. */
export const linkOptions = {
  hostUri: 'a string or a function',
  nodeUri: 'a string',
  laneUri: 'a string',
  prio: [0, -1, 1],
  rate: [0, 0, 1e9],
  body: 'any value',
  relinks: [true, false],
  syncs: [true, false],
  signal: 'an AbortSignal',
  didOpen: 'a function',
  didConnect: 'a function',
  willLink: 'a function',
  didLink: 'a function',
  willSync: 'a function',
  didSync: 'a function',
  willUnlink: 'a function',
  didUnlink: 'a function',
  didDisconnect: 'a function',
  didClose: 'a function',
  didFail: 'a function',
  onEvent: 'a function',
  onCommand: 'a function',
  didChangeStatus: 'a function',
} as const
