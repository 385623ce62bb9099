// What must compile, and what must not: checked by the compiler alone (`npm run types`).
import { expectTypeOf } from 'vitest'
import * as z from 'zod'
import { SwimClient, type DownlinkOptions, type MapBuilder, type MapDownlink, type Value } from '../../src/index.js'

const client = new SwimClient()
const hostUri = 'warp://host'
const nodeUri = '/unit/1'
const laneUri = 'map'

// A downlink needs a host, a node and a lane, given in any order and by any of the ways.
client.downlinkMap().hostUri(hostUri).nodeUri(nodeUri).laneUri(laneUri).open()
client.downlinkMap().laneUri(laneUri).prio(1).nodeUri(nodeUri).hostUri(hostUri).open()
client.downlinkMap({ hostUri, nodeUri, laneUri }).open()
client.downlinkMap({ hostUri }).nodeUri(nodeUri).laneUri(laneUri).open()
client.downlinkValue({ hostUri, nodeUri, laneUri }).open()
client.downlinkEvent({ hostUri, nodeUri, laneUri }).open()
client.hostRef(hostUri).downlinkMap({ nodeUri, laneUri }).open()
client.hostRef(hostUri).nodeRef(nodeUri).downlinkValue().laneUri(laneUri).open()
client.hostRef(hostUri).nodeRef(nodeUri).laneRef(laneUri).downlinkEvent().open()
new SwimClient({ hostUri, nodeUri }).downlinkMap().laneUri(laneUri).open()
new SwimClient({ hostUri }).downlinkMap({ nodeUri, laneUri }).open()

// @ts-expect-error -- no host, no node, no lane
client.downlinkMap().open()
// @ts-expect-error -- no lane
client.downlinkMap().hostUri(hostUri).nodeUri(nodeUri).open()
// @ts-expect-error -- no node
client.downlinkMap().hostUri(hostUri).laneUri(laneUri).open()
// @ts-expect-error -- no host
client.downlinkMap().nodeUri(nodeUri).laneUri(laneUri).open()
// @ts-expect-error -- no lane, whatever else is said
client
  .downlinkMap()
  .hostUri(hostUri)
  .nodeUri(nodeUri)
  .prio(1)
  .relinks(false)
  .didSync(() => {})
  .open()
// @ts-expect-error -- no lane
client.downlinkMap({ hostUri, nodeUri }).open()
// @ts-expect-error -- no lane
client.downlinkValue({ hostUri, nodeUri }).open()
// @ts-expect-error -- no host
client.downlinkEvent({ nodeUri, laneUri }).open()
// @ts-expect-error -- no lane
client.hostRef(hostUri).nodeRef(nodeUri).downlinkMap().open()
// @ts-expect-error -- no node
client.hostRef(hostUri).downlinkMap().laneUri(laneUri).open()
// @ts-expect-error -- no lane
new SwimClient({ hostUri, nodeUri }).downlinkMap().open()
// @ts-expect-error -- a client that may have a host need not have one
new SwimClient({} as { hostUri?: string }).downlinkMap({ nodeUri, laneUri }).open()
// @ts-expect-error -- an option that may be undefined may be missing
client.downlinkMap({ hostUri: hostUri as string | undefined, nodeUri, laneUri }).open()
// @ts-expect-error -- options that may hold an address need not
client.downlinkMap({} as DownlinkOptions).open()

// What a step takes.
// @ts-expect-error -- a number
client.downlinkMap().prio('high')
// @ts-expect-error -- a text
client.downlinkMap().hostUri(new URL('http://host'))
// @ts-expect-error -- 'remove' or 'keep'
client.downlinkMap().emptyValues('drop')
// @ts-expect-error -- steps of maps are not those of values
client.downlinkValue().keySchema(z.string())
// @ts-expect-error -- nor of events
client.downlinkEvent().didSet(() => {})
// @ts-expect-error -- no such step
client.downlinkMap().didUpdated(() => {})
// @ts-expect-error -- no such option
client.downlinkMap({ hostUri, nodeUri, laneUri, valueShema: z.string() })
// @ts-expect-error -- no such option
new SwimClient({ reconectMinMs: 5 })
// @ts-expect-error -- milliseconds, as a number
new SwimClient({ idleTimeoutMs: '5s' })
// @ts-expect-error -- no function
client.downlinkMap({ didSync: 5 })
// @ts-expect-error -- a schema
client.downlinkMap().valueSchema(String)

// A builder of one kind is kept, and opened more than once.
const builder = client.downlinkMap<string, number>().hostUri(hostUri).nodeUri(nodeUri)
expectTypeOf(builder).toEqualTypeOf<MapBuilder<string, number, 'laneUri'>>()
expectTypeOf(builder.laneUri('a').open()).toEqualTypeOf<MapDownlink<string, number>>()
const kept: SwimClient = new SwimClient({ hostUri })
void kept.close()

// Types given by hand, where no schema gives them; without either, what Recon has.
expectTypeOf(client.downlinkMap<string, number>({ hostUri, nodeUri, laneUri }).open()).toEqualTypeOf<
  MapDownlink<string, number>
>()
expectTypeOf(client.downlinkMap({ hostUri, nodeUri, laneUri }).open()).toEqualTypeOf<MapDownlink<Value, Value>>()
expectTypeOf(client.downlinkValue({ hostUri, nodeUri, laneUri }).open().get()).toEqualTypeOf<Value>()
expectTypeOf(client.downlinkValue<number>({ hostUri, nodeUri, laneUri }).open().get()).toEqualTypeOf<
  number | undefined
>()

// Disposable.
async function dispose() {
  using map = builder.laneUri('a').open()
  await using other = new SwimClient()
  return [map.size, other]
}
void dispose
