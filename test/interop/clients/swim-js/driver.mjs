// Drives @swim/client by lines of JSON: a request `{id, op, …}` on standard input is answered by `{id, result}` or `{id, error}`.
import { createInterface } from 'node:readline'
import { Value } from '@swim/structure'
import { WarpClient } from '@swim/client'

const [hostUri, ...protocols] = process.argv.slice(2)
const client = new WarpClient()
if (protocols.length > 0) client.wsProtocols.set(protocols)
const opened = new Map()
let authenticated = false
client.observe({ clientDidAuthenticate: () => void (authenticated = true) })

const like = value => (value === undefined || value === null ? null : value.toLike())
const model = value => Value.fromLike(value)

function open({ as, kind, node, lane }) {
  const it = { told: [], events: [], synced: false, linked: false, unlinked: false }
  const tell = (...news) => void it.told.push(news)
  const common = {
    hostUri,
    nodeUri: node,
    laneUri: lane,
    didLink: () => void (it.linked = true),
    didSync: () => void (it.synced = true),
    didUnlink: () => void (it.unlinked = true),
    onEvent: body => void it.events.push(like(body)),
  }
  if (kind === 'map') {
    it.downlink = client.downlinkMap({
      ...common,
      didUpdate: (key, value) => tell('update', like(key), like(value)),
      didRemove: key => tell('remove', like(key)),
      didClear: () => tell('clear'),
      didDrop: count => tell('drop', count),
      didTake: count => tell('take', count),
    })
  } else if (kind === 'list') {
    it.downlink = client.downlinkList({
      ...common,
      didUpdate: (index, value) => tell('update', index, like(value)),
      didMove: (from, to, value) => tell('move', from, to, like(value)),
      didRemove: (index, value) => tell('remove', index, like(value)),
      didClear: () => tell('clear'),
    })
  } else if (kind === 'value') {
    it.downlink = client.downlinkValue({ ...common, didSet: value => tell('set', like(value)) })
  } else it.downlink = client.downlink(common)
  it.kind = kind
  it.downlink.open()
  opened.set(as, it)
}

function state({ as }) {
  const { kind, downlink, told, events, synced, linked, unlinked } = opened.get(as)
  const entries = []
  // Its iterators end early; this goes to the end as long as nothing is returned.
  if (kind === 'map') downlink.forEach((value, key) => void entries.push([like(key), like(value)]))
  if (kind === 'list') downlink.forEach((value, index) => void entries.push([index, like(value)]))
  return {
    synced,
    linked,
    unlinked,
    authenticated,
    told,
    events,
    entries,
    value: kind === 'value' ? like(downlink.get()) : null,
  }
}

const ops = {
  open,
  state,
  put: ({ as, key, value }) => void opened.get(as).downlink.set(model(key), model(value)),
  remove: ({ as, key }) => void opened.get(as).downlink.delete(model(key)),
  clear: ({ as }) => void opened.get(as).downlink.clear(),
  drop: ({ as, count }) => void opened.get(as).downlink.drop(count),
  take: ({ as, count }) => void opened.get(as).downlink.take(count),
  set: ({ as, value }) => void opened.get(as).downlink.set(model(value)),
  listInsert: ({ as, index, value }) => void opened.get(as).downlink.insert(index, model(value)),
  listSet: ({ as, index, value }) => void opened.get(as).downlink.set(index, model(value)),
  listMove: ({ as, from, to }) => void opened.get(as).downlink.move(from, to),
  listRemove: ({ as, index }) => void opened.get(as).downlink.remove(index),
  command: ({ node, lane, body }) => void client.command(hostUri, node, lane, model(body)),
  authenticate: ({ credentials }) => void client.authenticate(hostUri, model(credentials)),
  close: ({ as }) => void opened.get(as).downlink.close(),
}

createInterface({ input: process.stdin })
  .on('line', line => {
    const { id, op, ...args } = JSON.parse(line)
    let answer
    try {
      answer = { id, result: ops[op](args) ?? null }
    } catch (error) {
      answer = { id, error: String(error?.stack ?? error) }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  })
  .on('close', () => process.exit(0))
process.stdout.write(`${JSON.stringify({ id: 0, result: 'ready' })}\n`)
