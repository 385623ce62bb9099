// The package as CommonJS modules have it.
import { createRequire } from 'node:module'
import type * as Swimlink from 'swimlink'
import type * as Recon from 'swimlink/recon'

const require = createRequire(import.meta.url)
const { SwimClient } = require('swimlink') as typeof Swimlink
const { stringify } = require('swimlink/recon') as typeof Recon
console.log(typeof SwimClient, stringify([1, 2]))
