// Floor 1. The reader's public face: whole texts, one value inside a frame, and the heads that frames are routed by.
import { at, fail, spaces } from './chars.js'
import { block, item, lone, type State } from './read.js'
import { Shape, maxShapes } from './shape.js'
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
  #blocks = new Shape(undefined, '')
  #items = new Shape(undefined, '')

  constructor({ maxDepth = 256, maxChars = 2 ** 26 }: ReadOptions = {}) {
    this.#maxChars = maxChars
    this.#state = {
      text: '',
      end: 0,
      slash: -1,
      pool: new Array<string>(512).fill(''),
      stack: [],
      base: 0,
      shape: undefined,
      mixed: false,
      shapes: 0,
      maxDepth: Math.min(maxDepth, deepest),
    }
  }

  /** Reads all of `text` from `offset` on: `undefined` when nothing is there. */
  block(text: string, offset = 0): Value {
    const s = this.#enter(text)
    return this.#leave(block(s, offset, this.#blocks))
  }

  /** Reads one value as it stands in a slot or parameter, up to its delimiter, which is then at `end`. */
  item(text: string, offset: number): Value {
    const s = this.#enter(text)
    const value = item(s, spaces(text, offset), this.#items, 1)
    s.end = spaces(text, s.end)
    return this.#leave(value)
  }

  /** Reads the attribute that `text` starts with at `offset`, nothing after it; `undefined` when none is there. */
  head(text: string, offset = 0): Head | undefined {
    const s = this.#enter(text)
    const i = spaces(text, offset)
    if (at(text, i) !== 64) return undefined
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
    if (s.shapes > maxShapes) {
      s.shapes = 0
      this.#blocks = new Shape(undefined, '')
      this.#items = new Shape(undefined, '')
    }
    // A text that failed left these as they were.
    if (s.stack.length) s.stack.length = 0
    s.base = 0
    s.shape = undefined
    s.mixed = false
    s.slash = -1
    s.text = text
    return s
  }

  #leave(value: Value): Value {
    const s = this.#state
    s.text = ''
    this.end = s.end
    return value
  }
}
