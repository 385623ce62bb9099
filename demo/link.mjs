// Links to a map lane of any host, prints its changes as they come, and makes one write that comes back:
//   node demo/link.mjs warp://HOST:PORT NODE LANE [--key KEY --value VALUE]
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.mjs'
import {
  ChangePrinter,
  bold,
  describeStatus,
  dim,
  endOnSignal,
  fail,
  say,
  show,
  tellTrouble,
  tellWrite,
} from './terminal.mjs'

endOnSignal()
const { address, write } = readArguments()
const [hostUri, nodeUri, laneUri] = address
ensureBuilt()
const { SwimClient } = await import('swimlink')
const { parse } = await import('swimlink/recon')

console.log(`\n  ${bold(hostUri)}  ${nodeUri}  ${laneUri}\n`)
const changes = new ChangePrinter()
const client = new SwimClient()
tellTrouble(client)

try {
  // The code of the README, but for its schemas: this lane may hold anything.
  const map = client
    .downlinkMap()
    .hostUri(hostUri)
    .nodeUri(nodeUri)
    .laneUri(laneUri)
    .didUpdate((key, newValue, oldValue) => map.synced && changes.updated(key, newValue, oldValue))
    .didRemove(key => changes.removed(key))
    .didChangeStatus(status => say(describeStatus(status)))
    .open()

  await map.whenSynced()
  for (const [key, value] of [...map].slice(0, 12)) say(`${bold(show(key).padEnd(12))} ${show(value)}`)
  if (map.size > 12) say(dim(`and ${map.size - 12} more`))

  const { key, value } = write ? { key: parse(write.key), value: parse(write.value) } : likeTheOthers(map)
  await tellWrite(map, key, value)
} catch (error) {
  // Each of the client's errors says what failed, where, and what to do.
  fail(error)
}

/** A new entry of the lane's own kind, so that a host with typed lanes takes it: its value is one that is there already. */
function likeTheOthers(map) {
  const last = map.last()
  if (last === undefined) return { key: 'service', value: { id: 7, floor: 1, occupied: false } }
  const [lastKey, value] = last
  return { key: typeof lastKey === 'number' ? lastKey + 1 : 'swimlink', value }
}

function readArguments() {
  const usage = 'node demo/link.mjs warp://HOST:PORT NODE LANE [--key KEY --value VALUE]\n  KEY and VALUE in Recon'
  try {
    const text = { type: 'string' }
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: text, value: text } })
    if (positionals.length !== 3) throw new Error(`A host, a node and a lane are wanted:\n\n  ${usage}`)
    if ((values.key === undefined) !== (values.value === undefined))
      throw new Error(`--key goes with --value:\n\n  ${usage}`)
    return { address: positionals, write: values.key === undefined ? undefined : values }
  } catch (error) {
    return fail(error, 2)
  }
}
