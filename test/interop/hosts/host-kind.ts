// Interop support. The hosts that one suite of scenarios runs on, and what differs between them: data, in one table. Each
// difference has a paragraph of its name in docs/INTEROP.md, with the frames that show it.
import { startEmbeddedHost } from './embedded-host.js'
import { javaHostMissing, startJavaHost } from './java-host.js'
import type { RealHost } from './host-process.js'
import { startRustHost } from './rust-host.js'

/** What differs between hosts as far as a client can see it; the names are those of docs/INTEROP.md. */
export interface Differences {
  /** What becomes of `@drop` and `@take`: they are applied, or the agent ends and its lanes are empty. */
  readonly 'drop and take': 'applied' | 'the agent ends'
  /** What becomes of `@clear` of a joined lane: its entries leave the join map lane, or stay there. */
  readonly 'clear of a joined lane': 'propagates' | 'stays'
  /** Whether an entry can hold the empty record. */
  readonly 'empty values': 'carried' | 'lost'
  /** Whether an entry can hold a record of one item, or holds the item alone. */
  readonly 'records of one item': 'carried' | 'unwrapped'
  /** Whether `@sync` of a command lane is answered. */
  readonly 'sync of a command lane': 'answered' | 'not answered'
  /** Whether `@auth` is answered. */
  readonly authentication: 'answered' | 'not answered'
  /** Whether a text that reads as a boolean comes back as a text. */
  readonly 'texts true and false': 'carried' | 'booleans'
  /** Whether the links of an agent that ends are unlinked, and what the next agent holds; or none ends. */
  readonly 'end of an agent': 'told, entries lost' | 'not told, entries kept' | 'none ends'
  /** What becomes of an agent that hears nothing for long. */
  readonly 'idle agents': 'stop' | 'stay'
  /** What becomes of a lane that is to remove a key it does not have: nothing, or it answers nobody any more. */
  readonly 'remove of an absent key': 'ignored' | 'silences the lane'
  /** What becomes of a value that the lane's type does not fit. */
  readonly 'values of another type': 'stored' | 'dropped'
}

export interface HostKind {
  readonly name: 'SwimOS Rust' | 'SwimOS Java' | 'swimlink/host'
  /** The subprotocols that a bare socket must offer. */
  readonly protocols: readonly string[]
  readonly differences: Differences
  /** Why it can't be had here, in one line; undefined where it can. Throws where a tool is missing that could be installed. */
  missing(): Promise<string | undefined>
  start(options?: HostOptions): Promise<RealHost>
}

export interface HostOptions {
  /** An agent that hears nothing for so long stops, where the host has such a time. */
  readonly inactiveMs?: number
}

const here = (): Promise<undefined> => Promise.resolve(undefined)

export const rust: HostKind = {
  name: 'SwimOS Rust',
  protocols: ['warp0'],
  differences: {
    'drop and take': 'the agent ends',
    'clear of a joined lane': 'propagates',
    'empty values': 'carried',
    'records of one item': 'carried',
    'sync of a command lane': 'not answered',
    authentication: 'not answered',
    'texts true and false': 'carried',
    'end of an agent': 'told, entries lost',
    'idle agents': 'stop',
    'remove of an absent key': 'silences the lane',
    'values of another type': 'dropped',
  },
  missing: here,
  start: ({ inactiveMs = 600_000 } = {}) => startRustHost({ inactiveMs }),
}

export const java: HostKind = {
  name: 'SwimOS Java',
  protocols: [],
  differences: {
    'drop and take': 'applied',
    'clear of a joined lane': 'stays',
    'empty values': 'lost',
    'records of one item': 'unwrapped',
    'sync of a command lane': 'answered',
    authentication: 'answered',
    'texts true and false': 'booleans',
    'end of an agent': 'not told, entries kept',
    'idle agents': 'stay',
    'remove of an absent key': 'ignored',
    'values of another type': 'stored',
  },
  missing: javaHostMissing,
  start: () => startJavaHost(),
}

export const embedded: HostKind = {
  name: 'swimlink/host',
  protocols: [],
  differences: {
    ...java.differences,
    'records of one item': 'carried',
    'texts true and false': 'carried',
    'end of an agent': 'none ends',
  },
  missing: here,
  start: () => startEmbeddedHost(),
}
