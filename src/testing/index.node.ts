// Floor 10. The public door of `swimlink/testing` in Node, where clients have lists, metadata and inspection without an import.
import '../index.node.js'

export * from './index.js'
