// Floor 3'. A lane's seat in its node: the lane's access to its host, and the clients' access to the lane. Both are one object, since
// there may be a hundred thousand lanes.
import { ConfigError } from '../../base/errors.js'
import type { Value } from '../../recon/index.js'
import type { Change } from '../keep/store.js'
import { isAllowed, type Session } from '../lanes/access.js'
import type { Budget, LaneLimits } from '../lanes/budget.js'
import type { Command, Judge, LaneDoor, LaneHost, LaneKind, LaneOptions, LaneParts, Refuse } from '../lanes/lane.js'
import type { MakeMapUplink, Uplink, UplinkPort } from '../lanes/uplink.js'
import type { Meta } from './meta.js'
import type { Access } from './rights.js'

/** What a node needs of its host, for its lanes. */
export interface SeatHost {
  readonly limits: LaneLimits
  readonly budget: Budget
  readonly remote: LaneHost['remote']
  /** Reports links as metadata; undefined if nobody may read metadata. */
  readonly meta: Meta | undefined
  readonly mapUplink?: MakeMapUplink | undefined
  readonly judge?: Judge | undefined
  record: LaneHost['record']
  doorOf: LaneHost['doorOf']
  whenDefined: LaneHost['whenDefined']
  report(error: unknown, where: string): void
  /** @param where the hook or handler, with its node and lane */
  run(where: string, handler: () => unknown): void
  ask<T>(where: string, hook: () => T): T | Refuse
}

/** What a seat needs of its node. */
export interface SeatNode {
  readonly uri: string
  readonly hasFailed: boolean
  mayVisit(access: Access, session: Session): boolean
  /** The number of links has changed by one. */
  linked(more: 1 | -1): void
  grew(bytes: number): void
  settle(): void
}

export class Seat implements LaneHost, LaneDoor {
  readonly laneUri: string
  /** The lane itself, for code. */
  lane: unknown
  readonly #host: SeatHost
  readonly #node: SeatNode
  #parts!: LaneParts
  #isFull = false

  constructor(host: SeatHost, node: SeatNode, laneUri: string) {
    this.#host = host
    this.#node = node
    this.laneUri = laneUri
  }

  admit(parts: LaneParts): void {
    this.#parts = parts
  }

  // ---- the lane's access to its host

  get nodeUri(): string {
    return this.#node.uri
  }

  get limits(): LaneLimits {
    return this.#host.limits
  }

  get budget(): Budget {
    return this.#host.budget
  }

  get judge(): Judge | undefined {
    return this.#host.judge
  }

  get mapUplink(): MakeMapUplink | undefined {
    return this.#host.mapUplink
  }

  get remote(): LaneHost['remote'] {
    return this.#host.remote
  }

  record(changes: readonly Change[], publish: () => void): void {
    this.#host.record(changes, publish)
  }

  run(type: string, handler: () => unknown): void {
    this.#host.run(`${type} of ${this.#where}`, handler)
  }

  ask<T>(type: string, hook: () => T): T | Refuse {
    return this.#host.ask(`${type} of ${this.#where}`, hook)
  }

  doorOf(nodeUri: string, laneUri: string): LaneDoor | undefined {
    return this.#host.doorOf(nodeUri, laneUri)
  }

  whenDefined(run: () => void): void {
    this.#host.whenDefined(() => this.#node.hasFailed || run())
  }

  grew(bytes: number): void {
    this.#node.grew(bytes)
  }

  emptied(): void {
    this.#node.settle()
  }

  full(option: keyof LaneLimits | 'maxHostBytes'): void {
    if (this.#isFull) return
    this.#isFull = true
    const message = 'is reached: additions of clients are refused. Make room, or raise it (reported once)'
    this.#host.report(new ConfigError(option, message), this.#where)
  }

  get #where(): string {
    return `${this.#node.uri} ${this.laneUri}`
  }

  // ---- the clients' access to the lane

  get kind(): LaneKind {
    return this.#parts.kind
  }

  get options(): LaneOptions {
    return this.#parts.options
  }

  get restore(): ((key: Value, value: Value) => void) | undefined {
    return this.#parts.restore
  }

  get map(): LaneParts['map'] {
    return this.#parts.map
  }

  get value(): LaneParts['value'] {
    return this.#parts.value
  }

  /** The rights of the node's pattern are checked before the lane's own. */
  mayRead(session: Session): boolean {
    return this.#node.mayVisit('read', session) && isAllowed(this.#parts.options.canRead, session)
  }

  mayWrite(session: Session): boolean {
    return this.#node.mayVisit('write', session) && isAllowed(this.#parts.options.canWrite, session)
  }

  attach(port: UplinkPort): Uplink {
    this.#node.linked(1)
    const uplink = this.#parts.attach(port)
    this.#host.meta?.linked(this.nodeUri, this.laneUri, uplink, true)
    return uplink
  }

  detach(uplink: Uplink): void {
    this.#parts.detach(uplink)
    this.#host.meta?.linked(this.nodeUri, this.laneUri, uplink, false)
    this.#node.linked(-1)
  }

  command(command: Command): void {
    this.#parts.command(command)
  }

  holds(): 'joins' | 'state' | 'nothing' {
    return this.#parts.holds()
  }

  peek(): ReturnType<LaneParts['peek']> {
    return this.#parts.peek()
  }
}
