// The tables of options have a row for each option that the types have, and no other; a client keeps in its type what it was
// given. Checked by the compiler alone (`npm run types`).
import { expectTypeOf } from 'vitest'
import type { kinds } from '../../src/client/kinds.js'
import type { listKind } from '../../src/downlink/list/list-kind.js'
import type { clientOptions } from '../../src/client/options.js'
import type { laneOptions } from '../../src/host/lanes/options.js'
import type { hostOptions } from '../../src/host/options.js'
import {
  SwimClient,
  type EventDownlinkOptions,
  type ListDownlinkOptions,
  type MapDownlinkOptions,
  type SwimClientOptions,
  type ValueDownlinkOptions,
} from '../../src/index.js'
import type {
  CommandLaneOptions,
  DemandLaneOptions,
  DemandMapLaneOptions,
  ListLaneOptions,
  JoinLaneOptions,
  JoinMapLaneOptions,
  LaneOptions,
  MapLaneOptions,
  ValueLaneOptions,
  WarpHostOptions,
} from '../../src/host/index.js'

type Lanes = typeof laneOptions
expectTypeOf<keyof typeof clientOptions>().toEqualTypeOf<keyof SwimClientOptions>()
expectTypeOf<keyof typeof kinds.downlinkMap.options>().toEqualTypeOf<keyof MapDownlinkOptions<string, number>>()
expectTypeOf<keyof typeof kinds.downlinkValue.options>().toEqualTypeOf<keyof ValueDownlinkOptions<number>>()
expectTypeOf<keyof typeof kinds.downlinkEvent.options>().toEqualTypeOf<keyof EventDownlinkOptions>()
expectTypeOf<keyof typeof listKind.options>().toEqualTypeOf<keyof ListDownlinkOptions<number>>()
expectTypeOf<keyof typeof hostOptions>().toEqualTypeOf<keyof WarpHostOptions>()
expectTypeOf<keyof Lanes['map']>().toEqualTypeOf<keyof MapLaneOptions<string, number>>()
expectTypeOf<keyof Lanes['value']>().toEqualTypeOf<keyof ValueLaneOptions<number>>()
expectTypeOf<keyof Lanes['command']>().toEqualTypeOf<keyof CommandLaneOptions<number>>()
expectTypeOf<keyof Lanes['supply']>().toEqualTypeOf<keyof LaneOptions>()
expectTypeOf<keyof Lanes['demand']>().toEqualTypeOf<keyof DemandLaneOptions<number>>()
expectTypeOf<keyof Lanes['demandMap']>().toEqualTypeOf<keyof DemandMapLaneOptions<string, number>>()
expectTypeOf<keyof Lanes['list']>().toEqualTypeOf<keyof ListLaneOptions<number>>()
expectTypeOf<keyof Lanes['joinValue']>().toEqualTypeOf<keyof JoinLaneOptions<string, number>>()
expectTypeOf<keyof Lanes['joinMap']>().toEqualTypeOf<keyof JoinMapLaneOptions<string, number>>()

const hostUri = 'warp://host'
const nodeUri = '/unit/1'
const laneUri = 'map'

// A client that is passed around keeps its default host, without a generic.
function open(client: SwimClient) {
  client.downlinkMap({ nodeUri, laneUri }).open()
  client.downlinkValue().nodeUri(nodeUri).laneUri(laneUri).open()
  // @ts-expect-error -- no node
  client.downlinkMap({ laneUri }).open()
}
open(new SwimClient({ hostUri }))
open(new SwimClient({ hostUri, nodeUri, heartbeatMs: 5 }))
open(new SwimClient())
const client: SwimClient = new SwimClient({ hostUri })
client.downlinkEvent({ nodeUri, laneUri }).open()
expectTypeOf(new SwimClient({ hostUri, heartbeatMs: 5 })).toEqualTypeOf<SwimClient<{ hostUri: string }>>()
class Fleet extends SwimClient {
  vehicles() {
    return this.downlinkMap<string, number>({ hostUri, nodeUri, laneUri }).open()
  }
}
new Fleet().vehicles().get('a')?.toFixed()

// An option misspelt beside one that is right, however it is given.
// @ts-expect-error -- no such option
new SwimClient({ hostUri, reconectMinMs: 5 })
// @ts-expect-error -- no such option
new SwimClient({ hostUri, nodeUri, relink: false })
// @ts-expect-error -- no such option
new SwimClient({ heartbeatMs: 5, relink: false })
// @ts-expect-error -- no such option
client.downlinkMap({ nodeUri, laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkMap<string, number>({ laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkValue<string>({ nodeUri, laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkEvent({ relinks: true, relink: false })
// @ts-expect-error -- no such option
client.hostRef(hostUri).nodeRef(nodeUri).laneRef(laneUri).downlinkMap({ relinks: true, relink: false })
// @ts-expect-error -- no such option
client.hostRef(hostUri).nodeRef(nodeUri).downlinkMap<string, number>({ laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkMap({ hostUri, nodeUri, laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkMap<string, number>({ hostUri, nodeUri, laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkValue({ hostUri, nodeUri, laneUri, relink: false })
// @ts-expect-error -- no such option
client.downlinkEvent({ hostUri, nodeUri, laneUri, relink: false })
