// The worker that the clients of a world share, as they are pages of one device; pages that come, write and die; and the steps of those.
import fc from 'fast-check'
import { SwimClient } from '../../../src/index.js'
import { RelayDevice } from '../../support/relay-device.js'
import type { Setting } from './settings.js'
import { ofClient, step, type Step } from './step.js'
import { valueOf } from './values.js'
import { Wire } from './wire.js'
import type { World } from './world.js'

/** A worker, and its socket. */
interface Version {
  readonly trunk: Wire
  readonly device: RelayDevice
}

export class Relayed {
  /** One for each version of the application that is open: each has a worker of its own. */
  readonly #versions: readonly Version[]
  readonly #visitors: { readonly kill: () => void; readonly client: SwimClient }[] = []
  #pages = 100

  constructor(world: World, versions: number) {
    const { clock, host } = world
    this.#versions = Array.from({ length: versions }, (_, i) => {
      const trunk = new Wire(
        clock,
        peer => host.accept(peer),
        line => world.trace(`relay ${i} ${line}`),
      )
      return { trunk, device: new RelayDevice(clock, trunk.network.WebSocket) }
    })
  }

  /** That of a page. */
  of(page: number): Version {
    return this.#versions[page % this.#versions.length]!
  }

  /** The workers die. */
  restart(): void {
    for (const { device } of this.#versions) device.restart()
  }

  /** A page opens a map, and writes to it. */
  visit(world: World, laneUri: string, key: unknown): void {
    const index = this.#pages++
    const { device } = this.of(index)
    const page = device.page(index)
    const client = new SwimClient({
      hostUri: 'warp://host',
      clock: world.clock,
      webSocket: page.WebSocket,
      onError: () => {},
    })
    this.#visitors.push({ kill: () => device.kill(page), client })
    client
      .downlinkMap({ nodeUri: '/unit/1', laneUri })
      .open()
      .set(key as never, valueOf(world.next()) as never)
  }

  /** The pages that have come die without a word. */
  killVisitors(): void {
    for (const { kill, client } of this.#visitors.splice(0)) {
      kill()
      void client.close()
    }
  }
}

export function relaySteps({ rooms, keys }: Setting, who: fc.Arbitrary<number>): fc.Arbitrary<Step>[] {
  const maps = rooms.filter(({ kind }) => kind !== 'value')
  return [
    who.map(i =>
      ofClient('its page freezes or thaws', i, ({ page }) => {
        if (page === undefined) return
        if (page.isFrozen) page.thaw()
        else page.isFrozen = true
      }),
    ),
    fc.constant(step('the worker dies', ({ relay }) => relay?.restart())),
    fc
      .tuple(fc.constantFrom(...maps), fc.constantFrom(...keys))
      .map(([{ lane }, key]) =>
        step(`a page comes and writes to ${lane}`, world => world.relay?.visit(world, lane, key)),
      ),
    fc.constant(step('the pages that came die', ({ relay }) => relay?.killVisitors())),
  ]
}
