// The host that pages of these tests link to: the embedded one, with a node whose map lanes and value lanes have few names.
import type { Value } from '../../../src/recon/index.js'
import { WarpHost, type MapLane, type ValueLane } from '../../../src/host/index.js'

export class LaneHost {
  #host: WarpHost
  readonly uri: string
  readonly #port: number

  private constructor(host: WarpHost, uri: string, port: number) {
    this.#host = host
    this.uri = uri
    this.#port = port
  }

  static async listen(): Promise<LaneHost> {
    const host = makeHost(0)
    const { uri, port } = await host.listen()
    return new LaneHost(host, uri, port)
  }

  /** The map lane `rows`. */
  get rows(): MapLane<string> {
    return this.#host.nodeRef('/n').lane('rows', 'map') as MapLane<string>
  }

  /** The value lane `light`. */
  get light(): ValueLane {
    return this.#host.nodeRef('/n').lane('light', 'value')
  }

  get load(): WarpHost['load'] {
    return this.#host.load
  }

  /** The host goes, and another comes in its place, with empty lanes. */
  async restart(fill: () => void = () => {}): Promise<void> {
    await this.#host.close()
    this.#host = makeHost(this.#port)
    fill()
    await this.#host.listen()
  }

  close(): Promise<void> {
    return this.#host.close()
  }
}

const makeHost = (port: number): WarpHost =>
  new WarpHost({ port }).node('/n', node => {
    node.mapLane<string, Value>('rows')
    node.valueLane('light')
  })
