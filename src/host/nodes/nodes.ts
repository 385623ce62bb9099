// Floor 3'. The nodes of a host: found by URI, created at first use by the most specific matching pattern, and released once they
// hold nothing and nobody uses them.
import { canonicalUri } from '../../base/address.js'
import { ConfigError, quote, say } from '../../base/errors.js'
import { readOptions } from '../../base/options.js'
import type { Clock } from '../../base/clock.js'
import type { Guard, Session } from '../lanes/access.js'
import type { Budget } from '../lanes/budget.js'
import { Meta } from './meta.js'
import { HostNode, type NodeHost } from './node.js'
import { bySpecificity, match, readPattern, type Params, type Pattern } from './pattern.js'
import { mayVisit, nodeRights, type Access, type NodeRights } from './rights.js'

/** Declares the lanes of a new node. */
export type DefineNode<Name extends string = string> = (node: HostNode<Name>) => void

/** Counts what one socket has created, or all plain HTTP requests together. */
export interface Account {
  /** The nodes in use. */
  nodes: number
}

/** The node of a URI; `refused` if the client may not have it. */
export type Found = HostNode | 'refused' | undefined

export interface NodeLimits {
  /** How many nodes clients may create: all together, and one of them. */
  readonly maxNodes: number
  readonly maxNodesPerAccount: number
}

interface Definition {
  /** Undefined for nodes with metadata. */
  readonly pattern?: Pattern
  readonly define: DefineNode
  readonly rights: NodeRights
}

/** The definition of a node whose lanes are declared when they are first requested. */
const bare: Definition = { define: () => {}, rights: {} }

interface Place {
  readonly node: HostNode
  /** Since when the node is in use, by the clock. */
  readonly sinceMs: number
  readonly maker: Account | undefined
}

export class Nodes {
  readonly #host: NodeHost
  readonly #limits: NodeLimits
  readonly #budget: Budget
  readonly #report: (error: unknown, where: string) => void
  readonly #definitions: (Definition & { readonly pattern: Pattern })[] = []
  readonly #clock: Clock
  readonly #meta: Meta | undefined
  /** Nodes in use: with links, or with a state. */
  readonly #used = new Map<string, Place>()
  /** Nodes held by references from code only. They are found while such a reference exists, and are then garbage-collected. */
  readonly #idle = new Map<string, WeakRef<HostNode>>()
  readonly #gone = new FinalizationRegistry<string>(path => {
    if (this.#idle.get(path)?.deref() === undefined) this.#idle.delete(path)
  })
  #isDefining = false
  /** Called when no definition is running any more. */
  readonly #later: (() => void)[] = []

  constructor(
    host: Omit<NodeHost, 'use' | 'letGo' | 'whenDefined' | 'meta'>,
    limits: NodeLimits,
    budget: Budget,
    report: (error: unknown, where: string) => void,
    clock: Clock,
    canReadMeta: Guard | undefined,
  ) {
    this.#clock = clock
    this.#meta = canReadMeta && new Meta({ clock, guard: canReadMeta, nodes: this.#used })
    this.#host = {
      ...host,
      meta: this.#meta,
      use: node => void this.#use(node, undefined),
      letGo: node => this.#letGo(node),
      whenDefined: run => this.#whenDefined(run),
    }
    this.#limits = limits
    this.#budget = budget
    this.#report = report
  }

  /** The number of nodes in use. */
  get size(): number {
    return this.#used.size
  }

  /** @throws {ConfigError} for an invalid pattern, one defined before, or invalid rights */
  define(text: string, define: DefineNode, rights: NodeRights): void {
    const pattern = readPattern(text)
    if (this.#definitions.some(({ pattern: { text: other } }) => other === text)) {
      throw new ConfigError('node', say`${quote(text)} is defined already`)
    }
    if (typeof define !== 'function')
      throw new ConfigError('node', 'must be a function that declares the lanes of each node')
    readOptions<NodeRights, typeof nodeRights>(nodeRights, rights)
    this.#definitions.push({ pattern, define, rights })
    this.#definitions.sort((a, b) => bySpecificity(a.pattern, b.pattern))
  }

  /**
   * The node of a canonical path, for a client that wants to read or write. The caller has to `settle` the node afterwards. Errors of
   * the definition are thrown here.
   */
  visit(path: string, access: Access, session: Session, account: Account): Found {
    const there = this.#used.get(path)?.node
    if (there !== undefined) return there
    const found = this.#definitionOf(path)
    if (found === undefined) return undefined
    const { definition, params } = found
    if (!mayVisit(definition.rights, access, session, params)) return 'refused'
    if (account.nodes >= this.#limits.maxNodesPerAccount) return undefined
    return this.#get(path, definition, params, true, account)
  }

  /**
   * The node of a canonical path, for code. The caller has to `settle` the node afterwards. Errors of the definition are thrown here.
   * @param isLimited whether the node counts as one that a client has created
   */
  of(path: string, isLimited: boolean): HostNode | undefined {
    const there = this.#used.get(path)?.node
    if (there !== undefined) return there
    const found = this.#definitionOf(path)
    return found && this.#get(path, found.definition, found.params, isLimited, undefined)
  }

  /** @throws {ConfigError} if no pattern matches the URI */
  ref(uri: string): HostNode {
    const node = this.of(canonicalUri(uri), false)
    if (node === undefined) throw new ConfigError('node', say`no pattern matches ${quote(uri)}: define one by node()`)
    node.see()
    node.settle()
    return node
  }

  #definitionOf(path: string): { definition: Definition; params: Params } | undefined {
    if (Meta.isMeta(path)) {
      const define = this.#meta?.definitionOf(path)
      return (
        define && { definition: { define, rights: { canRead: this.#meta!.guard, canWrite: () => false } }, params: {} }
      )
    }
    for (const definition of this.#definitions) {
      const params = match(definition.pattern, path)
      if (params !== undefined) return { definition, params }
    }
    return this.#host.undeclared?.node(path) === true ? { definition: bare, params: {} } : undefined
  }

  #get(
    path: string,
    definition: Definition,
    params: Params,
    isLimited: boolean,
    maker: Account | undefined,
  ): HostNode | undefined {
    if (isLimited && this.#used.size >= this.#limits.maxNodes) return undefined
    const idle = this.#idle.get(path)?.deref()
    if (idle === undefined) return this.#make(path, definition, params, maker)
    this.#use(idle, maker)
    return idle
  }

  #make(path: string, { define, rights }: Definition, params: Params, maker: Account | undefined): HostNode {
    const node = new HostNode(this.#host, path, params, rights)
    const isFirst = !this.#isDefining
    this.#isDefining = true
    // Added before it is defined, so that a definition that looks up its own node finds it.
    this.#use(node, maker)
    try {
      define(node)
      node.defined(true)
    } catch (error) {
      node.defined(false)
      this.#drop(node)
      throw error
    } finally {
      if (isFirst) this.#endDefining()
    }
    return node
  }

  /** Runs the functions that waited. They may create more nodes, which add more functions: these run one after another, not nested. */
  #endDefining(): void {
    // The list may grow during the loop.
    for (let i = 0; i < this.#later.length; i++) {
      try {
        this.#later[i]!()
      } catch (error) {
        this.#report(error, 'the definition of nodes')
      }
    }
    this.#later.length = 0
    this.#isDefining = false
  }

  #whenDefined(run: () => void): void {
    if (this.#isDefining) this.#later.push(run)
    else run()
  }

  #use(node: HostNode, maker: Account | undefined): void {
    if (this.#used.has(node.uri)) return
    this.#used.set(node.uri, { node, maker, sinceMs: this.#clock.now() })
    this.#meta?.changed(node.uri)
    node.isIdle = false
    this.#budget.used += node.bytes
    if (maker !== undefined) maker.nodes++
  }

  #drop(node: HostNode): void {
    const place = this.#used.get(node.uri)
    if (place?.node !== node) return
    this.#used.delete(node.uri)
    this.#budget.used -= node.bytes
    if (place.maker !== undefined) place.maker.nodes--
    this.#meta?.changed(node.uri)
  }

  #letGo(node: HostNode): void {
    this.#drop(node)
    node.isIdle = true
    if (this.#idle.get(node.uri)?.deref() === node) return
    this.#idle.set(node.uri, new WeakRef(node))
    this.#gone.register(node, node.uri)
  }
}
