// A map and a value on the socket of a hostile host that are served well, and a plain model of what each must be.
import { identity, stringify, type Value } from '../../../src/recon/index.js'
import type { MapDownlink, ValueDownlink } from '../../../src/index.js'
import type { DirectHost } from './direct-host.js'
import type { Chance } from './chance.js'
import { valueBy } from './seeds.js'

const head = (lane: string) => `(node:"/w",lane:${lane})`
const own = /^@command\(node:"\/w",lane:(\w+)\)(?:@(update|remove)\(key:(\w+)\))? ?(\d*)$/

type Entries = readonly (readonly [key: string, value: string])[]

/** Entries as texts, in an order of their own. */
const spelled = (entries: Iterable<readonly [unknown, unknown]>): Entries =>
  [...entries]
    .map(([key, value]) => [stringify(key as Value), stringify(value as Value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))

export class Witness {
  readonly map: MapDownlink<Value, Value>
  readonly value: ValueDownlink<Value>
  /** What the lanes hold: entries by the identity of their keys, as keys compare by value. */
  readonly #rows = new Map<unknown, readonly [Value, Value]>()
  #held: Value = 0
  /** What callbacks told makes the map, too. */
  readonly #told = new Map<unknown, readonly [Value, Value]>()
  readonly #host: DirectHost
  readonly #chance: Chance
  #own = 0

  constructor(host: DirectHost, chance: Chance) {
    this.#host = host
    this.#chance = chance
    const { client } = host
    this.map = client
      .downlinkMap<Value, Value>({ nodeUri: '/w', laneUri: 'good' })
      .didUpdate((key, value) => void this.#told.set(identity(key), [key, value]))
      .didRemove(key => void this.#told.delete(identity(key)))
      .open()
    this.value = client.downlinkValue<Value>({ nodeUri: '/w', laneUri: 'goodValue' }).open()
  }

  /** What the host says to a frame about these lanes. */
  answer(frame: string): readonly string[] | undefined {
    const [, tag, lane] = /^@(\w+)\(node:"\/w",lane:(\w+)/.exec(frame) ?? []
    if (lane === undefined) return undefined
    if (tag === 'unlink') return [`@unlinked${head(lane)}`]
    if (tag === 'link') return [`@linked${head(lane)}`]
    if (tag === 'sync') return [`@linked${head(lane)}`, ...this.#state(lane), `@synced${head(lane)}`]
    const [, , op, key, text] = own.exec(frame) ?? [, , undefined, undefined, '']
    if (op === 'update') this.#rows.set(identity(key!), [key!, Number(text)])
    else if (op === 'remove') this.#rows.delete(identity(key!))
    else this.#held = Number(text)
    return [`@event${head(lane)}${frame.slice(frame.indexOf(')') + 1)}`]
  }

  /** One thing happens at a lane, or one is written here. */
  async step(): Promise<void> {
    const chance = this.#chance
    if (!this.map.synced || !this.value.synced) return
    const kind = chance.below(12)
    if (kind === 0) this.map.set(`k${chance.below(20)}`, ++this.#own)
    else if (kind === 1) this.map.delete(`k${chance.below(20)}`)
    else if (kind === 2) this.value.set(++this.#own)
    else if (kind === 3) await this.#say('goodValue', ' ' + stringify((this.#held = valueBy(chance))))
    else if (kind === 4 && chance.is(0.1)) {
      this.#rows.clear()
      await this.#say('good', '@clear')
    } else if (kind < 7) await this.#remove()
    else await this.#update(chance.is(0.5) ? `k${chance.below(20)}` : valueBy(chance, 1), valueBy(chance))
  }

  /** What the client shows, and what it has to show. */
  get shown() {
    const told = spelled(this.#told.values())
    return { map: spelled(this.map), told, value: stringify(this.value.get() as Value), synced: this.isSynced }
  }
  get held() {
    const map = spelled(this.#rows.values())
    return { map, told: map, value: stringify(this.#held), synced: true }
  }

  get isSynced(): boolean {
    return this.map.status.state === 'synced' && this.value.status.state === 'synced'
  }

  #state(lane: string): string[] {
    if (lane === 'goodValue') return [`@event${head(lane)} ${stringify(this.#held)}`]
    return [...this.#rows.values()].map(
      ([key, value]) => `@event${head(lane)}@update(key:${stringify(key)}) ${stringify(value)}`,
    )
  }

  #update(key: Value, value: Value): Promise<void> {
    this.#rows.set(identity(key), [this.#rows.get(identity(key))?.[0] ?? key, value])
    return this.#say('good', `@update(key:${stringify(key)}) ${stringify(value)}`)
  }

  async #remove(): Promise<void> {
    const ids = [...this.#rows.keys()]
    if (ids.length === 0) return
    const id = this.#chance.pick(ids)
    const [key] = this.#rows.get(id)!
    this.#rows.delete(id)
    await this.#say('good', `@remove(key:${stringify(key)})`)
  }

  #say(lane: string, body: string): Promise<void> {
    return this.#host.say(`@event${head(lane)}${body}`)
  }
}
