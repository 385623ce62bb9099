// Floor 6. What `client.meta()` gives: readers of what a host says of itself. Types alone; meta.ts makes them.
import type { MapDownlink } from '../downlink/map/map-downlink.js'
import type { ValueDownlink } from '../downlink/value/value-downlink.js'

/** How a host is asked of itself. */
export interface MetaOptions {
  /**
   * Whose names of nodes are used: `swim:meta:` of SwimOS Java and of the embedded host, or `swimos:meta:` of SwimOS Rust.
   * @default 'java'
   */
  readonly server?: 'java' | 'rust'
}

/** Readers of one host. Each call opens a downlink, which is to be closed. Hosts that say nothing of themselves answer `nodeNotFound`. */
export interface Meta {
  /** The hosts behind it, by URI; '' is the host itself. Not of SwimOS Rust. */
  hosts(): MapDownlink<string, MetaHost>
  /** Its nodes, by URI. */
  nodes(): MapDownlink<string, MetaNode>
  /** The lanes of a node, by URI. */
  lanes(nodeUri: string): MapDownlink<string, MetaLane>
  /** The links to a lane, by a key of the host's. Not of SwimOS Rust. */
  uplinks(nodeUri: string, laneUri: string): MapDownlink<string | number, MetaUplink>
  /** Figures of the host, of a node, or (SwimOS Rust alone) of a lane. SwimOS Rust has none of the host. */
  pulse(nodeUri?: string, laneUri?: string): ValueDownlink<MetaPulse>
}

/** A host. */
export interface MetaHost {
  /** Its URI; '' for the host that is asked. */
  readonly hostUri: string
  /** Whether it is in reach. */
  readonly connected?: boolean
  /** Whether it is reached by TLS, as the host says. */
  readonly secure?: boolean
  /** How many nodes it has. */
  readonly nodeCount?: number
}

/** A node. */
export interface MetaNode {
  /** Its URI. */
  readonly nodeUri: string
  /** When it was made, in milliseconds since 1970. */
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
  /** What the host calls it. */
  readonly linkKey: string | number
  /** Whether its socket is open. */
  readonly connected?: boolean
  /** Whether its socket is by TLS, as the host says. */
  readonly secure?: boolean
}

/** Figures: which there are is up to the host. Rates are by second. */
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
