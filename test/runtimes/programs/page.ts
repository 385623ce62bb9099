// The scenario in a page or in a module worker, with the one file that script tags load; what was seen is the page's `told`.
import type * as Swimlink from 'swimlink'
import type * as Recon from 'swimlink/recon'
import type { Addresses } from '../world.js'
import { toJson } from './given.js'
import { scenario } from './scenario.js'

const { world } = JSON.parse(decodeURIComponent(location.hash.slice(1))) as { world: Addresses }
const from = '/node_modules/swimlink/dist'
const { SwimClient } = (await import(`${from}/swimlink.min.js`)) as typeof Swimlink
const recon = (await import(`${from}/browser/recon/index.js`)) as typeof Recon
const told = await scenario({ SwimClient, recon }, world).then(toJson, (error: Error) => `${error}\n${error.stack}`)
if (typeof document === 'object') Object.assign(globalThis, { told })
else postMessage(told)
