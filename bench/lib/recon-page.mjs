// What runs in the page of bench/recon.bench.mjs: one case, with the page's own timer.
import * as recon from '/recon.js'
import { codecsOf } from '../recon-cases.mjs'
import { compare } from './recon-turns.mjs'

export const run = name => compare(codecsOf(name, recon))
