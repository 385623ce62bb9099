// Floor 3'. The demand map lane: entries that are made on demand.
import { identity, stringify, type Value } from '../../recon/index.js'
import type { Session } from './access.js'
import type { LaneHost, LaneOptions } from './lane.js'
import { MapUplink, type MapSource, type Uplink } from './uplink.js'
import { updateBody, writeBody } from './write-body.js'

export interface DemandMapLaneOptions<K, V> extends LaneOptions {
  /** Gives the keys of a sync, in order. */
  readonly onSync: (session: Session) => Iterable<K>
  /** Makes the value of a key for one link, at its sync and when cued. Undefined: there is no such entry. */
  readonly onCue: (key: K, session: Session) => V | undefined
}

/**
 * A map whose entries are made on demand. Commands of clients are ignored.
 * @example
 * const load = node.demandMapLane<string, number>('load', {
 *   onSync: () => ['user', 'system'],
 *   onCue: key => process.cpuUsage()[key as 'user' | 'system'],
 * })
 * load.cue('user')
 */
export class DemandMapLane<K = Value, V = Value> {
  /** The kind of lane. */
  readonly kind = 'demandMap'
  readonly #host: LaneHost
  readonly #uplinks = new Set<MapUplink>()

  /** @internal */
  constructor(host: LaneHost, options: DemandMapLaneOptions<K, V>) {
    this.#host = host
    host.admit({
      kind: 'demandMap',
      options,
      attach: port => {
        const uplink = new MapUplink(this.#source(options, port.session), port)
        this.#uplinks.add(uplink)
        return uplink
      },
      detach: (uplink: Uplink) => void this.#uplinks.delete(uplink as MapUplink),
      command: () => {},
      holds: () => 'nothing',
      peek: () => undefined,
    })
  }

  /** Makes the entry of a key again for every link, once its socket has room. @throws {ReconError} when the key has no Recon form */
  cue(key: K): void {
    const wireKey = key as Value
    stringify(wireKey)
    this.#host.record([], () => {
      for (const uplink of this.#uplinks) uplink.changed(identity(wireKey), wireKey)
    })
  }

  /** The entries for one link. Keys are remembered, as uplinks find entries by the identities of keys. */
  #source({ onSync, onCue }: DemandMapLaneOptions<K, V>, session: Session): MapSource {
    const body = (key: Value): string | undefined => {
      let text: string | undefined
      this.#host.run('onCue', () => {
        const value = onCue(key as K, session)
        if (value !== undefined) text = updateBody(key, writeBody(value as Value))
      })
      return text
    }
    const keysOf = (): Value[] => {
      let keys: Value[] = []
      this.#host.run('onSync', () => void (keys = [...onSync(session)] as Value[]))
      return keys
    }
    return {
      textOf: (_, key) => body(key),
      *walk() {
        for (const key of keysOf()) {
          const text = body(key)
          if (text !== undefined) yield [identity(key), text]
        }
      },
    }
  }
}
