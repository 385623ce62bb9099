// Floor 7. Removes from a frame all that may be secret: credentials, and user info, queries and fragments of URIs. A frame that was
// Recon stays Recon.
import { secretsOf } from '../base/address.js'
import { bare, mask } from '../base/errors.js'
import type { Connection } from '../connection/connection.js'
import { parse, stringify, type Value } from '../recon/index.js'

/** The frames of authentication, from both sides: their whole bodies are secret. */
const auth = /^\s*@"?((?:de)?auth(?:ed)?)\b"?\s*(.?)/

/** The query and fragment of a node or lane, up to the end of its text. */
const queries = /\b((?:node|lane)"?\s*:\s*"(?:[^"\\?#]|\\.)*)[?#](?:[^"\\]|\\.)*/g

/** Quoted and unquoted texts. (No lookbehind: Safari 16.3 can't read a module that has one.) */
const texts = /"(?:[^"\\]|\\.)*"|[^\s"@:,;(){}[\]]+/g
/** A URI with a scheme, or a path and what is before it. */
const uris = /\w:\/\/[^\s"<>]*|(^|[\s'(])(\/[^\s"<>]*)/g

/** Whether a text is masked. Words such as `true` and short numbers are not: each frame that has them would lose its meaning. */
const isSecret = (text: string): boolean => !/^(?:true|false|-?[\d.]{1,4})$/.test(text)

/** The value of a Recon text; undefined if the text is not Recon. */
function read(text: string): Value {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function bareText(text: string): string {
  // Of the unquoted texts, only those in which something is masked.
  if (!(text.startsWith('"') ? /[?#@*]/ : /\*{3}/).test(text)) return text
  const said = read(text)
  // The text is not a Recon string. Its URIs can't be found, and masking may have made it invalid: all of it is hidden.
  if (typeof said !== 'string') return '"***"'
  const shown = said.replace(uris, (found: string, before = '', uri = found) =>
    /[?#@]/.test(uri) ? before + bare(uri.replaceAll("'", '%27')) : found,
  )
  return shown === said ? text : stringify(shown)
}

/** A frame of a connection, without secrets. */
export function redact({ auth: { shown }, options: { host } }: Connection, frame: string): string {
  const [, tag, more] = auth.exec(frame) ?? []
  if (tag !== undefined) return `@${tag}${more === '' ? '' : ' "***"'}`
  const hidden = mask(frame, [...shown.filter(isSecret), ...secretsOf(host.url)])
  // Most frames have no URI with more than a path. (The first character of a frame is its own @.)
  if (hidden === frame && !/[?#]|.@/.test(hidden)) return hidden
  const bared = hidden.replace(queries, '$1').replace(texts, bareText)
  // A masked secret may have held brackets, and so left the frame unbalanced.
  return hidden === frame || read(bared) !== undefined ? bared : '"***"'
}
