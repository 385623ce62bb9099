// Cloudflare's runtime. `/scenario` goes through the scenario within one request; all else is a durable object's, whose client
// and map live from one request to the next.
import { SwimClient, type MapDownlink } from 'swimlink'
import * as recon from 'swimlink/recon'
import * as codecs from 'swimlink/zod'
import * as zod from 'zod'
import type { Addresses } from '../world.js'
import { toJson } from './given.js'
import { scenario } from './scenario.js'

interface Env {
  readonly HUB: {
    idFromName(name: string): unknown
    get(id: unknown): { fetch(request: Request): Promise<Response> }
  }
}

// Outside of requests nothing may be opened, and nothing is.
const unused = new SwimClient()

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (new URL(request.url).pathname !== '/scenario') return env.HUB.get(env.HUB.idFromName('one')).fetch(request)
    const world = (await request.json()) as Addresses
    try {
      const seen = await scenario({ SwimClient, recon, zod: { package: zod, codecs } }, world)
      return new Response(toJson({ seen, unused: unused.constructor === SwimClient }))
    } catch (error) {
      return new Response((error as Error).stack, { status: 500 })
    }
  },
}

export class Hub {
  #close = async () => {}
  #rows: MapDownlink<string, recon.Value> | undefined
  readonly #told: unknown[] = []

  async fetch(request: Request): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case '/open': {
        const { hostUri } = (await request.json()) as Addresses
        const client = new SwimClient({ hostUri, nodeUri: '/n', reconnectMinMs: 50, reconnectMaxMs: 100 })
        this.#close = () => client.close()
        this.#rows = client
          .downlinkMap<string, recon.Value>({ laneUri: 'rows' })
          .didUpdate((key, value) => this.#told.push([key, value]))
          .didRemove(key => this.#told.push([key]))
          .open()
        await this.#rows.whenSynced({ timeoutMs: 5000 })
        break
      }
      case '/put':
        await this.#rows!.put('from a later request', 1)
        break
      case '/synced':
        await this.#rows!.whenSynced({ timeoutMs: 5000 })
        break
      case '/close':
        await this.#close()
    }
    return new Response(toJson({ state: this.#rows!.status.state, told: this.#told.splice(0) }))
  }
}
