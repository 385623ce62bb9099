// A second downlink of a client to a lane, with a schema that refuses all but numbers; it comes late, and goes.
import type { MapDownlink, SwimClient } from '../../../src/index.js'
import { equals, identity, type Value } from '../../../src/recon/index.js'
import { asText } from './values.js'

export class TypedWitness {
  readonly map: MapDownlink<Value, string>
  readonly #replayed = new Map<unknown, string>()

  constructor(client: SwimClient, laneUri: string, fail: (message: string) => void) {
    this.map = client
      .downlinkMap({ hostUri: 'warp://host', nodeUri: '/unit/1', laneUri })
      .valueSchema(asText)
      .didFail(error => void (error.code !== 'schema' && error.code !== 'overflow' && this.#failed(error.code)))
      .didUpdate((key, value, old) => {
        const id = identity(key as Value)
        if (this.#replayed.get(id) !== old || value === old)
          fail(`the second didUpdate(${String(id)}) told a wrong old value`)
        this.#replayed.set(id, value)
      })
      .didRemove((key, old) => {
        const id = identity(key as Value)
        if (this.#replayed.get(id) !== old) fail(`the second didRemove(${String(id)}) told a wrong old value`)
        this.#replayed.delete(id)
      })
      .open() as MapDownlink<Value, string>
  }

  readonly #failed = (_code: string): void => {}

  check(truth: readonly (readonly [Value, Value])[], tell: (what: string, found: unknown) => void): void {
    const texts = truth.flatMap(([key, value]) => (typeof value === 'number' ? [[key, `v${String(value)}`]] : []))
    const { map } = this
    if (!equals([...map.entries()] as Value, texts as Value)) tell('has another second map', [...map])
    const retold = [...map.keys()].map(key => [key, this.#replayed.get(identity(key))])
    if (this.#replayed.size !== map.size || !equals(retold as Value, texts as Value))
      tell('told another history of the second map', retold)
  }
}
