// The scenario in a page with an import map: the modules that bundlers are given, and zod.
import { SwimClient } from 'swimlink'
import * as recon from 'swimlink/recon'
import * as codecs from 'swimlink/zod'
import * as zod from 'zod'
import type { Addresses } from '../world.js'
import { toJson } from './given.js'
import { scenario } from './scenario.js'

const { world } = JSON.parse(decodeURIComponent(location.hash.slice(1))) as { world: Addresses }
const seen = scenario({ SwimClient, recon, zod: { package: zod, codecs } }, world)
const told = await seen.then(toJson, (error: Error) => `${error}\n${error.stack}`)
Object.assign(globalThis, { told })
