// Floor 1. The public door of `swimlink/recon`: the Recon data language, and nothing it depends on but its error.
export { ReconError, SwimError, type ErrorCode, type ReconErrorWhere } from '../base/swim-error.js'
export { compare, equals } from './compare.js'
export { identity } from './identity.js'
export { Reader, parse, type Head, type ReadOptions } from './reader.js'
export { Attr, Record, Slot, type Item, type Value } from './value.js'
export { stringify, type WriteOptions } from './write.js'
