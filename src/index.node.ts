// Floor 9. The public door in Node, where no page pays for what is loaded: lists and introspection are there without an import.
import './list.js'
import './meta.js'

export * from './index.js'
