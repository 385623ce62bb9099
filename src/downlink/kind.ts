// Floor 5. What a kind of downlink is: the options it has, which its builder has as steps, and what makes one of them.
import type { Row } from '../base/options.js'

/** One kind of downlink; client/kinds.ts lists those that every client has. */
export interface Kind<O = never> {
  /** What each option may be, and its default. All that must be functions are callbacks. */
  readonly options: { readonly [option: string]: Row }
  /** Is given checked options, with their defaults, and gives what makes the downlink of its parts. @throws {ConfigError} */
  readonly prepare: (options: O) => (parts: never) => unknown
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
