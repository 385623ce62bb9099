// Floor 4. The receivers of a link's event frames and syncs: the replicas of its lane, and taps, which get the frames as they came.
import { isSeveral, listed, withItem, withoutItem, type Few } from '../base/few.js'
import type { Sync } from '../store/replica.js'
import type { LinkSink, Tap } from './link-port.js'

export class Sinks {
  sinks: Few<LinkSink>
  /** Few links have any. */
  #taps: Set<Tap> | undefined

  get all(): readonly LinkSink[] {
    return listed(this.sinks)
  }

  get(kind: string): LinkSink | undefined {
    return this.all.find(sink => sink.kind === kind)
  }

  add(sink: LinkSink): void {
    this.sinks = withItem(this.sinks, sink)
  }

  delete(sink: LinkSink): void {
    this.sinks = withoutItem(this.sinks, sink)
  }

  tap(tap: Tap): void {
    this.#taps = (this.#taps ?? new Set()).add(tap)
  }

  untap(tap: Tap): void {
    this.#taps?.delete(tap)
  }

  /** An event frame. The hot path: do only work that a sink needs. */
  event(text: string, bodyAt: number): void {
    if (this.#taps !== undefined) for (const tap of this.#taps) tap(text, bodyAt)
    const { sinks } = this
    if (!isSeveral(sinks)) return sinks?.event(text, bodyAt)
    let fault: unknown
    for (const sink of sinks) {
      try {
        sink.event(text, bodyAt)
      } catch (cause) {
        fault = cause
      }
    }
    if (fault !== undefined) throw fault
  }

  /** Calls `act` with every receiver. */
  each(act: (sink: LinkSink) => void): void {
    this.all.forEach(act)
  }

  /** A sync was answered. Calls `ended` once what it did not name is gone, as far as that takes more than a turn. */
  synced(sync: Sync | undefined, inSteps: (work: Iterator<void>) => void, ended: () => void): void {
    const works = sync === undefined ? [] : this.all.flatMap(sink => sink.sweep?.(sync) ?? [])
    if (works.length === 0) return ended()
    works.forEach(inSteps)
    inSteps({ next: () => ({ done: true, value: ended() }) })
  }

  /** A sync was answered, as were all before it. Returns whether another is needed, to decide own writes that this one left open. */
  endSync(sync: Sync): boolean {
    let isOpen = false
    this.each(sink => (isOpen = sink.endSync(sync) || isOpen))
    return isOpen
  }
}
