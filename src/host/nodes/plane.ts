// Floor 3'. A host without its port: nodes by definition, and the store of their lanes. Used behind sockets, and in memory by tests.
import { canonicalUri } from '../../base/address.js'
import type { Clock } from '../../base/clock.js'
import { callListener } from '../../base/events.js'
import { parse } from '../../recon/index.js'
import { memoryJournal, StoreJournal, type Journal } from '../keep/journal.js'
import type { LaneStore } from '../keep/store.js'
import type { Guard, Session } from '../lanes/access.js'
import type { Budget, LaneLimits } from '../lanes/budget.js'
import { refuse, type Judge, type LaneDoor, type Refuse, type RemoteLanes } from '../lanes/lane.js'
import type { HostNode } from './node.js'
import type { Undeclared } from './undeclared.js'
import { Nodes, type Account, type DefineNode, type Found, type NodeLimits } from './nodes.js'
import type { MakeMapUplink } from '../lanes/uplink.js'
import type { Access, NodeRights } from './rights.js'

/** Limits for what clients may create and fill. */
export type PlaneLimits = LaneLimits & NodeLimits & Pick<Budget, 'maxHostBytes'>

/** The parts that a plane is made of. */
export interface PlaneParts {
  readonly clock: Clock
  readonly store: LaneStore | undefined
  /** Limits for what clients may create and fill. */
  readonly limits: PlaneLimits
  /** Follows lanes of other hosts. */
  readonly remote: RemoteLanes
  /** Called for a node or lane that nobody has declared. @default such nodes and lanes do not exist */
  readonly undeclared?: Undeclared<HostNode> | undefined
  /** Makes the uplinks of map lanes. @default {@link MapUplink} */
  readonly mapUplink?: MakeMapUplink | undefined
  /** Decides on operations of clients for which lanes have no hooks. @default accepts all */
  readonly judge?: Judge | undefined
  /** Who may read the host's metadata; undefined: nobody. */
  readonly canReadMeta?: Guard | undefined
  /** Called with errors that handlers and definitions throw. */
  readonly onError: (error: unknown, where: string) => void
  /** The store failed: no later change is sent to clients. */
  storeFailed(error: unknown): void
}

export class Plane {
  readonly journal: Journal
  readonly #parts: PlaneParts
  readonly #nodes: Nodes
  readonly #budget: Budget

  constructor(parts: PlaneParts) {
    const { store, clock, remote, limits, onError } = parts
    const budget: Budget = { used: 0, maxHostBytes: limits.maxHostBytes }
    this.#parts = parts
    this.#budget = budget
    this.journal =
      store === undefined ? memoryJournal : new StoreJournal(store, clock, error => parts.storeFailed(error))
    this.#nodes = new Nodes(
      {
        isKept: store !== undefined,
        limits,
        budget,
        remote,
        undeclared: parts.undeclared,
        mapUplink: parts.mapUplink,
        judge: parts.judge,
        report: onError,
        record: (changes, publish) => this.journal.record(changes, publish),
        run: (where, handler) => callListener(onError, where, handler),
        ask: (where, hook) => this.#ask(where, hook),
        doorOf: (node, lane) => this.#doorOf(canonicalUri(node), canonicalUri(lane)),
      },
      limits,
      budget,
      onError,
      clock,
      parts.canReadMeta,
    )
  }

  /** @throws {ConfigError} for an invalid pattern, or one defined before */
  define(pattern: string, define: DefineNode, rights: NodeRights): void {
    this.#nodes.define(pattern, define, rights)
  }

  /** The number of nodes in use, and the bytes of their lanes. */
  get usage(): { readonly nodes: number; readonly bytes: number } {
    return { nodes: this.#nodes.size, bytes: this.#budget.used }
  }

  /** A node, created at its first use. @throws {ConfigError} where no pattern matches */
  ref(uri: string): HostNode {
    return this.#nodes.ref(uri)
  }

  /**
   * The node of a canonical path, for a client that wants to read or write; undefined if there is none, or its definition throws. The
   * caller has to `settle` the node afterwards.
   */
  visit(path: string, access: Access, session: Session, account: Account): Found {
    try {
      return this.#nodes.visit(path, access, session, account)
    } catch (error) {
      this.#parts.onError(error, `the definition of node ${path}`)
      return undefined
    }
  }

  /** Reads the store, if there is one. */
  async load(): Promise<void> {
    const { store, onError } = this.#parts
    if (store === undefined) return
    for await (const { node, lane, key, value } of store.load()) {
      const found = this.#nodes.of(node, false)
      found?.settle()
      const restore = found?.door(lane)?.restore
      // Entries of a lane that is no longer defined stay in the store, in case the lane is defined again.
      if (restore === undefined || value === undefined) continue
      try {
        restore(parse(key), parse(value))
      } catch (error) {
        onError(error, `the store's entry ${key} of ${node} ${lane}`)
      }
    }
  }

  /** Waits until everything recorded is stored, then closes the store. */
  async close(): Promise<void> {
    await this.journal.settle()
    await this.#parts.store?.close()
  }

  /** A lane that join lanes follow. */
  #doorOf(path: string, lane: string): LaneDoor | undefined {
    try {
      const node = this.#nodes.of(path, true)
      node?.see()
      node?.settle()
      return node?.door(lane)
    } catch (error) {
      this.#parts.onError(error, `the definition of node ${path}`)
      return undefined
    }
  }

  #ask<T>(where: string, hook: () => T): T | Refuse {
    try {
      return hook()
    } catch (error) {
      this.#parts.onError(error, where)
      return refuse
    }
  }
}
