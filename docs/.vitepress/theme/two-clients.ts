// Two clients of one host, all in this page: a host in memory, whose time passes with that of the page.
import type { DownlinkStatus } from 'swimlink'
import { testHost } from 'swimlink/testing'
import { passTime } from './host-time.js'

interface Elevator {
  readonly floor: number
}

export interface Row {
  readonly key: string
  readonly floor: number
  /** What became of an own write that is not in the lane yet. */
  readonly pending?: 'waiting' | 'sent' | undefined
}

/** A client, as it is shown. */
export interface Shown {
  readonly name: string
  readonly status: string
  readonly isCut: boolean
  readonly rows: readonly Row[]
  cut(): void
  heal(): void
  set(key: string, floor: number): void
}

export interface Scene {
  /** What the lane of the host holds. */
  readonly lane: readonly Row[]
  readonly clients: readonly Shown[]
}

/** How long a frame takes each way, in milliseconds: long enough to be seen. */
const delayMs = 300

const wordsOf = (status: DownlinkStatus): string =>
  status.state === 'stale' ? `stale, ${status.because}` : status.state

/** Starts two clients, and calls `show` whenever what they show may have changed. Returns what ends them. */
export function startTwoClients(show: (scene: Scene) => void): () => void {
  const host = testHost({ maxFrames: 0 })
  const lane = host.lane('/hotel/lobby', 'elevators')
  lane.set('guest', { floor: 4 }).set('parking', { floor: -1 }).set('service', { floor: 2 })

  const clients = ['Client A', 'Client B'].map(name => {
    const client = host.client({ reconnectMaxMs: 2000, onError: () => {} })
    const map = client.downlinkMap<string, Elevator>({ nodeUri: '/hotel/lobby', laneUri: 'elevators' }).open()
    let isCut = false
    const heal = () => {
      isCut = false
      host.heal(client).delay(delayMs, client)
      client.retryNow()
      look()
    }
    const cut = () => {
      isCut = true
      host.cut(client)
      look()
    }
    const set = (key: string, floor: number) => {
      map.set(key, { floor })
      look()
    }
    host.delay(delayMs, client)
    return (): Shown => ({
      name,
      status: wordsOf(map.status),
      isCut,
      rows: Array.from(map, ([key, { floor }]) => ({ key, floor, pending: map.pendingState(key) })),
      cut,
      heal,
      set,
    })
  })

  function look(): void {
    const rows = Array.from(lane as Iterable<[string, Elevator]>, ([key, { floor }]) => ({ key, floor }))
    show({ lane: rows, clients: clients.map(shown => shown()) })
  }

  look()
  return passTime(host, look)
}
