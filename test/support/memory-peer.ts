// A client of a host without a socket, in a time that moves when the test says so.
import { Plane, type PlaneLimits, type PlaneParts } from '../../src/host/nodes/plane.js'
import { Peer, type PeerHost, type PeerLimits } from '../../src/host/peers/peer.js'
import type { Wire } from '../../src/host/peers/wire.js'
import { Reader } from '../../src/recon/index.js'
import { MapOpReader } from '../../src/warp/map-op.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'

export class MemoryWire implements Wire {
  readonly frames: string[] = []
  /** How it was closed, once it is. */
  closed: string | undefined
  bufferedBytes = 0
  isPaused = false
  pings = 0

  send(frame: string): void {
    this.frames.push(frame)
  }

  together(write: () => void): void {
    write()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  ping(): void {
    this.pings++
  }

  close(code: number, reason: string): void {
    this.closed = `${code} ${reason}`
  }

  terminate(): void {
    this.closed = 'terminated'
  }
}

/** A plane in memory, and clients of it. */
export function memoryPlane(
  { limits: planeLimits, ...parts }: Partial<Omit<PlaneParts, 'limits'>> & { limits?: Partial<PlaneLimits> } = {},
  limits: Partial<PeerLimits> = {},
  authenticate?: PeerHost['authenticate'],
) {
  const clock = new VirtualClock()
  const errors: string[] = []
  const report = (error: unknown, where: string) => void errors.push(`${where}: ${String(error)}`)
  const plane = new Plane({
    clock,
    store: undefined,
    limits: {
      maxNodes: 1000,
      maxNodesPerAccount: 500,
      maxEntriesPerLane: 1000,
      maxLaneBytes: 1e6,
      maxHostBytes: 1e7,
      ...planeLimits,
    },
    remote: { map: () => () => {}, value: () => () => {} },
    onError: report,
    storeFailed: error => report(error, 'the store'),
    ...parts,
  })
  const reader = new Reader()
  const host: PeerHost = {
    limits: {
      maxLinksPerSocket: 1000,
      maxUriChars: 2048,
      maxQueuedChars: 1_000_000,
      maxBufferedBytes: 100_000,
      maxFramesPerSecond: 1000,
      ...limits,
    },
    clock,
    journal: plane.journal,
    reader,
    ops: new MapOpReader(reader),
    authenticate,
    visit: (...all) => plane.visit(...all),
    report,
  }
  return {
    clock,
    errors,
    plane,
    /** A new client. */
    connect(url = '/') {
      const wire = new MemoryWire()
      const peer = new Peer(wire, { url, headers: {}, remoteAddress: undefined }, host)
      return {
        wire,
        peer,
        /** Sends frames; gives what was heard since the last time. */
        async says(...frames: string[]): Promise<string[]> {
          for (const frame of frames) peer.receive(frame)
          await clock.settle()
          return wire.frames.splice(0)
        },
      }
    },
  }
}
