// Floor 1. The reader's public face: whole texts, one value inside a frame, and the heads that frames are routed by.
import { blank, fail, load, misfit, spaces } from './chars.js'
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
  /** The offset of what follows. */
  end: number
}

const simpleHead = /@[A-Za-z_][-\w]*\((?:[^"'`()[\]{}#]*"[^"\\]*"){0,8}[^"'`()[\]{}#]*\)/y

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

  constructor({ maxDepth = 256, maxChars = 2 ** 26 }: ReadOptions = {}) {
    this.#maxChars = maxChars
    this.#state = {
      text: '',
      bytes: new Uint8Array(0),
      end: 0,
      slash: -1,
      pool: new Array<string>(512).fill(''),
      pooled: new Uint8Array(512 * 32),
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

  /** Reads the attribute that `text` starts with at `offset`, nothing after it; `undefined` when none is there. */
  head(text: string, offset = 0): Head | undefined {
    const s = this.#enter(text)
    const i = spaces(s.bytes, offset)
    if (s.bytes[i] !== 64) return undefined
    lone(s, i)
    const { name, value } = s.stack.pop() as Attr
    return { name, value: this.#leave(value), end: this.end }
  }

  /** Finds the end of the attribute at `offset` without reading its parameters where they are simple. */
  headEnd(text: string, offset = 0): number {
    simpleHead.lastIndex = offset
    if (simpleHead.test(text)) return simpleHead.lastIndex
    return this.head(text, offset)?.end ?? offset
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
    load(s, text)
    return s
  }

  #leave(value: Value): Value {
    const s = this.#state
    s.text = ''
    this.end = s.end
    return value
  }
}
