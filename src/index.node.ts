// Floor 9. The public door in Node, where no page pays for what is loaded: lists, introspection and a look inside are there without an import.
import './inspect/index.js'
import './list.js'
import './meta.js'

export * from './index.js'
