// The scenario in a runtime that has a command line. Arguments: the addresses as JSON, and `own` for the platform's own WebSocket.
import { SwimClient } from 'swimlink'
import * as recon from 'swimlink/recon'
import * as codecs from 'swimlink/zod'
import * as zod from 'zod'
import { given, say } from './given.js'
import { scenario } from './scenario.js'

const { world, options } = given()
const seen = await scenario({ SwimClient, recon, zod: { package: zod, codecs }, options }, world)
say({ entry: import.meta.resolve('swimlink'), seen })
