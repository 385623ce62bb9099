// Floor 3'. A host's metadata, in nodes as SwimOS Java has them: `swim:meta:host`, `swim:meta:node/…` and others. Names of nodes and
// lanes are escaped in the URIs of these nodes.
import { canonicalUri } from '../../base/address.js'
import { dateOf, type Clock } from '../../base/clock.js'
import type { Value } from '../../recon/index.js'
import type { Guard } from '../lanes/access.js'
import type { DemandMapLane } from '../lanes/demand-map-lane.js'
import type { DemandLane } from '../lanes/event-lane.js'
import type { LaneKind } from '../lanes/lane.js'
import type { Uplink } from '../lanes/uplink.js'

/** A node, as far as metadata shows it. */
export interface MetaSubject {
  lanes(): Iterable<readonly [laneUri: string, kind: LaneKind]>
  /** The number of links to its lanes. */
  readonly links: number
}

/** The part of a node that declares lanes for metadata. */
export interface MetaNode {
  demandLane<V>(uri: string, options: { onCue: () => V | undefined }): DemandLane<V>
  demandMapLane<K, V>(
    uri: string,
    options: { onSync: () => Iterable<K>; onCue: (key: K) => V | undefined },
  ): DemandMapLane<K, V>
}

export interface MetaParts {
  readonly clock: Clock
  /** Who may read the metadata. */
  readonly guard: Guard
  /** The nodes in use by URI, and since when, by the clock. */
  readonly nodes: ReadonlyMap<string, { readonly node: MetaSubject; readonly sinceMs: number }>
}

const prefix = 'swim:meta:'
/** How often figures are sent to links, in milliseconds. */
const pulseMs = 1000

/** The name of a kind of lane in SwimOS Java. */
const kindOf = (kind: LaneKind): string => (kind === 'demandMap' || kind.startsWith('join') ? 'map' : kind)

/** The links of one lane by key, and the lane that shows them. */
interface Links {
  readonly keys: Map<Uplink, number>
  lane: WeakRef<DemandMapLane<number, Value>> | undefined
}

export class Meta {
  readonly #parts: MetaParts
  readonly #nodeLanes = new Map<string, DemandMapLane<string, Value>>()
  readonly #links = new Map<string, Links>()
  #linkCount = 0
  #nextKey = 1

  constructor(parts: MetaParts) {
    this.#parts = parts
  }

  static isMeta(path: string): boolean {
    return path.startsWith(prefix)
  }

  get guard(): Guard {
    return this.#parts.guard
  }

  /** A function that declares the lanes of a meta node; undefined if there is no such node. */
  definitionOf(path: string): ((node: MetaNode) => void) | undefined {
    const [kind, ...names] = path.slice(prefix.length).split('/')
    const [nodeUri, part, laneUri] = names.map(name => canonicalUri(decode(name)))
    if (nodeUri === undefined) {
      if (kind === 'host' || kind === 'mesh') return node => this.#defineHost(kind, node)
      return kind === 'part' ? node => this.#definePart(node) : undefined
    }
    const subject = kind === 'node' && !Meta.isMeta(nodeUri) ? this.#parts.nodes.get(nodeUri)?.node : undefined
    if (subject === undefined || names.length > 3) return undefined
    if (part === undefined) return node => this.#defineNode(node, subject)
    const isThere = part === 'lane' && [...subject.lanes()].some(([uri]) => uri === laneUri)
    return isThere ? node => this.#defineLane(node, `${nodeUri} ${laneUri}`) : undefined
  }

  /** A node is used from now on, or no longer. */
  changed(nodeUri: string): void {
    if (!Meta.isMeta(nodeUri)) for (const lane of this.#nodeLanes.values()) lane.cue(nodeUri)
  }

  /** A link to a lane was made, or has ended. */
  linked(nodeUri: string, laneUri: string, uplink: Uplink, isMade: boolean): void {
    if (Meta.isMeta(nodeUri)) return
    const address = `${nodeUri} ${laneUri}`
    const links = this.#linksOf(address)
    const key = links.keys.get(uplink) ?? this.#nextKey++
    if (isMade) links.keys.set(uplink, key)
    else links.keys.delete(uplink)
    this.#linkCount += isMade ? 1 : -1
    const lane = links.lane?.deref()
    lane?.cue(key)
    if (lane === undefined && links.keys.size === 0) this.#links.delete(address)
  }

  #linksOf(address: string): Links {
    const links = this.#links.get(address) ?? { keys: new Map<Uplink, number>(), lane: undefined }
    this.#links.set(address, links)
    return links
  }

  #nodeUris(): string[] {
    return [...this.#parts.nodes.keys()].filter(uri => !Meta.isMeta(uri))
  }

  #defineHost(kind: string, node: MetaNode): void {
    const { nodes, clock } = this.#parts
    const lane = node.demandMapLane<string, Value>('nodes', {
      onSync: () => this.#nodeUris(),
      onCue: nodeUri => {
        const place = nodes.get(nodeUri)
        return place && { nodeUri, created: dateOf(clock, place.sinceMs).getTime() }
      },
    })
    this.#nodeLanes.set(kind, lane)
    this.#pulse(node, () => {
      const count = this.#nodeUris().length
      return { nodeCount: count, agents: { agentCount: count }, uplinks: { linkCount: this.#linkCount } }
    })
  }

  #definePart(node: MetaNode): void {
    node.demandMapLane<string, Value>('hosts', {
      onSync: () => [''],
      onCue: hostUri => (hostUri === '' ? { hostUri, connected: true, nodeCount: this.#nodeUris().length } : undefined),
    })
  }

  #defineNode(node: MetaNode, subject: MetaSubject): void {
    node.demandMapLane<string, Value>('lanes', {
      onSync: () => [...subject.lanes()].map(([uri]) => uri),
      onCue: laneUri => {
        const [, kind] = [...subject.lanes()].find(([uri]) => uri === laneUri) ?? []
        return kind && { laneUri, laneType: kindOf(kind) }
      },
    })
    this.#pulse(node, () => ({ agents: { agentCount: 1 }, uplinks: { linkCount: subject.links } }))
  }

  #defineLane(node: MetaNode, address: string): void {
    const keys = () => this.#links.get(address)?.keys.values() ?? []
    const lane = node.demandMapLane<number, Value>('uplinks', {
      onSync: keys,
      onCue: linkKey => ([...keys()].includes(linkKey) ? { linkKey, connected: true } : undefined),
    })
    this.#linksOf(address).lane = new WeakRef(lane)
  }

  /** Sends figures once a second while there are links. */
  #pulse(node: MetaNode, make: () => Value): void {
    let isDue = false
    const lane = node.demandLane<Value>('pulse', {
      onCue: () => {
        if (!isDue) {
          this.#parts.clock.timer(() => {
            isDue = false
            lane.cue()
          }, pulseMs)
        }
        isDue = true
        return make()
      },
    })
  }
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    // An escape that is not UTF-8 stays as it is.
    return name
  }
}
