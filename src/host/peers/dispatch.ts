// Floor 3'. Handles the frames of one socket, and answers them. It writes to a port, and does not know sockets.
import { canonicalUri, folderOf, routeKey } from '../../base/address.js'
import { ProtocolError } from '../../base/errors.js'
import type { Reader } from '../../recon/index.js'
import type { MapOpReader } from '../../warp/map-op.js'
import type { EnvelopeHead } from '../../warp/envelope.js'
import { readEnvelope } from '../../warp/read-envelope.js'
import { writeHead } from '../../warp/write-envelope.js'
import { Link, type LinkSocket } from './link.js'
import type { LaneDoor } from '../lanes/lane.js'
import type { Found } from '../nodes/nodes.js'
import type { Access } from '../nodes/rights.js'
import { writeBody } from '../lanes/write-body.js'

export interface DispatchPort extends LinkSocket {
  /** Sends a frame before all frames that wait. */
  send(frame: string): void
  /** Ends the socket, with a close reason. */
  close(code: number, reason: string): void
  /** The node of an absolute, canonical path, for an access of the client. The caller has to settle the node afterwards. */
  visit(path: string, access: Access): Found
  /** Calls `run` once everything recorded so far is stored. */
  afterKept(run: () => void): void
  /** Checks credentials. Later frames wait for the result. */
  authenticate(text: string, bodyAt: number): void
  deauthenticate(): void
  readonly reader: Reader
  readonly ops: MapOpReader
  readonly maxLinks: number
  readonly maxUriChars: number
}

/** How many links of one socket may differ only in query or fragment. Each of them gets every event of the lane. */
const maxVariants = 256

/** The path without query and fragment, which belong to the address of a link, but not of a node. */
const pathOf = (node: string): string => /^[^?#]*/.exec(node)![0]

export class Dispatch {
  readonly #port: DispatchPort
  /** The base of relative node URIs. */
  readonly #base: string
  readonly #links = new Map<string, Link>()
  /** The number of links that differ only in query or fragment, for each lane. */
  readonly #variants = new Map<string, number>()

  /** @param requestPath the path of the request that opened the socket */
  constructor(port: DispatchPort, requestPath: string) {
    this.#port = port
    this.#base = folderOf(pathOf(requestPath))
  }

  get linkCount(): number {
    return this.#links.size
  }

  /** @throws {ReconError|ProtocolError} when the frame is not an envelope: the socket has to be closed */
  receive(text: string): void {
    const head = readEnvelope(text, this.#port.reader, this.#port.maxUriChars)
    // A line break ends the envelope, as in SwimOS Java. The rest would be lost, as a body that nobody meant.
    if (/[\r\n]/.test(text.charAt(head.bodyAt)) && text.slice(head.bodyAt).trim() !== '')
      throw new ProtocolError('a line break after the head: each envelope is a message of its own', text)
    switch (head.tag) {
      case 'link':
      case 'sync':
        return this.#open(head, text)
      case 'unlink':
        return this.#unlink(head)
      case 'command':
        return this.#command(head, text)
      case 'auth':
        return this.#port.authenticate(text, head.bodyAt)
      case 'deauth':
        return this.#port.deauthenticate()
      case 'linked':
      case 'synced':
      case 'unlinked':
      case 'event':
      case 'authed':
      case 'deauthed':
        // Frames that only hosts send mean nothing to a host.
        return
    }
  }

  end(): void {
    for (const link of this.#links.values()) link.close()
    this.#links.clear()
  }

  #resolve(node: string): string {
    const canonical = canonicalUri(node)
    return canonical.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(canonical)
      ? canonical
      : canonicalUri(this.#base + canonical)
  }

  #open({ tag, node, lane, prio, rate, bodyAt }: EnvelopeHead, text: string): void {
    const port = this.#port
    if (Number.isNaN(prio) || Number.isNaN(rate)) throw new ProtocolError('prio and rate must be numbers', text)
    const resolved = this.#resolve(node)
    const laneUri = canonicalUri(lane)
    const route = routeKey(resolved, laneUri)
    const held = this.#links.get(route)
    if (held !== undefined) {
      return port.afterKept(() => {
        if (tag === 'sync') held.uplink.sync()
        else if (this.#links.get(route) === held) port.send(held.linked)
      })
    }
    const spelled = canonicalUri(node)
    const unlinked = writeHead('unlinked', spelled, laneUri)
    const found = port.visit(pathOf(resolved), 'read')
    if (found === undefined) return port.send(`${unlinked}@nodeNotFound`)
    if (found === 'refused') return port.send(unlinked)
    try {
      const door = found.door(laneUri)
      if (door === undefined) return port.send(`${unlinked}@laneNotFound`)
      if (!door.mayRead(port.session)) return port.send(unlinked)
      if (this.#links.size >= port.maxLinks) return port.close(1008, `more than ${port.maxLinks} links`)
      if (!this.#countVariant(resolved, laneUri, 1))
        return port.close(1008, `more than ${maxVariants} links to one lane`)
      const body = writeBody(port.reader.block(text, bodyAt))
      const linked = writeHead('linked', spelled, laneUri, { prio, rate }) + body
      const share = Math.round(32 * 4 ** Math.max(-1, Math.min(1, prio)))
      // From now on the link gets all changes that are stored from now on.
      const link = new Link(port, door, route, spelled, laneUri, linked, share)
      this.#links.set(route, link)
      port.send(linked)
      if (tag === 'sync') port.afterKept(() => link.uplink.sync())
    } finally {
      found.settle()
    }
  }

  /** Counts a link that differs from others only in query or fragment. Returns whether the client may have so many. */
  #countVariant(node: string, laneUri: string, more: 1 | -1): boolean {
    const path = pathOf(node)
    if (path === node) return true
    const lane = routeKey(path, laneUri)
    const count = (this.#variants.get(lane) ?? 0) + more
    if (count > 0) this.#variants.set(lane, count)
    else this.#variants.delete(lane)
    return count <= maxVariants
  }

  /** Ends a link, and sends `@unlinked`. */
  expel(link: Link): void {
    if (!this.#links.delete(link.route)) return
    this.#countVariant(this.#resolve(link.node), link.laneUri, -1)
    link.close()
    this.#port.send(writeHead('unlinked', link.node, link.laneUri))
  }

  #unlink({ node, lane }: EnvelopeHead): void {
    const link = this.#links.get(routeKey(this.#resolve(node), canonicalUri(lane)))
    if (link !== undefined) this.expel(link)
  }

  #command({ node, lane, bodyAt }: EnvelopeHead, text: string): void {
    const port = this.#port
    const found = port.visit(pathOf(this.#resolve(node)), 'write')
    if (found === undefined) return
    if (found === 'refused') return port.close(1008, 'Forbidden')
    try {
      const door = found.door(canonicalUri(lane))
      if (door === undefined) return
      if (!door.mayWrite(port.session)) return port.close(1008, 'Forbidden')
      found.see()
      this.#hand(door, text, bodyAt)
    } finally {
      found.settle()
    }
  }

  #hand(door: LaneDoor, text: string, bodyAt: number): void {
    const port = this.#port
    try {
      door.command({ text, bodyAt, reader: port.reader, ops: port.ops, session: port.session })
    } catch (error) {
      // A command that the lane can't use is ignored, as in SwimOS. A command that is not Recon ends the socket.
      if (!(error instanceof ProtocolError)) throw error
      port.reader.block(text, bodyAt)
    }
  }
}
