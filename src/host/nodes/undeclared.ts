// Floor 3'. Nodes and lanes that are there though nobody has declared them, as tests have them.

export interface Undeclared<Node> {
  /** Whether there is a node of this canonical path, for which no pattern is. */
  node(path: string): boolean
  /** Declares a lane by its canonical URI, or does not. */
  lane(node: Node, laneUri: string): void
}
