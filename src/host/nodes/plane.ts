// Floor 3'. A host without its port: nodes by definition, and what keeps their lanes. Behind sockets and in memory alike.
import { canonicalUri } from '../../base/address.js'
import type { Clock } from '../../base/clock.js'
import { callListener } from '../../base/events.js'
import { parse } from '../../recon/index.js'
import { memoryJournal, StoreJournal, type Journal } from '../keep/journal.js'
import type { LaneStore } from '../keep/store.js'
import { refuse, type Refuse, type RemoteLanes } from '../lanes/lane.js'
import type { HostNode } from './node.js'
import { Nodes, type DefineNode } from './nodes.js'

/** What a plane is made of. */
export interface PlaneParts {
  readonly clock: Clock
  readonly store: LaneStore | undefined
  /** How many nodes clients may have made, and how many entries they may fill a map with. */
  readonly maxNodes: number
  readonly maxEntries: number
  /** Follows lanes of other hosts. */
  readonly remote: RemoteLanes
  /** Told of what handlers and definitions throw. */
  readonly onError: (error: unknown, where: string) => void
  /** The store could not keep something: nothing that comes after it is told to clients. */
  storeFailed(error: unknown): void
}

export class Plane {
  readonly journal: Journal
  readonly #parts: PlaneParts
  readonly #nodes: Nodes

  constructor(parts: PlaneParts) {
    const { store, clock, remote, maxNodes, maxEntries } = parts
    this.#parts = parts
    this.journal =
      store === undefined ? memoryJournal : new StoreJournal(store, clock, error => parts.storeFailed(error))
    this.#nodes = new Nodes(
      {
        isKept: store !== undefined,
        maxEntries,
        remote,
        record: (changes, tell) => this.journal.record(changes, tell),
        run: (where, handler) => callListener(parts.onError, where, handler),
        ask: (where, hook) => this.#ask(where, hook),
        doorOf: (node, lane) => this.nodeOf(canonicalUri(node))?.door(canonicalUri(lane)),
      },
      maxNodes,
    )
  }

  /** @throws {ConfigError} for a pattern that is none, or that was defined before */
  define(pattern: string, define: DefineNode): void {
    this.#nodes.define(pattern, define)
  }

  /** A node, made where it is not there yet. @throws {ConfigError} where no pattern is for it */
  ref(uri: string): HostNode {
    return this.#nodes.ref(uri)
  }

  /** The node of a canonical path, as clients find it: undefined where there is none, or its definition throws. */
  nodeOf(path: string): HostNode | undefined {
    try {
      return this.#nodes.of(path, true)
    } catch (error) {
      this.#parts.onError(error, `the definition of node ${path}`)
      return undefined
    }
  }

  /** Reads the store, where there is one. */
  async load(): Promise<void> {
    const { store, onError } = this.#parts
    if (store === undefined) return
    for await (const { node, lane, key, value } of store.load()) {
      const restore = this.#nodes.of(node, false)?.door(lane)?.restore
      // A lane that is not defined any more stays in the store, for the day it is again.
      if (restore === undefined || value === undefined) continue
      try {
        restore(parse(key), parse(value))
      } catch (error) {
        onError(error, `the store's entry ${key} of ${node} ${lane}`)
      }
    }
  }

  /** Waits until all that was recorded is kept, and closes the store. */
  async close(): Promise<void> {
    await this.journal.settle()
    await this.#parts.store?.close()
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
