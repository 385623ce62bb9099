// Floor 3'. The host: nodes and lanes by definition, what keeps them, and the port by which clients come.
import { canonicalUri } from '../base/address.js'
import { ClosedError, ConfigError } from '../base/errors.js'
import { callListener } from '../base/events.js'
import { parse } from '../recon/index.js'
import { memoryJournal, StoreJournal, type Journal } from './keep/journal.js'
import { refuse, type Refuse } from './lanes/lane.js'
import type { HostNode } from './nodes/node.js'
import type { ParamNames } from './nodes/pattern.js'
import { Nodes, type DefineNode } from './nodes/nodes.js'
import { readSettings, type Settings, type WarpHostOptions } from './options.js'
import { remoteLanes, type ClosableLanes } from './remote.js'
import { HostServer, type ListeningAt } from './server/server.js'

/**
 * An embedded WARP host, for demos, tests and small tools. It reaches nothing and is reached by nobody before `listen()`.
 * @throws {ConfigError} for an option that can't work
 */
export class WarpHost implements AsyncDisposable {
  readonly #settings: Settings
  readonly #nodes: Nodes
  readonly #journal: Journal
  readonly #remote: ClosableLanes
  readonly #server: HostServer
  #state: 'new' | 'listening' | 'closed' = 'new'
  #closing: Promise<void> | undefined

  constructor(options: WarpHostOptions = {}) {
    const settings = readSettings(options)
    const { store, onError } = settings
    this.#settings = settings
    this.#journal = store === undefined ? memoryJournal : new StoreJournal(store, error => this.#storeFailed(error))
    this.#remote = remoteLanes(error => onError(error, 'a lane of another host'))
    this.#nodes = new Nodes(
      {
        isKept: store !== undefined,
        maxEntries: settings.maxEntriesPerLane,
        remote: this.#remote,
        record: (changes, tell) => this.#journal.record(changes, tell),
        run: (where, handler) => this.#run(where, handler),
        ask: (where, hook) => this.#ask(where, hook),
        doorOf: (node, lane) => this.#nodeOf(canonicalUri(node))?.door(canonicalUri(lane)),
      },
      settings.maxNodes,
    )
    this.#server = new HostServer(settings, {
      journal: this.#journal,
      report: onError,
      nodeOf: path => this.#nodeOf(path),
    })
  }

  /**
   * Defines the nodes of a pattern such as `/unit/:id`. `define` is called for each of them on its first use, and declares its
   * lanes. Where several patterns are for a URI, the one that spells out more of it is taken.
   * @throws {ConfigError} for a pattern that is none, or that was defined before
   */
  node<P extends string>(pattern: P, define: DefineNode<ParamNames<P>>): this {
    this.#nodes.define(pattern, define as DefineNode)
    return this
  }

  /**
   * A node of this host, made where it is not there yet.
   * @throws {ConfigError} where no pattern is for it, or where the host has a store that `listen()` has not read yet
   */
  nodeRef(uri: string): HostNode {
    if (this.#settings.store !== undefined && this.#state === 'new') {
      throw new ConfigError('store', 'nodes are there once the store is read: await listen() first')
    }
    return this.#nodes.ref(uri)
  }

  /** How many sockets and links are open. */
  get load(): { readonly sockets: number; readonly links: number } {
    let links = 0
    for (const socket of this.#server.sockets) links += socket.linkCount
    return { sockets: this.#server.sockets.size, links }
  }

  /**
   * Reads the store, where there is one, and listens.
   * @throws {ClosedError} when it listens already or was closed; what the port or the store fails at is thrown as it comes
   */
  async listen(): Promise<ListeningAt> {
    if (this.#state !== 'new') throw new ClosedError('a host listens once: make a new WarpHost')
    this.#state = 'listening'
    await this.#load()
    if (this.#isClosed()) throw new ClosedError('the host was closed while it read its store')
    return this.#server.listen()
  }

  /** Closes every socket with 1001, then the port and the store, all that was recorded being kept. Safe to call twice. */
  async close(): Promise<void> {
    this.#state = 'closed'
    await (this.#closing ??= this.#close())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    await Promise.all([this.#server.close(), this.#remote.close()])
    await this.#journal.settle()
    await this.#settings.store?.close()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  async #load(): Promise<void> {
    const { store, onError } = this.#settings
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

  #nodeOf(path: string): HostNode | undefined {
    try {
      return this.#nodes.of(path, true)
    } catch (error) {
      this.#settings.onError(error, `the definition of node ${path}`)
      return undefined
    }
  }

  #run(where: string, handler: () => unknown): void {
    callListener(this.#settings.onError, where, handler)
  }

  #ask<T>(where: string, hook: () => T): T | Refuse {
    try {
      return hook()
    } catch (error) {
      this.#settings.onError(error, where)
      return refuse
    }
  }

  #storeFailed(error: unknown): void {
    this.#settings.onError(error, 'the store')
    this.#server.closeSockets(1011, 'the store failed')
  }
}
