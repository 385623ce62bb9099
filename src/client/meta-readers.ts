// Floor 6. What `client.meta()` gives: readers of what a host reports about itself. Types only; meta.ts makes them.
import type { MapDownlink } from '../downlink/map/map-downlink.js'
import type { ValueDownlink } from '../downlink/value/value-downlink.js'

/** Options of `client.meta()`. */
export interface MetaOptions {
  /**
   * Which node URIs are used: `swim:meta:` of SwimOS Java and of the embedded host, or `swimos:meta:` of SwimOS Rust.
   * @default 'java'
   */
  readonly server?: 'java' | 'rust'
}

/** Readers of one host. Each call opens a downlink; close it when done. Hosts without such lanes answer `nodeNotFound`. */
export interface Meta {
  /** The hosts behind it, by URI; '' is the host itself. Not in SwimOS Rust. */
  hosts(): MapDownlink<string, MetaHost>
  /** Its nodes, by URI. */
  nodes(): MapDownlink<string, MetaNode>
  /** The lanes of a node, by URI. */
  lanes(nodeUri: string): MapDownlink<string, MetaLane>
  /** The links to a lane, by the host's key for each. Not in SwimOS Rust. */
  uplinks(nodeUri: string, laneUri: string): MapDownlink<string | number, MetaUplink>
  /** Figures of the host, of a node or, in SwimOS Rust only, of a lane. SwimOS Rust has none of the host. */
  pulse(nodeUri?: string, laneUri?: string): ValueDownlink<MetaPulse>
}

/** A host. */
export interface MetaHost {
  /** Its URI; '' for the host itself. */
  readonly hostUri: string
  /** Whether it can be reached. */
  readonly connected?: boolean
  /** Whether it is reached over TLS, as the host says. */
  readonly secure?: boolean
  /** How many nodes it has. */
  readonly nodeCount?: number
}

/** A node. */
export interface MetaNode {
  /** Its URI. */
  readonly nodeUri: string
  /** When it was created, in milliseconds since 1970. */
  readonly created?: number
}

/** A lane. */
export interface MetaLane {
  /** Its URI. */
  readonly laneUri: string
  /** Such as `map` or `value`; join lanes and demand map lanes are `map`. */
  readonly laneType: string
}

/** A link. */
export interface MetaUplink {
  /** The host's name for it. */
  readonly linkKey: string | number
  /** Whether its socket is open. */
  readonly connected?: boolean
  /** Whether its socket uses TLS, as the host says. */
  readonly secure?: boolean
}

/** Figures; hosts choose which they have. Rates are per second. */
export interface MetaPulse {
  /** How many nodes there are. */
  readonly nodeCount?: number
  /** Of agents: how many there are, and the time that they take, in nanoseconds. */
  readonly agents?: { readonly agentCount?: number; readonly execRate?: number; readonly execTime?: number | bigint }
  /** Of links: how many there are, and their events and commands. */
  readonly uplinks?: {
    readonly linkCount?: number
    readonly eventRate?: number
    readonly eventCount?: number | bigint
    readonly commandRate?: number
    readonly commandCount?: number | bigint
  }
  /** Of the machine: bytes of memory and disk, percent of processors. SwimOS Java alone. */
  readonly system?: { readonly [figure: string]: number | bigint }
}
