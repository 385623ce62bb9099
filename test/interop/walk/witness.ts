// Interop support. One client of a walk or a race, with all that its callbacks have told.
import WebSocket from 'ws'
import {
  SwimClient,
  type MapDownlink,
  type SocketClass,
  type SwimClientOptions,
  type SwimError,
  type Value,
} from '../../../src/index.js'
import { equals, identity } from '../../../src/recon/index.js'
import type { Entries } from '../scenarios/kit.js'

export interface Where {
  readonly hostUri: string
  readonly node: string
  readonly lane: string
}

/** A client and one map downlink of its. */
export class Witness {
  readonly client: SwimClient<{ hostUri: string }>
  map!: MapDownlink<Value, Value>
  /** Promises of writes that have not settled. */
  unsettled = 0
  /** Faults that the callbacks of this client found themselves. */
  readonly faults: string[] = []
  /** The latest frames of its sockets, for whoever has to find out what went wrong; signs of life are left out. */
  readonly frames: string[] = []
  /** When the last of them passed, by `performance.now()`. */
  lastFrameAt = 0
  readonly #where: Where
  #told = new Map<unknown, Value>()
  #batched = new Map<unknown, Value>()

  constructor(where: Where, options: SwimClientOptions, keptFrames = 60) {
    const { frames } = this
    const keep = (text: string) => {
      // Signs of life say nothing.
      if (/^. @link(ed)?\(/.test(text)) return
      this.lastFrameAt = performance.now()
      frames.push(`${Math.round(this.lastFrameAt)} ${text}`)
      if (frames.length > keptFrames) frames.shift()
    }
    class Heard extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args)
        this.on('message', data => keep(`< ${String(data as Buffer)}`)).on('close', code => keep(`x ${code}`))
      }

      override send(data: string): void {
        keep(`> ${data}`)
        super.send(data)
      }
    }
    this.#where = where
    this.client = new SwimClient({
      hostUri: where.hostUri,
      webSocket: Heard as unknown as SocketClass,
      writeTimeoutMs: Infinity,
      onError: (error: SwimError) => this.#failed(error),
      ...options,
    })
    this.open()
  }

  /** Opens the downlink, anew where there was one; its history begins anew with it. */
  open(): void {
    this.map?.close()
    const told = (this.#told = new Map<unknown, Value>())
    const batched = (this.#batched = new Map<unknown, Value>())
    const { node, lane } = this.#where
    this.map = this.client
      .downlinkMap()
      .nodeUri(node)
      .laneUri(lane)
      .didUpdate((key, value, old) => {
        const id = identity(key)
        if (!equals(told.get(id), old)) this.faults.push(`didUpdate(${String(id)}) told a wrong old value`)
        if (old !== undefined && equals(old, value)) this.faults.push(`didUpdate(${String(id)}) told no change`)
        told.set(id, value)
      })
      .didRemove((key, old) => {
        const id = identity(key)
        if (!told.has(id) || !equals(told.get(id), old)) this.faults.push(`didRemove(${String(id)}) told a wrong value`)
        told.delete(id)
      })
      .didChange(changes => {
        for (const change of changes) {
          if (change.type === 'remove') batched.delete(identity(change.key))
          else batched.set(identity(change.key), change.value)
        }
      })
      .didFail(error => this.#failed(error))
      .open()
  }

  track(promise: Promise<unknown>): void {
    this.unsettled++
    const over = () => void this.unsettled--
    promise.then(over, over)
  }

  /** What is wrong, now that all is quiet; undefined where nothing is. */
  wrong(truth: Entries): string | undefined {
    const { map, unsettled, faults } = this
    if (faults.length > 0) return faults.join('; ')
    if (!map.synced) return `not synced: ${JSON.stringify(map.status)}`
    if (unsettled > 0) return `${unsettled} promises have not settled`
    const here: Entries = [...map.entries()]
    if (!equals(here as Value, truth as Value)) return `differs from the host: ${JSON.stringify(here)}`
    if (map.size !== truth.length) return `counts ${map.size}`
    for (const [name, history] of [
      ['callbacks', this.#told],
      ['batches', this.#batched],
    ] as const) {
      const same =
        history.size === truth.length && truth.every(([key, value]) => equals(history.get(identity(key)), value))
      if (!same) return `its ${name} make another map: ${JSON.stringify([...history])}`
    }
    return undefined
  }

  end(): Promise<void> {
    return this.client.close()
  }

  #failed(error: SwimError): void {
    if (error.code === 'callback') this.faults.push(error.message)
  }
}
