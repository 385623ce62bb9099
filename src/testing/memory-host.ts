// Floor 8. The embedded host without its port, for clients in memory.
import { canonicalUri } from '../base/address.js'
import { ConfigError } from '../base/errors.js'
import type { Clock } from '../base/clock.js'
import { readSettings } from '../host/options.js'
import type { Session } from '../host/lanes/access.js'
import type { LaneKinds } from '../host/lanes/kinds.js'
import type { DefineNode } from '../host/nodes/nodes.js'
import { Plane } from '../host/nodes/plane.js'
import type { NodeRights } from '../host/nodes/rights.js'
import type { Peer, PeerHost } from '../host/peers/peer.js'
import { Reader, type Value } from '../recon/index.js'
import { MapOpReader } from '../warp/map-op.js'
import { readListOp } from '../warp/list-op.js'
import { readEnvelope } from '../warp/read-envelope.js'
import { pathOf } from './converge.js'
import { standIn, TestLanes, type TestLaneKind } from './test-lanes.js'
import { uplinkOf } from './uplinks.js'

/** The parts of a memory host. */
export interface MemoryHostParts {
  readonly clock: Clock
  readonly like: 'java' | 'rust' | undefined
  readonly authenticate: ((credentials: Value, session: Session) => unknown) | undefined
  readonly undeclared: boolean
}

/** The limits are the defaults of the embedded host. */
const limits = readSettings({})

export class MemoryHost {
  readonly lanes: TestLanes
  /** Errors that handlers and definitions threw. */
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
      // A test may send any number of frames in no time.
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

  /** A lane, made by the first access to it. The result stays valid after `forget`. @throws {ConfigError} for another kind */
  lane<T extends TestLaneKind>(nodeUri: string, laneUri: string, kind: T | undefined): LaneKinds[T] {
    const [path, lane] = [pathOf(nodeUri), canonicalUri(laneUri)]
    const find = (): LaneKinds[T] => {
      const node = this.plane.ref(path)
      node.door(lane)
      return kind === undefined ? (node.lane(laneUri) as LaneKinds[T]) : node.lane(laneUri, kind)
    }
    this.lanes.guess(canonicalUri(path), lane, kind ?? 'map')
    find()
    return standIn(find)
  }

  /** Starts again with the same definitions and empty lanes. */
  forget(): void {
    this.plane = this.#makePlane()
    for (const definition of this.#definitions) this.plane.define(...definition)
  }

  /** Handles a frame of a client. @returns false if the frame is forbidden, and the client's socket has to be closed */
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
      // Not an operation on a map, so for a lane of another kind.
    }
    return forbid(lane, undefined, reader.block(text, bodyAt))
  }

  /** The item that is set, moved or removed. */
  #itemOf(node: string, lane: string, text: string, bodyAt: number): Value {
    const op = readListOp(text, bodyAt, this.peerHost.reader)
    if (op === undefined || op === 'map' || !('index' in op)) return undefined
    if (op.type === 'update') return op.value
    const peek = this.plane.ref(pathOf(node)).door(canonicalUri(lane))?.peek()
    return peek !== undefined && 'value' in peek ? (peek.value as readonly Value[] | undefined)?.[op.index] : undefined
  }

  /** Sets the kind of a new lane by the first frame of a client: an operation on a map or list, or any command. */
  #guess(text: string): void {
    const { reader, ops } = this.peerHost
    try {
      const { node, lane, bodyAt } = readEnvelope(text, reader)
      this.lanes.guess(pathOf(canonicalUri(node)), canonicalUri(lane), this.#kindOf(text, bodyAt, ops))
    } catch {
      // Whoever reads the frame reports that it is not an envelope.
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
