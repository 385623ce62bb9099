// Floor 8. Lanes that a test need not declare, and the rules for clients' writes to them.
import type { LaneKinds } from '../host/lanes/kinds.js'
import type { HostNode } from '../host/nodes/node.js'
import type { Undeclared } from '../host/nodes/undeclared.js'
import { refuse, type Judge, type Refuse } from '../host/lanes/lane.js'

/** Kinds of lanes that can be made from a name only. */
export type TestLaneKind = Exclude<keyof LaneKinds, 'demand' | 'demandMap'>

/**
 * Decides whether a fault applies to a client's write.
 * @param key undefined for values and lists, and for `clear`, `drop` and `take`
 * @param value of the entry or item that is set; for a list also of the item that is moved or removed; otherwise undefined
 */
export type WriteRule = (lane: string, key: unknown, value: unknown) => boolean
/** Returns the value to store instead of the one that a client wrote; undefined: stores that one. Not called for moves and removes. */
export type WriteTransform = (lane: string, key: unknown, value: unknown) => unknown

/** The rules for writes of clients. */
export interface WriteRules {
  refuse?: WriteRule | undefined
  transform?: WriteTransform | undefined
  forbid?: WriteRule | undefined
}

export class TestLanes implements Undeclared<HostNode> {
  readonly rules: WriteRules = {}
  /** Whether the current operation comes from a client. */
  isClients = false
  /** The kinds of lanes by node and lane, as first requested. */
  readonly #kinds = new Map<string, TestLaneKind>()

  readonly #isThere: boolean
  /** The lanes that were declared here. */
  readonly #made = new Set<string>()

  /** @param isThere whether undeclared lanes exist */
  constructor(isThere: boolean) {
    this.#isThere = isThere
  }

  /** Sets the kind of a lane, unless it is set already. */
  guess(nodePath: string, laneUri: string, kind: TestLaneKind): void {
    const place = `${nodePath} ${laneUri}`
    if (!this.#kinds.has(place)) this.#kinds.set(place, kind)
  }

  /** Called for operations without hooks. Decides only on lanes that were declared here. */
  readonly judge: Judge = (nodeUri, laneUri, op, value) =>
    !this.#made.has(`${nodeUri} ${laneUri}`)
      ? undefined
      : op === 'update'
        ? this.#judge(laneUri, undefined, value)
        : this.#isRefused(laneUri, undefined, value)
          ? refuse
          : undefined

  node(): boolean {
    return this.#isThere
  }

  lane(node: HostNode, laneUri: string): void {
    if (!this.#isThere) return
    this.#made.add(`${node.uri} ${laneUri}`)
    const kind = this.#kinds.get(`${node.uri} ${laneUri}`) ?? 'map'
    const willSet = (value: unknown) => this.#judge(laneUri, undefined, value)
    switch (kind) {
      case 'map':
        node.mapLane<unknown, unknown>(laneUri, {
          willUpdate: (key, value) => this.#judge(laneUri, key, value),
          willRemove: key => (this.#isRefused(laneUri, key, undefined) ? refuse : undefined),
        })
        return
      case 'value':
        node.valueLane<unknown>(laneUri, { willSet })
        return
      case 'command':
        node.commandLane(laneUri)
        return
      case 'supply':
        node.supplyLane(laneUri)
        return
      case 'list':
        node.listLane(laneUri)
        return
      case 'joinValue':
        node.joinValueLane(laneUri)
        return
      case 'joinMap':
        node.joinMapLane(laneUri)
    }
  }

  #judge(lane: string, key: unknown, value: unknown): unknown {
    if (this.#isRefused(lane, key, value)) return refuse satisfies Refuse
    const { transform } = this.rules
    return transform === undefined || !this.isClients ? undefined : transform(lane, key, value)
  }

  #isRefused(lane: string, key: unknown, value: unknown): boolean {
    return this.isClients && this.rules.refuse?.(lane, key, value) === true
  }
}

/** An object that stands for the result of `find`, which is called at each use. */
export const standIn = <T extends object>(find: () => T): T =>
  new Proxy({} as T, {
    get(_, name) {
      const found = find()
      const member: unknown = Reflect.get(found, name, found)
      return typeof member === 'function' ? (member.bind(found) as unknown) : member
    },
  })
