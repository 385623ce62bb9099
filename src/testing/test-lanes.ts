// Floor 8. Lanes that a test has without declaring them, and what befalls what clients write to them.
import type { LaneKinds } from '../host/lanes/kinds.js'
import type { HostNode } from '../host/nodes/node.js'
import type { Undeclared } from '../host/nodes/undeclared.js'
import { refuse, type Judge, type Refuse } from '../host/lanes/lane.js'

/** Kinds of lanes that need nothing but a name. */
export type TestLaneKind = Exclude<keyof LaneKinds, 'demand' | 'demandMap'>

/**
 * Says of a client's write whether something befalls it.
 * @param key undefined for values and lists, and for `clear`, `drop` and `take`
 * @param value of the entry or item that is set; of a list also that which is moved or removed. Undefined where there is none
 */
export type WriteRule = (lane: string, key: unknown, value: unknown) => boolean
/** Gives what a lane has in place of what a client wrote; undefined: what was written. Not asked of moves and removes. */
export type WriteTransform = (lane: string, key: unknown, value: unknown) => unknown

/** What befalls writes of clients. */
export interface WriteRules {
  refuse?: WriteRule | undefined
  transform?: WriteTransform | undefined
  forbid?: WriteRule | undefined
}

export class TestLanes implements Undeclared<HostNode> {
  readonly rules: WriteRules = {}
  /** Whether what a lane is asked to do comes from a client. */
  isClients = false
  /** Kinds of lanes by node and lane, as they were asked for first. */
  readonly #kinds = new Map<string, TestLaneKind>()

  readonly #isThere: boolean
  /** Lanes that were declared here. */
  readonly #made = new Set<string>()

  /** @param isThere whether there are any */
  constructor(isThere: boolean) {
    this.#isThere = isThere
  }

  /** Says what a lane is to be, where nobody has said so before. */
  guess(nodePath: string, laneUri: string, kind: TestLaneKind): void {
    const place = `${nodePath} ${laneUri}`
    if (!this.#kinds.has(place)) this.#kinds.set(place, kind)
  }

  /** Asked where lanes have no hooks: of lanes that are declared here, and of no others. */
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

/** Stands for what `find` finds, anew at each use. */
export const standIn = <T extends object>(find: () => T): T =>
  new Proxy({} as T, {
    get(_, name) {
      const found = find()
      const member: unknown = Reflect.get(found, name, found)
      return typeof member === 'function' ? (member.bind(found) as unknown) : member
    },
  })
