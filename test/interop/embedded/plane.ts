// Interop support. The nodes and lanes of test/interop/README.md on our own embedded host.
import { refuse, type HostNode, type WarpHost } from '../../../src/host/index.js'
import { Reader, stringify, type Value } from '../../../src/recon/index.js'
import { MapOpReader } from '../../../src/warp/map-op.js'

/** No command may ask for more entries or steps than this. */
const maxCount = 2_000_000

type Fields = { readonly [name: string]: Value }

const ops = new MapOpReader(new Reader({ maxDepth: 256, maxChars: 2 ** 24 }))

const fields = (body: Value): Fields => (typeof body === 'object' && body !== null ? (body as Fields) : {})

const countOf = (body: Value): number =>
  Math.max(0, Math.min(maxCount, Number(typeof body === 'number' ? body : (fields(body)['count'] ?? 0))))

function defineUnit(node: HostNode): void {
  const map = node.mapLane('map')
  const cart = node.mapLane<string, number>('shoppingCart')
  node.mapLane<Value, Value>('upper', { willUpdate: (_, value) => String(value).toUpperCase() })
  node.mapLane<Value, Value>('positive', { willUpdate: (_, value) => (Number(value) >= 0 ? undefined : refuse) })
  node.valueLane('value')
  node.valueLane<Value>('clamped', { willSet: value => Math.max(0, Math.min(100, Number(value))) })

  node.commandLane('addItem', {
    onCommand: item => void cart.set(String(item), (cart.get(String(item)) ?? 0) + 1),
  })
  node.commandLane('remote', {
    onCommand(body) {
      const op = ops.demand(stringify(body), 0)
      if (op === 'update') map.set(ops.key, ops.value)
      else if (op === 'remove') map.delete(ops.key)
      else if (op === 'clear') map.clear()
      else if (op !== undefined) map[op](ops.count)
    },
  })
  node.commandLane('fill', {
    onCommand(body) {
      const { prefix, from = 0, value } = fields(body)
      const count = countOf(body)
      for (let n = Number(from); n < Number(from) + count; n++) {
        map.set(prefix === undefined ? n : `${String(prefix)}${n}`, value ?? n)
      }
    },
  })
  node.commandLane('churn', {
    onCommand(body) {
      const count = countOf(body)
      const keys = Math.max(1, Number(fields(body)['keys'] ?? 7))
      for (let step = 0; step < count; step++) {
        if (step % 3 === 2) map.delete(`c${step % keys}`)
        else map.set(`c${step % keys}`, step)
      }
    },
  })
  node.commandLane('burst', {
    onCommand(body) {
      const count = countOf(body)
      for (let n = 1; n <= count; n++) map.set(fields(body)['key'] ?? 'burst', n)
    },
  })

  node.commandLane('echo')
  const pulse = node.supplyLane('pulse')
  node.commandLane('emit', { onCommand: body => pulse.emit(body) })
  const now = node.demandLane('now', { onCue: () => map.size })
  const squares = node.demandMapLane<number, number>('squares', { onSync: () => [1, 2, 3], onCue: key => key * key })
  node.listLane('list')
  node.commandLane('cue', { onCommand: body => (typeof body === 'number' ? squares.cue(body) : now.cue()) })
  node.commandLane('fail', {
    onCommand(body) {
      throw new Error(String(body))
    },
  })
}

function defineRoom(node: HostNode): void {
  const lights = node.valueLane<boolean>('lights', { initial: false })
  node.commandLane('toggle', { onCommand: () => lights.set(!lights.get()) })
  node.mapLane('devices')
}

function defineBuilding(node: HostNode): void {
  const lights = node.joinValueLane('lights')
  const devices = node.joinMapLane('devices')
  node.commandLane('register', {
    onCommand(room) {
      const nodeUri = `/room/${String(room)}`
      lights.join(room, { nodeUri, laneUri: 'lights' })
      devices.join(room, { nodeUri, laneUri: 'devices' })
    },
  })
  node.commandLane('unregister', {
    onCommand(room) {
      lights.leave(room)
      devices.leave(room)
    },
  })
}

export function definePlane(host: WarpHost): WarpHost {
  return host.node('/unit/:id', defineUnit).node('/room/:id', defineRoom).node('/building/:id', defineBuilding)
}
