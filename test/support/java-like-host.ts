// A host that misbehaves as a SwimOS Java host does. Each of these was seen on a real one, or follows from its source; without a
// limit on how late a frame may be, nothing could be demanded of a client, and the limits below are far beyond what was seen.
//
// - Updates fold per key. Removes overtake updates of other keys. An update whose key has gone is sent without a body. Drop and take
//   come out of place. A link that was not found stays mute until an @unlink.
// - It overtakes. A remove or clear takes effect at once, and its frame is queued when its thread comes to it. A thread that is held
//   up in between lets a newer update of the same key go out first, live or within a sync, and that is not sent again. A command's
//   thread is its socket's: what that client sends to the lane waits with it. The frame comes by itself, 2 s after the effect at
//   most (41 ms were seen): a thread goes on when it gets its turn, whatever anybody does. Links that were made in between get it.
// - What waits in a link's queue follows a newer update of its key within 2 s: a host is held back by TCP alone, and TCP holds back
//   all that comes behind.
// - It may swallow the @synced of a @sync that comes within 1 ms of another @synced: the flag that ends one ends both.
// - An agent that stops says nothing. Its links are answered with what the lane held, and hear of no change. After one @command on
//   such a link (which is lost) nothing of it is answered on that socket. Before that, @unlink and @sync link to the living agent,
//   as other sockets do. Entries stay, unless the lane is transient.
// - A command that is forbidden, or too long, ends its socket (socket-host.ts).
//
// A real host does not say that an entry without a value is removed; this one does, as such a lane is right after a sync alone.
import type { HostLane, LaneOp } from './host-lane.js'
import { JavaLikeLink, lagMs } from './java-like-link.js'
import type { Peer } from '../../src/testing/memory-network.js'
import { SocketHost, type Command } from './socket-host.js'

/** The link of an agent that has stopped. */
interface Stopped {
  /** A command came: nothing is answered any more. */
  isDeaf: boolean
}

export class JavaLikeHost extends SocketHost<JavaLikeLink> {
  /** How long threads are held up at most between what they do and their frames, in milliseconds. */
  heldUpMs = 0
  readonly #stopped = new Map<JavaLikeLink, Stopped>()
  /** What waits for a thread that is held up, by socket and lane. */
  readonly #behind = new Map<Peer, Map<string, (() => void)[]>>()
  /** Whose command is being run, and on which lane. */
  #running: { readonly peer: Peer; readonly route: string } | undefined

  override add(route: string, lane: HostLane): HostLane {
    lane.publish = op => this.#publish(lane, op)
    return super.add(route, lane)
  }

  /** Stops the agents, and says nothing. @param isTransient whether what lanes hold goes with them */
  stopAgents(isTransient: boolean): void {
    for (const lane of this.lanes.values()) {
      const held = lane.freeze()
      for (const link of this.allLinks()) {
        if (link.lane !== lane) continue
        link.lane = held
        this.#stopped.set(link, { isDeaf: false })
      }
      if (isTransient) lane.wipe()
    }
  }

  override isStopped(link: JavaLikeLink): boolean {
    return this.#stopped.has(link)
  }

  protected link(peer: Peer, address: string, lane: HostLane): JavaLikeLink {
    return new JavaLikeLink(peer, address, lane, this.options)
  }

  protected override request(peer: Peer, tag: string, route: string, address: string): void {
    this.#inTurn(peer, route, () => {
      const link = this.linkOf(peer, route)
      const stopped = link && this.#stopped.get(link)
      if (stopped?.isDeaf === true) return
      super.request(peer, tag, route, address)
    })
  }

  protected override run(peer: Peer, command: Command): void {
    const { route } = command
    this.#inTurn(peer, route, () => {
      const link = this.linkOf(peer, route)
      const stopped = link && this.#stopped.get(link)
      if (stopped !== undefined) {
        this.options.tally('a command to an agent that had stopped')
        stopped.isDeaf = true
        link!.close()
        return
      }
      this.#running = { peer, route }
      super.run(peer, command)
      this.#running = undefined
    })
  }

  #inTurn(peer: Peer, route: string, act: () => void): void {
    const behind = this.#behind.get(peer)?.get(route)
    if (behind === undefined) act()
    else behind.push(act)
  }

  #publish(lane: HostLane, op: LaneOp): void {
    const { clock, chance } = this.options
    const links = [...lane.listeners] as JavaLikeLink[]
    const isHeldUp = this.heldUpMs > 0 && chance() < 0.5
    // A thread may be held up amid its round of the links.
    const inTime = new Set(isHeldUp ? links.slice(0, Math.floor(chance() * (links.length + 1))) : links)
    for (const link of inTime) link.queued(op)
    if (!isHeldUp) return
    const goOn = this.#holdUp()
    clock.timer(
      () => {
        for (const link of new Set([...links, ...(lane.listeners as Set<JavaLikeLink>)]))
          if (!inTime.has(link)) link.write(op)
        goOn()
      },
      Math.floor(chance() * Math.min(this.heldUpMs, lagMs)),
    )
  }

  /** Holds up the thread that runs. Returns its way on. */
  #holdUp(): () => void {
    if (this.#running === undefined) return () => {}
    const { peer, route } = this.#running
    const behind: (() => void)[] = []
    const routes = this.#behind.get(peer) ?? new Map<string, (() => void)[]>()
    this.#behind.set(peer, routes.set(route, behind))
    return () => {
      // One of them may hold the thread up once more, and those behind it with it.
      routes.delete(route)
      while (behind.length > 0) this.#inTurn(peer, route, behind.shift()!)
    }
  }
}
