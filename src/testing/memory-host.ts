// Floor 8. The embedded host without its port: nodes and lanes that clients in memory reach.
import { canonicalUri } from '../base/address.js'
import { ConfigError } from '../base/errors.js'
import type { Clock } from '../base/clock.js'
import { readSettings } from '../host/options.js'
import type { Session } from '../host/lanes/access.js'
import type { DefineNode } from '../host/nodes/nodes.js'
import { Plane } from '../host/nodes/plane.js'
import type { NodeRights } from '../host/nodes/rights.js'
import type { Peer, PeerHost } from '../host/peers/peer.js'
import { Reader, type Value } from '../recon/index.js'
import { MapOpReader } from '../warp/map-op.js'
import { readListOp } from '../warp/list-op.js'
import { readEnvelope } from '../warp/read-envelope.js'
import { pathOf } from './converge.js'
import { TestLanes } from './test-lanes.js'
import { uplinkOf } from './uplinks.js'

/** What a memory host is made of. */
export interface MemoryHostParts {
  readonly clock: Clock
  readonly like: 'java' | 'rust' | undefined
  readonly authenticate: ((credentials: Value, session: Session) => unknown) | undefined
  readonly undeclared: boolean
}

/** Limits are the defaults of the embedded host. */
const limits = readSettings({})

export class MemoryHost {
  readonly lanes: TestLanes
  /** What handlers and definitions threw. */
  readonly errors: string[] = []
  readonly #parts: MemoryHostParts
  readonly #definitions: [string, DefineNode, NodeRights][] = []
  readonly peerHost: PeerHost
  plane: Plane

  constructor(parts: MemoryHostParts) {
    this.#parts = parts
    this.lanes = new TestLanes(parts.undeclared)
    this.plane = this.#makePlane()
    const reader = new Reader({ maxDepth: limits.maxDepth, maxChars: limits.maxFrameBytes })
    this.peerHost = {
      // Frames of a test are not too many.
      limits: { ...limits, maxFramesPerSecond: Infinity },
      clock: parts.clock,
      journal: this.plane.journal,
      reader,
      ops: new MapOpReader(reader),
      authenticate: parts.authenticate,
      visit: (...asked) => this.plane.visit(...asked),
      report: this.#report,
    }
  }

  /** @throws {ConfigError} for an invalid pattern, or one defined before */
  define(pattern: string, define: DefineNode, rights: NodeRights): void {
    this.plane.define(pattern, define, rights)
    this.#definitions.push([pattern, define, rights])
  }

  /** Begins anew, with what was defined and with nothing in it. */
  forget(): void {
    this.plane = this.#makePlane()
    for (const definition of this.#definitions) this.plane.define(...definition)
  }

  /** A frame of a client's. @returns false where its socket is to be closed over it, as it is forbidden */
  receive(peer: Peer, text: string): boolean {
    if (text.startsWith('@command')) {
      if (this.#isForbidden(text)) return false
      this.#guess(text)
    }
    this.lanes.isClients = true
    try {
      peer.receive(text)
    } finally {
      this.lanes.isClients = false
    }
    return true
  }

  #isForbidden(text: string): boolean {
    const { forbid } = this.lanes.rules
    if (forbid === undefined) return false
    const { reader, ops } = this.peerHost
    const { node, lane, bodyAt } = readEnvelope(text, reader)
    try {
      const op = ops.read(text, bodyAt)
      if (op === 'update' || op === 'remove') return forbid(lane, ops.key, op === 'update' ? ops.value : undefined)
      if (op === 'item') return forbid(lane, undefined, this.#itemOf(node, lane, text, bodyAt))
      if (op !== undefined) return forbid(lane, undefined, undefined)
    } catch {
      // No operation on a map: it is of another kind of lane.
    }
    return forbid(lane, undefined, reader.block(text, bodyAt))
  }

  /** The item that is set, or that is to be moved or removed. */
  #itemOf(node: string, lane: string, text: string, bodyAt: number): Value {
    const op = readListOp(text, bodyAt, this.peerHost.reader)
    if (op === undefined || op === 'map' || !('index' in op)) return undefined
    if (op.type === 'update') return op.value
    const peek = this.plane.ref(pathOf(node)).door(canonicalUri(lane))?.peek()
    return peek !== undefined && 'value' in peek ? (peek.value as readonly Value[] | undefined)?.[op.index] : undefined
  }

  /** A lane that nobody has asked for before takes what a client sends it first: an operation on a map or list, or any command. */
  #guess(text: string): void {
    const { reader, ops } = this.peerHost
    try {
      const { node, lane, bodyAt } = readEnvelope(text, reader)
      this.lanes.guess(pathOf(canonicalUri(node)), canonicalUri(lane), this.#kindOf(text, bodyAt, ops))
    } catch {
      // What is no envelope is refused by who reads it.
    }
  }

  #kindOf(text: string, bodyAt: number, ops: MapOpReader): 'map' | 'list' | 'command' {
    try {
      const op = ops.read(text, bodyAt)
      return op === undefined ? 'command' : op === 'item' ? 'list' : 'map'
    } catch {
      return 'command'
    }
  }

  #makePlane(): Plane {
    const { clock, like } = this.#parts
    return new Plane({
      clock,
      store: undefined,
      limits: { ...limits, maxNodesPerAccount: limits.maxNodes },
      remote: { map: this.#noRemote, value: this.#noRemote },
      canReadMeta: () => true,
      undeclared: this.lanes,
      mapUplink: uplinkOf(like, clock),
      judge: this.lanes.judge,
      onError: this.#report,
      storeFailed: () => {},
    })
  }

  readonly #report = (error: unknown, where: string): void => void this.errors.push(`${where}: ${String(error)}`)

  readonly #noRemote = (): (() => void) => {
    this.#report(new ConfigError('hostUri', 'a test host joins lanes of its own alone'), 'a join lane')
    return () => {}
  }
}
