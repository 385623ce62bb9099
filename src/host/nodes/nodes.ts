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

/** Declares the lanes of a node that has just been made. */
export type DefineNode<Name extends string = string> = (node: HostNode<Name>) => void

/** What was made for one socket, or for all plain requests together. */
export interface Account {
  /** Nodes that are in use. */
  nodes: number
}

/** What a URI leads to; `refused` where a client may not have such a node. */
export type Found = HostNode | 'refused' | undefined

export interface NodeLimits {
  /** Nodes that clients may have made: all together, and one of them. */
  readonly maxNodes: number
  readonly maxNodesPerAccount: number
}

interface Definition {
  /** None of those that tell of the host itself. */
  readonly pattern?: Pattern
  readonly define: DefineNode
  readonly rights: NodeRights
}

/** Of a node whose lanes are declared as they are asked for. */
const bare: Definition = { define: () => {}, rights: {} }

interface Place {
  readonly node: HostNode
  /** Since when it is in use, by the clock. */
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
  /** Nodes in use: those linked to, or with something in them. */
  readonly #used = new Map<string, Place>()
  /** Nodes that only code may still hold. While it does, they are found; when it does not, they are garbage. */
  readonly #idle = new Map<string, WeakRef<HostNode>>()
  readonly #gone = new FinalizationRegistry<string>(path => {
    if (this.#idle.get(path)?.deref() === undefined) this.#idle.delete(path)
  })
  #isDefining = false
  /** What waits for the definitions under way. */
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

  /** How many are in use. */
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
      throw new ConfigError('node', 'give a function that declares the lanes of each node')
    readOptions<NodeRights, typeof nodeRights>(nodeRights, rights)
    this.#definitions.push({ pattern, define, rights })
    this.#definitions.sort((a, b) => bySpecificity(a.pattern, b.pattern))
  }

  /**
   * The node of a canonical path, for a client that wants to read or write. Who asks for one is to `settle` it afterwards. What
   * its definition throws is thrown here.
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
   * The node of a canonical path, for code, which is to `settle` it afterwards. What its definition throws is thrown here.
   * @param isLimited whether it counts as one that a client has had made
   */
  of(path: string, isLimited: boolean): HostNode | undefined {
    const there = this.#used.get(path)?.node
    if (there !== undefined) return there
    const found = this.#definitionOf(path)
    return found && this.#get(path, found.definition, found.params, isLimited, undefined)
  }

  /** @throws {ConfigError} where no pattern matches the URI */
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
    // It is there before it is defined, so that a definition that comes back to its own node finds it.
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

  /** What waits may have more nodes made, whose definitions may wait for more: one after the other, not one within the other. */
  #endDefining(): void {
    // The list grows meanwhile.
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
