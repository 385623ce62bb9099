// A host with one list lane that behaves as a SwimOS Java host does (docs/PROTOCOL.md#list-lanes): one queue for each link, which the
// state of a sync goes through; what can't be done is not done, and nobody is told. Its list is made of plain arrays.
import { stringify, type Value } from '../../src/recon/index.js'
import { parse } from '../../src/recon/index.js'
import type { Peer } from '../../src/testing/memory-network.js'

export interface HostItem {
  /** Its key, as Recon text. */
  readonly key: string
  value: Value
}

const address = 'node:"/unit/1",lane:list'

interface HostListLink {
  readonly queue: string[]
  isSyncing: boolean
}

export class ListHost {
  items: HostItem[] = []
  readonly #peers = new WeakSet<Peer>()
  readonly #links = new Map<Peer, HostListLink>()
  #keys = 0

  connect(peer: Peer): void {
    this.#peers.add(peer)
    peer.onmessage = text => this.#receive(peer, text)
    peer.onclose = () => void this.#links.delete(peer)
  }

  isConnected(peer: Peer): boolean {
    return this.#peers.has(peer)
  }

  /** Writes up to so many frames to each link. Returns whether there were any. */
  pump(most: number): boolean {
    let wrote = false
    for (const [peer, link] of this.#links) {
      for (let i = 0; i < most && (link.queue.length > 0 || link.isSyncing); i++) {
        wrote = true
        const body = link.queue.shift()
        if (body !== undefined) peer.send(`@event(${address})${body}`)
        else {
          link.isSyncing = false
          peer.send(`@synced(${address})`)
        }
      }
    }
    return wrote
  }

  /** Ends all links, as an agent that stops may. */
  unlinkAll(): void {
    for (const peer of this.#links.keys()) peer.send(`@unlinked(${address})`)
    this.#links.clear()
  }

  /** Does what a command says. */
  run(body: string): void {
    const [, type, params, rest] = /^@(\w+)(?:\(([^)]*)\))?(.*)$/s.exec(body)!
    if (type === 'clear') this.items = []
    else if (type === 'drop') this.items = this.items.slice(Math.max(0, Number(params)))
    else if (type === 'take') this.items = this.items.slice(0, Math.max(0, Number(params)))
    else {
      const slots = Object.fromEntries(params!.split(',').map(slot => /^(\w+):(.*)$/.exec(slot)!.slice(1, 3))) as {
        [name: string]: string
      }
      if (!this.#change(type!, slots, rest!.trim())) return
      if (slots['key'] === undefined) body = body.replace(')', ',key:)')
      if (type === 'update' && slots['key'] === undefined)
        body = body.replace('key:)', `key:${this.items[Number(slots['index'])]!.key})`)
    }
    for (const { queue } of this.#links.values()) queue.push(body)
  }

  #change(type: string, slots: { [name: string]: string }, text: string): boolean {
    const { items } = this
    const given = Number(slots['index'] ?? slots['from'])
    const key = slots['key'] || undefined
    const at = key === undefined ? given : items.findIndex(item => item.key === key)
    if (type === 'update') {
      const value = text === '' ? undefined : parse(text)
      if (at >= 0 && at < items.length) items[at] = { ...items[at]!, value }
      else if (given > items.length) return false
      else items.splice(given, 0, { key: key ?? `host${this.#keys++}`, value })
      return true
    }
    if (at < 0 || at >= items.length) return false
    if (type === 'remove') {
      items.splice(at, 1)
      return true
    }
    const to = Number(slots['to'])
    if (to < 0 || to >= items.length) return false
    const [item] = items.splice(at, 1)
    items.splice(to, 0, item!)
    return true
  }

  #receive(peer: Peer, text: string): void {
    const [, tag, body] = /^@(\w+)(?:\([^)]*\))?(.*)$/s.exec(text)!
    const link = this.#links.get(peer)
    if (tag === 'command') return this.run(body!)
    if (tag === 'unlink' && link !== undefined) {
      this.#links.delete(peer)
      peer.send(`@unlinked(${address})`)
    }
    if (tag !== 'link' && tag !== 'sync') return
    const made = link ?? { queue: [], isSyncing: false }
    this.#links.set(peer, made)
    if (link === undefined) peer.send(`@linked(${address})`)
    if (tag === 'link') return
    made.isSyncing = true
    for (const [index, { key, value }] of this.items.entries()) {
      const spelled = value === undefined ? '' : ` ${stringify(value)}`
      made.queue.push(`@update(index:${index},key:${key})${spelled}`)
    }
  }
}
