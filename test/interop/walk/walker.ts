// Interop support. One client of a walk, behind a proxy of its own, with all that its callbacks have told.
import WebSocket from 'ws'
import { SwimClient, type SwimError, type MapDownlink, type SocketClass, type Value } from '../../../src/index.js'
import { equals, identity } from '../../../src/recon/index.js'
import { startProxy, type TcpProxy } from '../proxy.js'
import type { Entries } from '../scenarios/kit.js'

/** The latest frames of a walker's sockets, for whoever has to find out what went wrong. */
const keptFrames = 60

export class Walker {
  readonly client: SwimClient<{ hostUri: string }>
  readonly proxy: TcpProxy
  map!: MapDownlink<Value, Value>
  /** Promises of writes that have not settled. */
  unsettled = 0
  /** Faults that the callbacks of this walker found themselves. */
  readonly faults: string[] = []
  readonly frames: string[] = []
  readonly #where: { readonly node: string; readonly lane: string }
  #told = new Map<unknown, Value>()
  #batched = new Map<unknown, Value>()

  static async start(target: string, node: string, lane: string): Promise<Walker> {
    return new Walker(await startProxy({ target }), node, lane)
  }

  constructor(proxy: TcpProxy, node: string, lane: string) {
    const { frames } = this
    const keep = (text: string) => {
      // Signs of life say nothing.
      if (/^. @link(ed)?\(/.test(text)) return
      frames.push(`${Math.round(performance.now())} ${text}`)
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
    this.proxy = proxy
    this.#where = { node, lane }
    this.client = new SwimClient({
      hostUri: proxy.uri,
      webSocket: Heard as unknown as SocketClass,
      // Never so soon that a host could still be busy with what the last socket brought.
      reconnectMinMs: 150,
      reconnectMaxMs: 400,
      reconnectJitter: 0.5,
      settledAfterMs: 200,
      connectTimeoutMs: 800,
      heartbeatMs: 300,
      heartbeatTimeoutMs: 500,
      requestTimeoutMs: 800,
      echoTimeoutMs: 300,
      unlinkDelayMs: 20,
      writeTimeoutMs: Infinity,
      onError: (error: SwimError) => this.#failed(error),
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

  async end(): Promise<void> {
    await this.client.close()
    await this.proxy.close()
  }

  #failed(error: SwimError): void {
    if (error.code === 'callback') this.faults.push(error.message)
  }
}
