// Floor 8. Keeps the last few hundred frames. Of a flood it keeps a sample, and the log says so.
import { cut } from '../inspect/peek.js'

/** A frame that is kept. */
export interface LoggedFrame {
  readonly kind: 'frame'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly client: string
  readonly host: string
  readonly direction: 'in' | 'out'
  readonly text: string
}

/** A number of frames that were not kept. */
export interface Gap {
  readonly kind: 'gap'
  readonly at: number
  skipped: number
}

export type Logged = LoggedFrame | Gap

/** How many frames and gaps are kept. */
export const mostHeld = 500
/** How many frames are kept between two draws of the log. */
const mostBetweenLooks = 60
/** How much of a frame is kept, in UTF-16 units. */
const mostChars = 2000

export class FrameStore {
  isPaused = false
  #held: Logged[] = []
  #taken = 0
  /** Grows with each change. */
  version = 0

  get all(): readonly Logged[] {
    return this.#held
  }

  /** Keeps a frame, or counts it as skipped. @param make returns the frame; called only if it is kept, as it takes time */
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

  /** Called when the log is drawn: the next frames are kept again. */
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

/** The frames that pass a filter, the newest first, at most `most`. Gaps show only without a filter. */
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
