// What hosts in memory have in common: envelopes in, links by socket and lane, and what ends a socket.
import type { Clock } from '../../src/base/clock.js'
import { identity, Reader, stringify, type Value } from '../../src/recon/index.js'
import { MapOpReader } from '../../src/warp/map-op.js'
import { readEnvelope } from '../../src/warp/read-envelope.js'
import type { HostLane, LaneListener } from './host-lane.js'
import type { Peer } from '../../src/testing/memory-network.js'

/** One link of a socket to a lane, with what waits to be written to it. */
export interface HostLink extends LaneListener {
  /** As frames spell it. */
  readonly address: string
  /** The lane that it hears of. */
  readonly lane: HostLane
  /** Writes one frame. Returns false where none waits. */
  pump(): boolean
  sync(): void
  /** Writes nothing any more. */
  close(): void
}

/** What a host's command handler reads. */
export interface Command {
  readonly route: string
  readonly op: 'update' | 'remove' | 'clear' | 'drop' | 'take' | 'value'
  readonly key: Value
  readonly value: Value
  readonly count: number
  /** The whole frame, and what of it is about the lane. */
  readonly text: string
  readonly body: string
}

/** How a socket ends over a command. */
export interface HangUp {
  readonly code: number
  readonly reason: string
}

export interface HostOptions {
  readonly clock: Clock
  /** At least 0, below 1. */
  readonly chance: () => number
  /** Hears of each time that a host does something of a kind. */
  readonly tally: (what: string) => void
}

export abstract class SocketHost<L extends HostLink> {
  readonly lanes = new Map<string, HostLane>()
  /** The values that it was told to put, in Recon, whatever came of it. */
  readonly heard = new Set<string>()
  /** Frames that it could not make sense of. */
  readonly strays: string[] = []
  /** Whether a command ends its socket, and how. */
  verdict: (command: Command) => HangUp | undefined = () => undefined
  /** `mute`: a lane that was not found, until an @unlink. */
  protected readonly links = new Map<Peer, Map<string, L | 'mute'>>()
  protected readonly options: HostOptions
  readonly #reader = new Reader()
  readonly #ops = new MapOpReader(this.#reader)

  constructor(options: HostOptions) {
    this.options = options
  }

  add(route: string, lane: HostLane): HostLane {
    this.lanes.set(route, lane)
    return lane
  }

  protected abstract link(peer: Peer, address: string, lane: HostLane): L

  accept(peer: Peer): void {
    this.links.set(peer, new Map())
    peer.onmessage = text => this.receive(peer, text)
    peer.onclose = () => {
      for (const link of this.links.get(peer)?.values() ?? []) {
        if (link === 'mute') continue
        link.close()
        link.lane.listeners.delete(link)
      }
      this.links.delete(peer)
    }
  }

  /** Writes up to `frames` frames, of the links in turn from the `first`-th on. Returns whether any waited. */
  pump(frames: number, first = 0): boolean {
    const links = this.allLinks()
    let wrote = false
    for (let i = 0, idle = 0; i < frames && idle < links.length; i++) {
      if (links[(first + i) % links.length]!.pump()) {
        wrote = true
        idle = 0
      } else idle++
    }
    return wrote
  }

  /** Ends all sockets, as a host that dies. */
  die(): void {
    for (const peer of [...this.links.keys()]) peer.cut()
  }

  /** Tells every link all entries once more, as a host may that folds and replays. */
  repeatState(): void {
    for (const lane of this.lanes.values()) {
      for (const { key } of lane.sorted()) lane.listeners.forEach(listener => listener.updated(identity(key), key))
    }
  }

  /** Ends all links of living agents, with a word for each. */
  unlinkAll(): void {
    for (const [peer, links] of this.links) {
      for (const [route, link] of links) {
        if (link === 'mute' || this.isStopped(link)) continue
        links.delete(route)
        this.unlink(peer, link)
      }
    }
  }

  /** Whether a link is that of an agent that has stopped, and hears of no change. */
  isStopped(_link: L): boolean {
    return false
  }

  linkOf(peer: Peer, route: string): L | undefined {
    const link = this.links.get(peer)?.get(route)
    return link === 'mute' ? undefined : link
  }

  protected allLinks(): L[] {
    return [...this.links.values()].flatMap(links => [...links.values()]).filter((each): each is L => each !== 'mute')
  }

  protected unlink(peer: Peer, link: L): void {
    link.close()
    link.lane.listeners.delete(link)
    peer.send(`@unlinked(${link.address})`)
  }

  /** A frame from a client. */
  protected receive(peer: Peer, text: string): void {
    const { tag, node, lane: laneUri, bodyAt } = readEnvelope(text, this.#reader)
    const route = `${node} ${laneUri}`
    if (tag === 'command') this.#command(peer, route, text, bodyAt)
    else this.request(peer, tag, route, `node:${stringify(node)},lane:${stringify(laneUri)}`)
  }

  /** A frame from a client, other than a command. */
  protected request(peer: Peer, tag: string, route: string, address: string): void {
    const lane = this.lanes.get(route)
    const links = this.links.get(peer)
    // A host that has closed its end may still be working on what it had read.
    if (links === undefined) return
    const held = links.get(route)
    if (tag === 'unlink') {
      links.delete(route)
      if (held !== undefined && held !== 'mute') this.unlink(peer, held)
    } else if (tag !== 'link' && tag !== 'sync') this.strays.push(tag)
    else if (lane === undefined) {
      if (held === 'mute') return
      links.set(route, 'mute')
      peer.send(`@unlinked(${address})@laneNotFound`)
    } else {
      let link = held === 'mute' ? undefined : held
      if (link === undefined || tag === 'link') peer.send(`@linked(${address})`)
      if (link === undefined) {
        link = this.link(peer, address, lane)
        links.set(route, link)
        lane.listeners.add(link)
      }
      if (tag === 'sync') link.sync()
    }
  }

  /** A command that ends no socket. */
  protected run(_peer: Peer, command: Command): void {
    const { op, key, value, count, route } = command
    const lane = this.lanes.get(route)
    if (lane === undefined) return
    if (op === 'update' || op === 'value') {
      this.heard.add(stringify(value))
      lane.set(key, value)
    } else if (op === 'remove') lane.remove(key, `@remove(key:${stringify(key)})`)
    else if (op === 'clear') lane.clear()
    else lane.cut(op, count)
  }

  /**
   * Ends a socket over a command: nothing more is written to it, and the close goes out at once. What the client had sent by then is
   * lost; or its commands are run, as by a host that reads on while it closes.
   */
  protected hangUp(peer: Peer, { code, reason }: HangUp): void {
    this.options.tally(`hung up with ${code}`)
    peer.onclose()
    const readsOn = this.options.chance() < 0.5
    peer.onmessage = text => {
      if (readsOn && text.startsWith('@command')) this.receive(peer, text)
    }
    if (code === 1006) peer.cut()
    else peer.close(code, reason)
  }

  #command(peer: Peer, route: string, text: string, bodyAt: number): void {
    const command = this.#read(route, text, bodyAt)
    if (command === undefined) return void this.strays.push(text)
    const verdict = this.verdict(command)
    if (verdict === undefined) return this.run(peer, command)
    this.heard.add(stringify(command.value))
    if (this.links.has(peer)) this.hangUp(peer, verdict)
  }

  #read(route: string, text: string, bodyAt: number): Command | undefined {
    const body = text.slice(bodyAt)
    if (this.lanes.get(route)?.kind === 'value') {
      return { route, op: 'value', key: undefined, value: this.#reader.block(text, bodyAt), count: 0, text, body }
    }
    const ops = this.#ops
    const op = ops.read(text, bodyAt)
    if (op === undefined || op === 'item') return undefined
    const hasKey = op === 'update' || op === 'remove'
    const value = op === 'update' ? ops.value : undefined
    return { route, op, key: hasKey ? ops.key : undefined, value, count: ops.count, text, body }
  }
}
