// Floor 3'. The nodes of a host: found by URI, made on first use by the most specific pattern that is for them.
import { canonicalUri } from '../../base/address.js'
import { ConfigError, quote, say } from '../../base/errors.js'
import { HostNode, type NodeHost } from './node.js'
import { bySpecificity, match, readPattern, type Pattern } from './pattern.js'

/** Declares the lanes of a node that has just been made. */
export type DefineNode<Name extends string = string> = (node: HostNode<Name>) => void

export class Nodes {
  readonly #host: NodeHost
  readonly #maxNodes: number
  readonly #definitions: { readonly pattern: Pattern; readonly define: DefineNode }[] = []
  readonly #nodes = new Map<string, HostNode>()

  constructor(host: NodeHost, maxNodes: number) {
    this.#host = host
    this.#maxNodes = maxNodes
  }

  /** @throws {ConfigError} for a pattern that is none, or that was defined before */
  define(text: string, define: DefineNode): void {
    const pattern = readPattern(text)
    if (this.#definitions.some(({ pattern: { text: other } }) => other === text)) {
      throw new ConfigError('node', say`${quote(text)} is defined already`)
    }
    if (typeof define !== 'function')
      throw new ConfigError('node', 'give a function that declares the lanes of each node')
    this.#definitions.push({ pattern, define })
    this.#definitions.sort((a, b) => bySpecificity(a.pattern, b.pattern))
  }

  /** The node of a canonical path, made where it is not there yet. What its definition throws is thrown here. */
  of(path: string, isLimited: boolean): HostNode | undefined {
    const there = this.#nodes.get(path)
    if (there !== undefined) return there
    for (const { pattern, define } of this.#definitions) {
      const params = match(pattern, path)
      if (params === undefined) continue
      if (isLimited && this.#nodes.size >= this.#maxNodes) return undefined
      const node = new HostNode(this.#host, path, params)
      define(node)
      this.#nodes.set(path, node)
      return node
    }
    return undefined
  }

  /** @throws {ConfigError} where no pattern is for the URI */
  ref(uri: string): HostNode {
    const node = this.of(canonicalUri(uri), false)
    if (node === undefined) throw new ConfigError('node', say`no pattern is for ${quote(uri)}: define one by node()`)
    return node
  }
}
