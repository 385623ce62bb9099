// Floor 6. Reads the keys of a lane's events. Values stay texts, which are passed on as they are.
import { Reader, type Value } from '../../recon/index.js'

export class TextReader extends Reader {
  override entry(text: string, offset: number, start: string): boolean {
    if (!text.startsWith(start, offset)) return false
    this.key = this.item(text, offset + start.length)
    if (text[this.end] !== ')') return false
    this.value = this.block(text, this.end + 1)
    return true
  }

  /** The rest of a text; undefined if blank. It is not parsed: the tab that gets it reports errors. */
  override block(text: string, offset = 0): Value {
    const rest = text.slice(offset)
    return /\S/.test(rest) ? rest : undefined
  }
}
