// The worker that the clients of a world share, as they are pages of one device; pages that come, write and die; and the steps of those.
import fc from 'fast-check'
import { SwimClient } from '../../../src/index.js'
import { RelayDevice, type RelayedPage } from '../../support/relay-device.js'
import type { Setting } from './settings.js'
import { ofClient, step, type Step } from './step.js'
import { valueOf } from './values.js'
import { Wire } from './wire.js'
import type { World } from './world.js'

export class Relayed {
  readonly trunk: Wire
  readonly device: RelayDevice
  readonly visitors: { readonly page: RelayedPage; readonly client: SwimClient }[] = []
  #pages = 100

  constructor(world: World) {
    const { clock, host } = world
    this.trunk = new Wire(
      clock,
      peer => host.accept(peer),
      line => world.trace(`relay ${line}`),
    )
    this.device = new RelayDevice(clock, this.trunk.network.WebSocket)
  }

  /** A page opens a map, and writes to it. */
  visit(world: World, laneUri: string, key: unknown): void {
    const page = this.device.page(this.#pages++)
    const client = new SwimClient({
      hostUri: 'warp://host',
      clock: world.clock,
      webSocket: page.WebSocket,
      onError: () => {},
    })
    this.visitors.push({ page, client })
    client
      .downlinkMap({ nodeUri: '/unit/1', laneUri })
      .open()
      .set(key as never, valueOf(world.next()) as never)
  }

  /** The pages that have come die without a word. */
  killVisitors(): void {
    for (const { page, client } of this.visitors.splice(0)) {
      this.device.kill(page)
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
    fc.constant(step('the worker dies', ({ relay }) => relay?.device.restart())),
    fc
      .tuple(fc.constantFrom(...maps), fc.constantFrom(...keys))
      .map(([{ lane }, key]) =>
        step(`a page comes and writes to ${lane}`, world => world.relay?.visit(world, lane, key)),
      ),
    fc.constant(step('the pages that came die', ({ relay }) => relay?.killVisitors())),
  ]
}
