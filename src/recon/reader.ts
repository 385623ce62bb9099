// Floor 1. The reader's public face: whole texts, one value inside a frame, and the heads that frames are routed by.
import { blank, fail, load, misfit, spaces, stands, tokenOf, type Token } from './chars.js'
import { block, item, lone, type State } from './read.js'
import { Place, maxPlaces } from './shape.js'
import { deepest, type Attr, type Value } from './value.js'

/** Limits of reading. */
export interface ReadOptions {
  /** How deep records may nest: levels. More than 1,000 counts as 1,000. @default 256 */
  maxDepth?: number
  /** The longest text taken: UTF-16 units. @default 67108864 */
  maxChars?: number
}

/** The leading attribute of a text: what an envelope is routed by. */
export interface Head {
  name: string
  /** `null` when the attribute has no parameters. */
  value: Value
}

/**
 * Reads many texts, and reads those that look like earlier ones faster. What it remembers is bounded and is never a
 * value, only keys, spellings and short texts. Reading calls no code of yours, so one reader can serve everywhere.
 * Every method is linear in the length of what it reads and throws `ReconError` on what is not Recon.
 */
export class Reader {
  /** The offset after what was read last. */
  end = 0
  readonly #state: State
  readonly #maxChars: number
  #blocks = new Place()
  #items = new Place()
  #token: Token | undefined
  #head: Head | undefined

  constructor({ maxDepth = 256, maxChars = 2 ** 26 }: ReadOptions = {}) {
    this.#maxChars = maxChars
    this.#state = {
      text: '',
      bytes: new Uint8Array(4),
      view: new DataView(new ArrayBuffer(4)),
      end: 0,
      slash: -1,
      odd: false,
      pool: new Array<string>(512).fill(''),
      pooled: new Int32Array(512 * 9),
      stack: [],
      base: 0,
      place: undefined,
      step: -1,
      names: undefined,
      places: 0,
      maxDepth: Math.min(maxDepth, deepest),
    }
  }

  /** Reads all of `text` from `offset` on: `undefined` when nothing is there. */
  block(text: string, offset = 0): Value {
    const s = this.#enter(text)
    const start = blank(s.bytes, Math.min(offset, text.length))
    // Nearly always one value is all there is.
    let value = item(s, start, this.#blocks, 0, 1)
    if (s.end < text.length || start === s.end) {
      s.slash = -1
      value = block(s, start, this.#blocks)
      if (--s.end < text.length) misfit(s, s.end, 'a value')
    }
    return this.#leave(value)
  }

  /** Reads one value as it stands in a slot or parameter, up to its delimiter, which is then at `end`. */
  item(text: string, offset: number): Value {
    const s = this.#enter(text)
    const value = item(s, spaces(s.bytes, offset), this.#items, 0, 1)
    s.end = spaces(s.bytes, s.end)
    return this.#leave(value)
  }

  /**
   * Reads the attribute that `text` starts with at `offset`, nothing after it, which then starts at `end`; `undefined`
   * when none is there. A head spelled as the last one is that same object, found by comparing: keep it unchanged.
   */
  head(text: string, offset = 0): Head | undefined {
    const s = this.#enter(text)
    const start = spaces(s.bytes, offset)
    if (s.bytes[start] !== 64) return undefined
    if (this.#token && start === offset && stands(s.view, start, this.#token)) {
      this.end = start + this.#token.length
    } else {
      lone(s, start)
      const { name, value } = s.stack.pop() as Attr
      // Parameters end in a parenthesis of their own, so the same bytes are the same head whatever follows.
      this.#token = s.bytes[s.end - 1] === 41 ? tokenOf(s, start, s.end, 256) : undefined
      this.#head = { name, value: this.#leave(value) }
    }
    return this.#head
  }

  #enter(text: string): State {
    const s = this.#state
    if (text.length > this.#maxChars) fail(text, this.#maxChars, `longer than maxChars (${this.#maxChars})`)
    if (s.places > maxPlaces) {
      s.places = 0
      this.#blocks = new Place()
      this.#items = new Place()
    }
    // A text that failed left these as they were.
    if (s.stack.length) s.stack.length = 0
    s.base = 0
    s.place = undefined
    s.step = -1
    s.names = undefined
    s.slash = -1
    s.odd = false
    // A frame is often read in pieces.
    if (text !== s.text) load(s, text)
    return s
  }

  #leave(value: Value): Value {
    const s = this.#state
    // A large text is not kept; a small one is about to be read further.
    if (s.text.length > 4096) {
      s.text = ''
      s.bytes[0] = 0
    }
    this.end = s.end
    return value
  }
}
