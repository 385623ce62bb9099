// Floor 3'. Nodes and lanes that exist although nobody has declared them, for tests.

export interface Undeclared<Node> {
  /** Whether a node exists for a canonical path that no pattern matches. */
  node(path: string): boolean
  /** Declares a lane by its canonical URI, if it should exist. */
  lane(node: Node, laneUri: string): void
}
