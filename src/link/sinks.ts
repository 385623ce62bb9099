// Floor 4. What becomes of a link's event frames, and of its syncs: the replicas of its lane, and who wants frames as they are.
// There may be ten thousand links: what few of them need is made when it is needed, and lists have no room to spare (what is
// pushed onto a list of its own takes 150 bytes).
import type { Sync } from '../store/replica.js'
import type { LinkSink, Tap } from './link-port.js'

export class Sinks {
  sinks: readonly LinkSink[] = []
  #taps: Set<Tap> | undefined

  get(kind: string): LinkSink | undefined {
    return this.sinks.find(sink => sink.kind === kind)
  }

  add(sink: LinkSink): void {
    this.sinks = [...this.sinks, sink]
  }

  tap(tap: Tap): void {
    this.#taps = (this.#taps ?? new Set()).add(tap)
  }

  untap(tap: Tap): void {
    this.#taps?.delete(tap)
  }

  /** An event frame. The hot path: nothing is done here that a sink does not need. */
  event(text: string, bodyAt: number): void {
    if (this.#taps !== undefined) for (const tap of this.#taps) tap(text, bodyAt)
    let fault: unknown
    for (const sink of this.sinks) {
      try {
        sink.event(text, bodyAt)
      } catch (cause) {
        fault = cause
      }
    }
    if (fault !== undefined) throw fault
  }

  beginSync(sync: Sync): void {
    for (const sink of this.sinks) sink.beginSync(sync)
  }

  /** A sync was answered, and with it those before. Returns whether another is needed, to decide what this one left open. */
  endSync(sync: Sync): boolean {
    let isOpen = false
    for (const sink of this.sinks) isOpen = sink.endSync(sync) || isOpen
    return isOpen
  }

  restartSyncs(): void {
    for (const sink of this.sinks) sink.restartSyncs()
  }

  spoilSyncs(): void {
    for (const sink of this.sinks) sink.spoilSyncs()
  }

  abandonSync(): void {
    for (const sink of this.sinks) sink.abandonSync()
  }

  gaveUp(): void {
    for (const sink of this.sinks) sink.gaveUp()
  }
}
