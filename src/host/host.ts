// Floor 3'. The host: nodes and lanes by definition, a store for their states, and the port that clients connect to.
import { systemClock } from '../base/clock.js'
import { ClosedError, ConfigError } from '../base/errors.js'
import type { HostNode } from './nodes/node.js'
import type { DefineNode } from './nodes/nodes.js'
import type { ParamNames } from './nodes/pattern.js'
import { Plane } from './nodes/plane.js'
import type { NodeRights } from './nodes/rights.js'
import { readSettings, type Settings, type WarpHostOptions } from './options.js'
import { remoteLanes, type ClosableLanes } from './remote.js'
import type { ListeningAt } from './server/addresses.js'
import { HostServer } from './server/server.js'

/**
 * An embedded WARP host, for demos, tests and small tools. Nothing can reach it before `listen()`.
 * @example
 * await using host = new WarpHost({ port: 9001 })
 * host.node('/unit/:id', node => {
 *   node.mapLane<string, number>('cart', { didUpdate: (item, count) => console.log(node.params.id, item, count) })
 * })
 * const { uri } = await host.listen()
 */
export class WarpHost implements AsyncDisposable {
  readonly #settings: Settings
  readonly #plane: Plane
  readonly #remote: ClosableLanes
  readonly #server: HostServer
  #state: 'new' | 'listening' | 'closed' = 'new'
  #closing: Promise<void> | undefined

  /** A host that does not listen yet. @throws {ConfigError} for an invalid option */
  constructor(options: WarpHostOptions = {}) {
    const settings = readSettings(options)
    const { store, onError } = settings
    // Without authentication, everybody may read all lanes, and so the metadata, too.
    const canReadMeta = settings.canReadMeta ?? (options.authenticate === undefined ? () => true : undefined)
    const clock = systemClock
    this.#settings = settings
    this.#remote = remoteLanes(error => onError(error, 'a lane of another host'))
    const storeFailed = (error: unknown) => this.#storeFailed(error)
    const limits = { ...settings, maxNodesPerAccount: settings.maxNodesPerSocket }
    this.#plane = new Plane({ clock, store, limits, remote: this.#remote, canReadMeta, onError, storeFailed })
    this.#server = new HostServer(settings, clock, this.#plane)
  }

  /**
   * Defines the nodes of a pattern such as `/unit/:id`. `define` is called at the first use of each node, and declares its lanes. A
   * node without links, state and references from code is released; its next use calls `define` again. Where several patterns match
   * a URI, the most specific one wins.
   * @param rights who may create such nodes
   * @throws {ConfigError} for an invalid pattern, or one defined before
   * @example
   * host.node('/unit/:id', node => {
   *   node.valueLane<string>('status', { initial: node.params.id })
   * })
   */
  node<P extends string>(pattern: P, define: DefineNode<ParamNames<P>>, rights: NodeRights<ParamNames<P>> = {}): this {
    this.#plane.define(pattern, define as DefineNode, rights as NodeRights)
    return this
  }

  /**
   * A node of this host, created at its first use.
   * @throws {ConfigError} where no pattern matches, or the host has a store that `listen()` has not read yet
   * @example
   * host.nodeRef('/unit/1').lane('cart', 'map').set('apple', 3)
   */
  nodeRef(uri: string): HostNode {
    if (this.#settings.store !== undefined && this.#state === 'new') {
      throw new ConfigError('store', 'is not read yet: await listen() before nodeRef()')
    }
    return this.#plane.ref(uri)
  }

  /** Open sockets and links, nodes in use, and the bytes of their lanes, counted as for `maxLaneBytes`. */
  get load(): { readonly sockets: number; readonly links: number; readonly nodes: number; readonly bytes: number } {
    let links = 0
    for (const peer of this.#server.peers) links += peer.linkCount
    return { sockets: this.#server.peers.size, links, ...this.#plane.usage }
  }

  /**
   * Reads the store, where there is one, and listens.
   * @throws {ClosedError} when it listens already or was closed; errors of the port and the store are thrown as they are
   */
  async listen(): Promise<ListeningAt> {
    if (this.#state !== 'new') throw new ClosedError('a host listens once: make a new WarpHost')
    this.#state = 'listening'
    await this.#plane.load()
    if (this.#isClosed()) throw new ClosedError('the host was closed while it read its store')
    return this.#server.listen()
  }

  /** Closes every socket with 1001, then the port and, once all writes are stored, the store. Safe to call twice. */
  async close(): Promise<void> {
    this.#state = 'closed'
    await (this.#closing ??= this.#close())
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    await Promise.all([this.#server.close(), this.#remote.close()])
    await this.#plane.close()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #storeFailed(error: unknown): void {
    this.#settings.onError(error, 'the store')
    this.#server.closeSockets(1011, 'the store failed')
  }
}
