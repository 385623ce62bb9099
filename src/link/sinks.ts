// Floor 4. What becomes of a link's event frames, and of its syncs: the replicas of its lane, and who wants frames as they are.
// There may be ten thousand links: what few of them need is made when it is needed, and lists have no room to spare (what is
// pushed onto a list of its own takes 150 bytes).
import type { LinkSink, Tap } from './link-port.js'

export class Sinks {
  #sinks: readonly LinkSink[] = []
  #taps: Set<Tap> | undefined
  /** For each sync under way, the number of the last write that was sent before it. */
  #fences: readonly number[] = []

  get(kind: string): LinkSink | undefined {
    return this.#sinks.find(sink => sink.kind === kind)
  }

  add(sink: LinkSink): void {
    this.#sinks = [...this.#sinks, sink]
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
    for (const sink of this.#sinks) {
      try {
        sink.event(text, bodyAt)
      } catch (cause) {
        fault = cause
      }
    }
    if (fault !== undefined) throw fault
  }

  /** A sync was asked for. @param seq of the last write sent */
  beginSync(seq: number): void {
    this.#fences = [...this.#fences, seq]
    for (const sink of this.#sinks) sink.beginSync()
  }

  /** A sync was answered, `left` are still under way. Returns whether another is needed, to decide what this one left open. */
  endSync(left: number): boolean {
    const ended = Math.max(1, this.#fences.length - left)
    const fence = this.#fences.slice(0, ended).at(-1) ?? 0
    this.#fences = this.#fences.slice(ended)
    let isOpen = false
    for (const sink of this.#sinks) isOpen = sink.endSync(fence, left) || isOpen
    return isOpen
  }

  /** Whether the last sync that was asked for came after the write with this number. */
  isFenced(seq: number): boolean {
    return (this.#fences.at(-1) ?? 0) >= seq
  }

  restartSyncs(): void {
    for (const sink of this.#sinks) sink.restartSyncs()
  }

  abandonSync(): void {
    this.#fences = []
    for (const sink of this.#sinks) sink.abandonSync()
  }

  gaveUp(): void {
    for (const sink of this.#sinks) sink.gaveUp()
  }
}
