// Floor 1. The reader's public face: whole texts, one value inside a frame, and the heads that frames are routed by.
import { block, none, readAttr, readItem } from './read.js'
import { blank, fail, limits, load, misfit, source, spaces, stands, tokenOf, type Token } from './source.js'
import { begin, enter, type Place } from './shape.js'
import { deepest, type Attr, type Item, type Value } from './value.js'

/** Limits of reading. */
export interface ReadOptions {
  /** How deep records may nest: levels. More than 1,000 counts as 1,000. @default 256 */
  maxDepth?: number
  /** The longest text taken: UTF-16 units. @default 67108864 */
  maxChars?: number
}

/** The leading attribute of a text. Envelopes are routed by it. */
export interface Head {
  /** The name after the `@`. */
  name: string
  /** `null` when the attribute has no parameters. */
  value: Value
}

/**
 * Reads many texts. Texts that look like earlier ones are read faster. The memory of a reader is bounded. It holds only
 * keys, spellings and short texts, never values. A few readers have a memory of their own; further readers share these.
 * Reading calls no code of yours, so one reader can serve everywhere.
 * Every method is linear in the length that it reads, and throws `ReconError` when the text is not Recon.
 * @example
 * const reader = new Reader({ maxDepth: 16 })
 * for (const line of lines) console.log(reader.block(line))
 */
export class Reader {
  /** How many readers have a memory of their own. Readers made after them share these memories. */
  static readonly memories = 16
  static #made = 0
  /** The number of the reader's first root. When lanes of unlike records shared one reader, an entry took 640 ns instead of 270. */
  readonly #kinds: number
  /** The offset after what was read last. */
  end = 0
  /** The key that `entry` read last. */
  key: Value
  /** The value that `entry` read last. */
  value: Value
  readonly #maxDepth: number
  readonly #maxChars: number
  #token: Token | null | undefined
  #head: Head | undefined

  /** A reader with a memory of its own. @param like a reader whose memory the new one shares instead */
  constructor({ maxDepth = 256, maxChars = 2 ** 26 }: ReadOptions = {}, like?: Reader) {
    this.#kinds = like ? like.#kinds : 3 * (Reader.#made++ % Reader.memories)
    this.#maxDepth = Math.min(maxDepth, deepest)
    this.#maxChars = maxChars
  }

  /** Reads all of `text` from `offset` on: `undefined` when nothing is there. */
  block(text: string, offset = 0): Value {
    return this.#leave(this.#rest(Math.min(offset, text.length), this.#enter(text, offset, 0)))
  }

  /** Reads one value, as in a slot or parameter, up to its delimiter. The delimiter is then at `end`. */
  item(text: string, offset: number): Value {
    const place = this.#enter(text, offset, 1)
    const value = readItem(spaces(Math.min(offset, text.length)), place, 1)
    source.end = spaces(source.end)
    return this.#leave(value)
  }

  /**
   * Reads an entry in one go. At `offset` the text must have `start`, such as `@update(key:`, then a value as `item` reads it,
   * `)`, and a value as `block` reads it. The two values are then in `key` and `value`. Returns `false` when the text is spelled
   * otherwise; `key` may have changed then. Takes a twentieth less of a frame's time than `item` and `block`.
   */
  entry(text: string, offset: number, start: string): boolean {
    const place = this.#enter(text, offset, 1)
    if (offset > text.length || !text.startsWith(start, offset)) return false
    this.key = readItem(spaces(offset + start.length), place, 1)
    const end = spaces(source.end)
    if (source.bytes[end] !== 41) return false
    this.value = this.#leave(this.#rest(end + 1, enter(this.#kinds)))
    return true
  }

  /**
   * Reads the attribute at `offset`; `undefined` when there is none. The text after the attribute then starts at `end`.
   * If a head is spelled as the last one, the same object is returned: do not change it.
   */
  head(text: string, offset = 0): Head | undefined {
    const place = this.#enter(text, offset, 2)
    offset = Math.min(offset, text.length)
    if (this.#token && stands(offset, this.#token)) {
      this.end = source.end = offset + this.#token.length
      return this.#head
    }
    const start = spaces(offset)
    if (source.bytes[start] !== 64) return undefined
    const items: Item[] = []
    readAttr({ ...begin(place), items }, start, 1)
    // Parameters end in a parenthesis. So the same characters are the same head, whatever follows them.
    this.#token = source.bytes[source.end - 1] === 41 ? tokenOf(start, source.end) : undefined
    return this.#leave((this.#head = items[0] as Attr))
  }

  #rest(offset: number, place: Place): Value {
    const { length } = source.text
    const start = blank(offset)
    // Nearly always the text is one value.
    let value = readItem(start, place, 1)
    if (source.end < length || start === source.end) {
      // The first value may be long, so it is not read twice.
      value = block(start, none, place, 0, value)
      if (--source.end < length) misfit(source.end, 'a value')
    }
    return value
  }

  #enter(text: string, offset: number, kind: number): Place {
    const max = this.#maxChars
    if (text.length > max) {
      // For the line and the column. What is beyond the limit costs nothing.
      load(text.slice(0, max))
      fail(max, `longer than maxChars (${max})`)
    }
    load(text, offset)
    limits.depth = this.#maxDepth
    return enter(this.#kinds + kind)
  }

  #leave<T>(value: T): T {
    // A large text is dropped. A small text is about to be read further.
    if (source.text.length > 4096) load('')
    this.end = source.end
    return value
  }
}

// Reading calls only its own code, so no call can find this reader in use. The memory of the reader is bounded.
const shared = new Reader()

/**
 * Reads a text as a natural JavaScript value, without loss; `undefined` when the text is empty. Linear in its length.
 * @throws {ReconError} with offset, line and column, when the text is not Recon.
 * @example
 * parse('@room(12){guests:2}') // { '@room': 12, guests: 2 }
 */
export const parse = (text: string, options?: ReadOptions): Value =>
  (options ? new Reader(options, shared) : shared).block(text)
