// The hosts of histories, and what is known of each before it is asked.
import { javaHostMissing, startJavaHost } from '../interop/hosts/java-host.js'
import { startHost, type RealHost } from '../interop/hosts/host-process.js'
import { startRustHost } from '../interop/hosts/rust-host.js'
import type { Source } from './checker/order.js'
import { bundle } from './processes.js'

export interface ProveHost {
  readonly name: string
  readonly protocols: readonly string[]
  /** The map lane of each node that histories are of. */
  readonly laneUri: string
  readonly source: Source
  /** Whether a remove of what is not there does no harm. If not, each key has one client that removes it, and none clears. */
  readonly removesFreely: boolean
  /** Why it can't be had here; undefined where it can. */
  missing(): Promise<string | undefined>
  /** Starts it; what its lane holds goes into the file, where it keeps a record. */
  start(record: string): Promise<RealHost>
}

let program: Promise<string> | undefined

const embedded: ProveHost = {
  name: 'swimlink/host',
  protocols: [],
  laneUri: 'map',
  source: 'record',
  removesFreely: true,
  missing: () => Promise.resolve(undefined),
  async start(record) {
    const path = await (program ??= bundle('host'))
    return startHost({
      name: 'swimlink/host',
      command: process.execPath,
      args: port => [path, String(port), record],
    })
  },
}

const rust: ProveHost = {
  name: 'SwimOS Rust',
  protocols: ['warp0'],
  laneUri: 'recorded',
  source: 'record',
  removesFreely: false,
  missing: () => Promise.resolve(undefined),
  start: record => startRustHost({ inactiveMs: 600_000, record }),
}

/** Its agents run commands on the thread of each socket, so it can't note an order: the observer says what it was told. */
const java: ProveHost = {
  name: 'SwimOS Java',
  protocols: [],
  laneUri: 'map',
  source: 'observer',
  removesFreely: true,
  missing: javaHostMissing,
  start: () => startJavaHost(),
}

export const proveHosts: { readonly [name: string]: ProveHost } = { embedded, rust, java }
