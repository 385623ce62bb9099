// Floor 1. The public entry of `swimlink/recon`: the Recon data language. Of the code below it, only the error is exported.
export { ReconError, SwimError, type ErrorCode, type ReconErrorWhere } from '../base/swim-error.js'
export { compare, equals } from './compare.js'
export { identity } from './identity.js'
export { Reader, parse, type Head, type ReadOptions } from './reader.js'
export { Attr, Record, Slot, type Item, type Value } from './value.js'
export { stringify, type WriteOptions } from './write.js'
