// Floor 6. Reads the keys of a lane's events, and leaves values as they are: texts, which are handed on.
import { Reader, type Value } from '../../recon/index.js'

export class TextReader extends Reader {
  override entry(text: string, offset: number, start: string): boolean {
    if (!text.startsWith(start, offset)) return false
    this.key = this.item(text, offset + start.length)
    if (text[this.end] !== ')') return false
    this.value = this.block(text, this.end + 1)
    return true
  }

  /** The rest of a text; undefined where it is blank. It is not read: whoever it is for finds what is wrong with it. */
  override block(text: string, offset = 0): Value {
    const rest = text.slice(offset)
    return /\S/.test(rest) ? rest : undefined
  }
}
