// Floor 6. One lane of a host, as the relay holds it for all tabs: one link to the host, and the lane's state.
import type { LaneAddress } from '../../base/address.js'
import { MapModel, type MapObserver } from '../../downlink/map/map-model.js'
import type { Link } from '../../link/link.js'
import type { LinkNews, LinkObserver, LinkSink } from '../../link/link-port.js'
import { Sinks } from '../../link/sinks.js'
import { stringify, type Value } from '../../recon/index.js'
import type { Sync } from '../../store/replica.js'
import { MapOpReader } from '../../warp/map-op.js'
import { HeldList, type HeldListListener } from './held-list.js'
import type { HeldLane, TabLink } from './tab-link.js'
import type { TextReader } from './text-reader.js'

/** What a lane needs of its socket. */
export interface LaneSocket {
  readonly reader: TextReader
  /** Counts commands, syncs and probes as they are sent, so that "before" and "after" can be compared. */
  moment: number
  /** The host has received everything sent up to a moment. */
  heard(at: number): void
  /** An event may be the echo of a command. */
  echoed(route: string, body: () => string): void
}

export class Lane implements HeldLane, HeldListListener, LinkSink, LinkObserver, MapObserver {
  readonly kind = 'relay'
  readonly link: Link
  readonly links = new Set<TabLink>()
  readonly #socket: LaneSocket
  /** The state of a map lane; stays empty for lanes of other kinds. */
  readonly #map: MapModel
  /** The state of a list lane, once the lane is known to be one. */
  #list: HeldList | undefined
  /** The models in use, all of which take part in each sync. */
  readonly #models = new Sinks()
  readonly #ops: MapOpReader
  /** The host's syncs under way, and the moments when they began. */
  #syncs: readonly { readonly sync: Sync; readonly at: number }[] = []
  provenAt = -1
  /** Whether the event being handled has changed the state; undefined outside of an event. */
  #hasChanged: boolean | undefined

  constructor(link: Link, socket: LaneSocket) {
    const { reader } = socket
    this.link = link
    this.#socket = socket
    this.#ops = new MapOpReader(reader)
    // Keeps entries without a value: a tab may want them. For other tabs, the same frame is a removal.
    this.#map = new MapModel('map', { link, reader, freezeValues: false }, true)
    this.#map.attach(this)
    this.#models.add(this.#map)
    link.sinks.add(this)
  }

  get address(): LaneAddress {
    return this.link.address
  }

  // ---- what tabs ask

  /**
   * A tab asks for the link, and maybe for the state.
   * @param from the moment of the tab's last command to the lane, if it asks for the state
   * @param isDistrusted whether the tab has just given up the link because it was silent for too long
   */
  ask(tab: TabLink, from: number | undefined, isDistrusted: boolean): void {
    const { link } = this
    const isNew = !this.links.has(tab)
    this.links.add(tab)
    if (from !== undefined) tab.ask(from)
    link.attach(this, from !== undefined)
    if (isDistrusted) this.#relink()
    // The client's own pause after a refusal does not apply: a tab decides when to ask again.
    if (link.phase === 'refused') link.dispatch('expired')
    if (this.#isLinked && (isNew ? tab.awaitsLinked : from === undefined)) tab.linked()
    else if (from === undefined) tab.awaitsLinked = true
    this.serve(tab)
  }

  /** Gives up the link, and asks for it again. */
  #relink(): void {
    const { link } = this
    // If an event has come since the last look, the first dispatch only notes that the link is alive.
    for (let i = 0; i < 2 && link.phase === 'live' && link.state.syncs.length === 0; i++) link.dispatch('expired')
  }

  /** A tab does not want the lane any more. */
  release(tab: TabLink): void {
    if (this.links.delete(tab) && this.links.size === 0) this.link.detach(this)
  }

  serve(tab: TabLink): void {
    const { link } = this
    const { phase, laneKind } = link
    const isHeld = phase === 'live' && laneKind !== 'value'
    // While some of the state is in doubt, only a tab without any state gets it. The others wait for the next sync.
    const isSure = link.state.want === undefined && this.#syncs.length === 0
    const missing = tab.serve(isHeld ? this.provenAt : -1, isSure)
    if (missing === undefined || !link.state.sync) return
    // A sync under way is enough if it began late enough: afterwards the state includes the tab's commands.
    if (laneKind !== 'value' && this.#syncs.some(({ at }) => at >= missing)) return
    // In other phases a sync is under way or about to be requested; one more is requested after that.
    if (phase === 'live' || phase === 'stale') link.dispatch('fence')
    else if (this.#syncs.length > 0) link.dispatch('resync')
  }

  get isOrdered(): boolean {
    return this.#list !== undefined
  }

  *entries(): Generator<string> {
    if (this.#list !== undefined) return yield* this.#list.bodies()
    const { shown } = this.#map
    for (const id of shown.idsAsLaid()) {
      const text = this.textOf(id)
      if (text !== undefined) yield text
    }
  }

  textOf(id: unknown): string | undefined {
    const { shown } = this.#map
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
    const isInSync = this.#syncs.length > 0
    this.#hasChanged = false
    let fault: unknown
    try {
      this.#takeIn(text, bodyAt)
    } catch (cause) {
      fault = cause
    }
    const isNews = this.#hasChanged || !isInSync || fault !== undefined || this.link.laneKind === 'value'
    this.#hasChanged = undefined
    for (const tab of this.links) if (isNews || tab.wantsAll) tab.event(text, bodyAt)
    if (fault !== undefined) throw fault
  }

  #takeIn(text: string, bodyAt: number): void {
    const { link } = this
    if (link.laneKind === undefined || link.laneKind === 'map') this.#map.event(text, bodyAt)
    // This event may have shown that the lane is a list.
    if (link.laneKind === 'list') this.#heldList().event(text, bodyAt)
  }

  #heldList(): HeldList {
    if (this.#list !== undefined) return this.#list
    const list = (this.#list = new HeldList(this.link, this.#socket.reader, this))
    for (const { sync } of this.#syncs) list.beginSync(sync)
    this.#models.add(list)
    return list
  }

  /** The host has refused the lane, or ended the link. */
  #refused(): void {
    const { reason } = this.link.state
    const links = [...this.links]
    this.links.clear()
    for (const tab of links) tab.unlinked(reason === 'unlinked' ? '' : `@${reason}`)
    this.link.detach(this)
  }

  told(news: LinkNews): void {
    if (news === 'unlinked' || news === 'refused') this.#refused()
    else if (news === 'linked') for (const tab of this.links) if (tab.awaitsLinked) tab.linked()
  }

  beginSync(sync: Sync): void {
    this.#models.each(model => model.beginSync(sync))
    this.#syncs = [...this.#syncs, { sync, at: ++this.#socket.moment }]
    for (const tab of this.links) tab.began(sync)
  }

  endSync(sync: Sync): boolean {
    this.#models.endSync(sync)
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
    this.#models.each(model => model.restartSyncs())
  }
  spoilSyncs(): void {
    this.#models.each(model => model.spoilSyncs())
  }
  abandonSync(): void {
    this.#models.each(model => model.abandonSync())
  }
  gaveUp(): void {}
  failed(): void {}

  // ---- what becomes of the entries

  changed(id: unknown, key: Value): void {
    // The event that made this change is passed on as it is.
    if (this.#hasChanged !== undefined) this.#hasChanged = true
    else for (const tab of this.links) tab.changed(id, key)
  }
  /** Own clears only: a worker makes none. */
  cleared(): void {}
  itemChanged(body: () => string): void {
    if (this.#hasChanged !== undefined) this.#hasChanged = true
    else for (const tab of this.links) tab.itemChanged(body())
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
