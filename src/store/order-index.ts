// Floor 1. Keys in order, found by key or by position: a counted B+ tree. It holds only keys. A map makes one when its order is
// first needed.

/** Negative if `a` comes first, positive if `b` comes first, 0 if the keys are equal. */
export type Compare<K> = (a: K, b: K) => number

/** The most keys of a leaf, and the most children of a branch. At this width, a splice still costs less than one more level. */
const width = 128

interface Leaf<K> {
  count: number
  readonly keys: K[]
  readonly nodes: undefined
}

interface Branch<K> {
  count: number
  /** `keys[i]` is at or below every key of `nodes[i]`, and above every key of `nodes[i - 1]`. */
  readonly keys: K[]
  readonly nodes: Node<K>[]
}

type Node<K> = Leaf<K> | Branch<K>

const leaf = <K>(keys: K[]): Leaf<K> => ({ count: keys.length, keys, nodes: undefined })
const branch = <K>(nodes: Node<K>[]): Branch<K> => ({
  count: nodes.reduce((sum, node) => sum + node.count, 0),
  keys: nodes.map(node => node.keys[0]!),
  nodes,
})

/** Distinct keys in the order of `compare`. Every operation is O(log n); building is O(n). */
export class OrderIndex<K> {
  readonly #compare: Compare<K>
  #root: Node<K>

  /** @param sorted distinct keys in order; the array is not kept */
  constructor(compare: Compare<K>, sorted: readonly K[]) {
    this.#compare = compare
    // Leaves are left a quarter empty, so that the next few keys don't split them.
    const fill = (width * 3) / 4
    let level: Node<K>[] = []
    for (let i = 0; i < sorted.length; i += fill) level.push(leaf(sorted.slice(i, i + fill)))
    while (level.length > 1) {
      const above: Node<K>[] = []
      for (let i = 0; i < level.length; i += fill) above.push(branch(level.slice(i, i + fill)))
      level = above
    }
    this.#root = level[0] ?? leaf([])
  }

  get size(): number {
    return this.#root.count
  }

  /** Adds a key that is not there yet. */
  add(key: K): void {
    const right = this.#add(this.#root, key)
    if (right !== undefined) this.#root = branch([this.#root, right])
  }

  /** Removes a key, if it is there. */
  delete(key: K): void {
    this.#delete(this.#root, key)
    while (this.#root.nodes?.length === 1) this.#root = this.#root.nodes[0]!
  }

  /** How many keys come before `key`. */
  rank(key: K): number {
    let before = 0
    let node = this.#root
    while (node.nodes !== undefined) {
      const at = this.#child(node.keys, key)
      for (let i = 0; i < at; i++) before += node.nodes[i]!.count
      node = node.nodes[at]!
    }
    return before + this.#lowerBound(node.keys, key)
  }

  /** The key at a position, from 0 to `size - 1`. */
  at(position: number): K | undefined {
    const [keys, offset] = this.#leafAt(position)
    return keys[offset]
  }

  /** The run of keys, in order, that starts at a position: not always all keys up to the end. Runs are live: do not keep them. */
  run(position: number): readonly K[] {
    const [keys, offset] = this.#leafAt(position)
    return offset === 0 ? keys : keys.slice(offset)
  }

  #leafAt(position: number): [K[], number] {
    let node = this.#root
    while (node.nodes !== undefined) {
      let i = 0
      while (i < node.nodes.length - 1 && position >= node.nodes[i]!.count) position -= node.nodes[i++]!.count
      node = node.nodes[i]!
    }
    return [node.keys, position]
  }

  /** The first place whose key is not before `key`. */
  #lowerBound(keys: readonly K[], key: K): number {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(keys[middle]!, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The child that holds `key`, or would hold it. */
  #child(keys: readonly K[], key: K): number {
    const at = this.#lowerBound(keys, key)
    return at < keys.length && this.#compare(keys[at]!, key) === 0 ? at : Math.max(0, at - 1)
  }

  /** Adds a key below `node`. If `node` had to be split, returns the new right half. */
  #add(node: Node<K>, key: K): Node<K> | undefined {
    node.count++
    if (node.nodes === undefined) {
      node.keys.splice(this.#lowerBound(node.keys, key), 0, key)
    } else {
      const at = this.#child(node.keys, key)
      const right = this.#add(node.nodes[at]!, key)
      // A key before all others becomes the bound of the first child.
      if (at === 0) node.keys[0] = node.nodes[0]!.keys[0]!
      if (right !== undefined) {
        node.keys.splice(at + 1, 0, right.keys[0]!)
        node.nodes.splice(at + 1, 0, right)
      }
    }
    if (node.keys.length <= width) return undefined
    const half = width >>> 1
    const keys = node.keys.splice(half)
    const right = node.nodes === undefined ? leaf(keys) : branch(node.nodes.splice(half))
    node.count -= right.count
    return right
  }

  #delete(node: Node<K>, key: K): boolean {
    if (node.nodes === undefined) {
      const at = this.#lowerBound(node.keys, key)
      if (at === node.keys.length || this.#compare(node.keys[at]!, key) !== 0) return false
      node.keys.splice(at, 1)
      node.count--
      return true
    }
    const at = this.#child(node.keys, key)
    if (!this.#delete(node.nodes[at]!, key)) return false
    node.count--
    this.#mend(node, at)
    return true
  }

  /** Removes a child if it is empty. If the child is thin, joins it to its left neighbour. */
  #mend({ keys, nodes }: Branch<K>, at: number): void {
    const thin = nodes[at]!
    const left = nodes[at - 1]
    if (thin.count > 0) {
      if (left === undefined || left.keys.length + thin.keys.length > width >>> 1) return
      left.keys.push(...thin.keys)
      // Neighbours are on the same level.
      left.nodes?.push(...thin.nodes!)
      left.count += thin.count
    }
    keys.splice(at, 1)
    nodes.splice(at, 1)
  }
}
