// Floor 8. The frames that are shown: the last few hundred. A flood is sampled before it costs anything, and the log says so.
import { cut } from '../inspect/peek.js'

/** A frame as it is kept. */
export interface LoggedFrame {
  readonly kind: 'frame'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly client: string
  readonly host: string
  readonly direction: 'in' | 'out'
  readonly text: string
}

/** Frames that were not kept. */
export interface Gap {
  readonly kind: 'gap'
  readonly at: number
  skipped: number
}

export type Logged = LoggedFrame | Gap

/** So many are held. */
export const mostHeld = 500
/** So many are taken between two looks at the log. */
const mostBetweenLooks = 60
/** So much of a frame is held, in UTF-16 units. */
const mostChars = 2000

export class FrameStore {
  isPaused = false
  #held: Logged[] = []
  #taken = 0
  /** Steps with each change. */
  version = 0

  get all(): readonly Logged[] {
    return this.#held
  }

  /** Takes a frame, or counts it. @param make gives it, which costs: called where it is taken */
  take(at: number, make: () => Omit<LoggedFrame, 'kind' | 'at'>): void {
    if (this.isPaused) return
    this.version++
    if (this.#taken++ < mostBetweenLooks) {
      const frame = make()
      this.#add({ kind: 'frame', at, ...frame, text: cut(frame.text, mostChars) })
      return
    }
    const last = this.#held.at(-1)
    if (last?.kind === 'gap') last.skipped++
    else this.#add({ kind: 'gap', at, skipped: 1 })
  }

  /** The log was looked at: the next ones are taken. */
  looked(): void {
    this.#taken = 0
  }

  clear(): void {
    this.#held = []
    this.version++
  }

  #add(logged: Logged): void {
    this.#held.push(logged)
    if (this.#held.length > mostHeld) this.#held.shift()
  }
}

export interface Filter {
  readonly direction: '' | 'in' | 'out'
  readonly text: string
}

/** Those that pass a filter, the newest first, as many as are shown. Gaps are shown where nothing is filtered. */
export function filtered(all: readonly Logged[], { direction, text }: Filter, most: number): Logged[] {
  const wanted = text.trim().toLowerCase()
  const shown: Logged[] = []
  for (let i = all.length - 1; i >= 0 && shown.length < most; i--) {
    const logged = all[i]!
    if (logged.kind === 'gap') {
      if (wanted === '' && direction === '') shown.push(logged)
      continue
    }
    if (direction !== '' && logged.direction !== direction) continue
    if (`${logged.client} ${logged.host} ${logged.text}`.toLowerCase().includes(wanted)) shown.push(logged)
  }
  return shown
}
