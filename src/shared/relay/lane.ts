// Floor 6. One lane of a host, as the relay holds it for all tabs: one link of the host's, and what the lane has.
import type { LaneAddress } from '../../base/address.js'
import { MapModel, type MapObserver } from '../../downlink/map/map-model.js'
import type { Link } from '../../link/link.js'
import type { LinkObserver, LinkSink } from '../../link/link-port.js'
import { stringify, type Value } from '../../recon/index.js'
import type { Sync } from '../../store/replica.js'
import { MapOpReader } from '../../warp/map-op.js'
import type { HeldLane, TabLink } from './tab-link.js'
import type { TextReader } from './text-reader.js'

/** What a lane has of its socket. */
export interface LaneSocket {
  readonly reader: TextReader
  /** Counts what is sent that tells one thing from another: commands, syncs, probes. */
  moment: number
  /** The host has had all that was sent up to a moment. */
  heard(at: number): void
  /** An event may be the echo of a command. */
  echoed(route: string, body: () => string): void
}

export class Lane implements HeldLane, LinkSink, LinkObserver, MapObserver {
  readonly kind = 'relay'
  readonly link: Link
  readonly links = new Set<TabLink>()
  readonly #socket: LaneSocket
  readonly #model: MapModel
  readonly #ops: MapOpReader
  /** The syncs of the host's that are under way, and when they began. */
  #syncs: readonly { readonly sync: Sync; readonly at: number }[] = []
  provenAt = -1
  /** Whether the event that is being taken in has changed anything; undefined where none is. */
  #hasChanged: boolean | undefined

  constructor(link: Link, socket: LaneSocket) {
    const { reader } = socket
    this.link = link
    this.#socket = socket
    this.#ops = new MapOpReader(reader)
    // Entries without a value are kept, as a tab may want them; to others the same frame is a remove.
    this.#model = new MapModel('map', { link, reader, freezeValues: false }, true)
    this.#model.observers.add(this)
    link.sinks.add(this)
  }

  get address(): LaneAddress {
    return this.link.address
  }

  // ---- what tabs ask

  /** A tab asks for the link, and maybe for the state. @param from the moment of its last command to the lane, where it asks for the state */
  ask(tab: TabLink, from: number | undefined): void {
    const { link } = this
    const isNew = !this.links.has(tab)
    this.links.add(tab)
    if (from !== undefined) tab.ask(from)
    link.attach(this, from !== undefined)
    // Asked again at once, as a tab that is told so asks when it will.
    if (link.phase === 'refused') link.dispatch('expired')
    if (this.#isLinked && (isNew ? tab.awaitsLinked : from === undefined)) tab.linked()
    else if (from === undefined) tab.awaitsLinked = true
    this.serve(tab)
  }

  /** Gives the link up, and asks for it again: a tab has done so, since it trusts it no more. */
  relink(): void {
    const { link } = this
    // With an event since the last look, the first is that look.
    for (let i = 0; i < 2 && link.phase === 'live' && link.state.syncs.length === 0; i++) link.dispatch('expired')
  }

  /** A tab does not want the lane any more. */
  release(tab: TabLink): void {
    if (this.links.delete(tab) && this.links.size === 0) this.link.detach(this)
  }

  serve(tab: TabLink): void {
    const { link } = this
    const { phase, laneKind } = link
    const isHeld = phase === 'live' && (laneKind === 'map' || laneKind === undefined)
    const missing = tab.serve(isHeld ? this.provenAt : -1)
    if (missing === undefined || !link.state.sync) return
    // One that is under way will do for a map, if it began late enough: it is then held.
    const isUnderWay = this.#syncs.some(({ at }) => at >= missing)
    if (isUnderWay && laneKind !== 'value' && laneKind !== 'list') return
    // In another phase a sync is under way or about to be asked for; one more comes after it.
    if (phase === 'live' || phase === 'stale') link.dispatch('fence')
    else if (this.#syncs.length > 0) link.dispatch('resync')
  }

  *entries(): Generator<string> {
    const { shown } = this.#model.replica
    for (const id of shown.idsAsLaid()) {
      const text = this.textOf(id)
      if (text !== undefined) yield text
    }
  }

  textOf(id: unknown): string | undefined {
    const { shown } = this.#model.replica
    if (!shown.has(id)) return undefined
    return `@update(key:${stringify(shown.keyOf(id))})${(shown.get(id) as string | undefined) ?? ''}`
  }

  changeIn(text: string, bodyAt: number): { readonly key: Value } | 'clear' | undefined {
    if (this.link.laneKind !== 'map') return undefined
    const op = this.#ops.read(text, bodyAt)
    if (op === 'clear') return op
    return op === 'update' || op === 'remove' ? { key: this.#ops.key } : undefined
  }

  // ---- what the host says

  event(text: string, bodyAt: number): void {
    this.#socket.echoed(this.link.address.route, () => text.slice(bodyAt))
    let fault: unknown
    const isMap = this.link.laneKind === undefined || this.link.laneKind === 'map'
    this.#hasChanged = !isMap || this.#syncs.length === 0
    try {
      if (isMap) this.#model.event(text, bodyAt)
    } catch (cause) {
      fault = cause
    }
    const isNews = this.#hasChanged || fault !== undefined || this.link.laneKind !== 'map'
    this.#hasChanged = undefined
    for (const tab of this.links) if (isNews || tab.wantsAll) tab.event(text, bodyAt)
    if (fault !== undefined) throw fault
  }

  /** The host has refused the lane, or ended the link. */
  refused(): void {
    const { reason } = this.link.state
    const links = [...this.links]
    this.links.clear()
    for (const tab of links) tab.unlinked(reason === 'unlinked' ? '' : `@${reason}`)
    this.link.detach(this)
  }

  told(news: string): void {
    if (news === 'linked') for (const tab of this.links) if (tab.awaitsLinked) tab.linked()
  }

  beginSync(sync: Sync): void {
    this.#model.beginSync(sync)
    this.#syncs = [...this.#syncs, { sync, at: ++this.#socket.moment }]
    for (const tab of this.links) tab.began(sync)
  }

  endSync(sync: Sync): boolean {
    this.#model.endSync(sync)
    const at = this.#syncs.findIndex(each => each.sync === sync)
    if (at >= 0) this.#socket.heard((this.provenAt = this.#syncs[at]!.at))
    this.#syncs = this.#syncs.slice(at + 1)
    const isOver = (asked: Sync) => !this.#syncs.some(each => each.sync === asked)
    for (const tab of this.links) {
      tab.ended(isOver)
      this.serve(tab)
    }
    return false
  }

  restartSyncs(): void {
    this.#model.restartSyncs()
  }
  spoilSyncs(): void {
    this.#model.spoilSyncs()
  }
  abandonSync(): void {
    this.#model.abandonSync()
  }
  gaveUp(): void {}
  failed(): void {}

  // ---- what becomes of the entries

  changed(id: unknown, key: Value): void {
    // The frame that has changed it is handed on as it is.
    if (this.#hasChanged !== undefined) this.#hasChanged = true
    else for (const tab of this.links) tab.changed(id, key)
  }
  did(): void {
    this.#hasChanged = true
  }
  pendingChanged(): void {}
  faulty(): void {}
  misfit(): void {}

  get #isLinked(): boolean {
    const { phase } = this.link
    return phase === 'syncing' || phase === 'live' || phase === 'stale'
  }
}
