// Looks at a lane of any host, and prints its changes as they come. Looking never writes: what is written is given, and nothing else.
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.mjs'
import { ChangePrinter, bold, describeStatus, dim, endOnSignal, fail, say, show } from './terminal.mjs'
import { tellTrouble, tellWrite } from './terminal.mjs'

const usage = `node demo/link.mjs warp://HOST:PORT NODE LANE [options]

  Looks at a lane, and prints its changes as they come, until Ctrl-C. Looking never writes.

  --kind map|value|event     what to look at the lane as; otherwise as a map, then as a value where it is no map
  --key KEY --value VALUE    puts an entry into a map lane
  --value VALUE              sets a value lane
  --command BODY             sends a command to any lane
  --help                     prints this

  KEY, VALUE and BODY are Recon: 5, guest, "two words", {id:7,floor:1}`

endOnSignal()
const { address, kind, write } = readArguments()
const [hostUri, nodeUri, laneUri] = address
ensureBuilt()
const { SwimClient } = await import('swimlink')
const { parse } = await import('swimlink/recon')
const given = readWrite()

console.log(`\n  ${bold(hostUri)}  ${nodeUri}  ${laneUri}\n`)
const client = new SwimClient()
tellTrouble(client, isOfOtherKind)

/** How a lane of each kind is opened and shown; each resolves with the downlink once there is something to write to. */
const looks = {
  async map() {
    const changes = new ChangePrinter()
    const map = open(lane.downlinkMap())
      .didUpdate((key, newValue, oldValue) => map.synced && changes.updated(key, newValue, oldValue))
      .didRemove(key => map.synced && changes.removed(key))
      .open()
    await map.whenSynced()
    for (const [key, value] of [...map].slice(0, 12)) say(`${bold(show(key).padEnd(12))} ${show(value)}`)
    if (map.size > 12) say(dim(`and ${map.size - 12} more`))
    if (map.size === 0) say(dim('no entries so far'))
    return map
  },

  async value() {
    const value = open(lane.downlinkValue())
      .didSet(newValue => say(`${bold('value')} ${show(newValue)}`))
      .open()
    await value.whenSynced()
    if (value.get() === undefined) say(dim('no value so far'))
    return value
  },

  async event() {
    return open(lane.downlinkEvent())
      .onEvent(body => say(`${bold('event')} ${show(body)}`))
      .open()
  },
}

let isTurned = false
let lane
try {
  lane = client.hostRef(hostUri).nodeRef(nodeUri).laneRef(laneUri)
  const downlink = await looks[kind ?? 'map']()
  if (write?.command !== undefined) await tellCommand()
  else if (write) await tellWrite(downlink, ...given)
} catch (error) {
  // Each of the client's errors says what failed, where, and what to do.
  if (!isOfOtherKind(error)) fail(withAdvice(error))
}

function open(builder) {
  return builder.didChangeStatus(status => status.reason !== 'laneKind' && say(describeStatus(status)))
}

/** Where the lane is no map, and nobody said that it is one, it is looked at as a value. */
function isOfOtherKind({ code, found }) {
  if (code !== 'laneKind' || kind !== undefined) return false
  if (!isTurned) {
    isTurned = true
    say(dim(`a ${found} lane`))
    looks.value().catch(fail)
  }
  return true
}

/** What to do about a lane of another kind is to be done here, and not in a program. */
function withAdvice(error) {
  if (error.code !== 'laneKind') return error
  const message =
    error.found === 'map'
      ? `${laneUri} is a map lane; to write to it give --key KEY --value VALUE`
      : `${laneUri} is a value lane; to write to it give --value VALUE without --key`
  return Object.assign(new Error(message, { cause: error }), { name: error.name })
}

async function tellCommand() {
  say(`→ ${bold('command')} ${show(given[0])}`)
  await client.command(hostUri, nodeUri, laneUri, ...given)
  say(dim('sent'))
}

/** What `put` or `command` is to be given. */
function readWrite() {
  try {
    return Object.values(write ?? {}).map(text => parse(text))
  } catch (error) {
    return fail(error, 2)
  }
}

function readArguments() {
  try {
    const text = { type: 'string' }
    const options = { kind: text, key: text, value: text, command: text, help: { type: 'boolean' } }
    const { values, positionals } = parseArgs({ allowPositionals: true, options })
    const { kind, key, value, command, help } = values
    if (help) {
      console.log(usage)
      process.exit(0)
    }
    if (positionals.length !== 3) throw new Error('give a host, a node and a lane')
    if (key !== undefined && value === undefined) throw new Error('--key needs --value')
    if (command !== undefined && value !== undefined) throw new Error('give --value or --command, not both')
    const written =
      command !== undefined ? 'event' : key !== undefined ? 'map' : value !== undefined ? 'value' : undefined
    if (![undefined, 'map', 'value', 'event'].includes(kind))
      throw new Error(`--kind is map, value or event, not ${kind}`)
    if (kind !== undefined && written !== undefined && kind !== written)
      throw new Error(`what is to be written goes to --kind ${written}, not ${kind}`)
    const write = {
      event: { command },
      map: { key, value },
      value: { value },
    }[written]
    return { address: positionals, kind: kind ?? written, write }
  } catch (error) {
    error.message += `\n\n  ${usage}`
    return fail(error, 2)
  }
}
