// Floor 7. A frame without what may be secret: credentials, and user info, queries and fragments of the URIs in it. What was Recon
// is Recon afterwards.
import { secretsOf } from '../base/address.js'
import { bare, mask } from '../base/errors.js'
import type { Connection } from '../connection/connection.js'
import { parse, stringify, type Value } from '../recon/index.js'

/** The frames of authentication, from either end: their bodies are secrets as a whole. */
const auth = /^\s*@"?((?:de)?auth(?:ed)?)\b"?\s*(.?)/

/** The query and fragment of a node or lane, up to the end of its text. */
const queries = /\b((?:node|lane)"?\s*:\s*"(?:[^"\\?#]|\\.)*)[?#](?:[^"\\]|\\.)*/g

/** Texts in quotes, bare ones in which something is hidden, and the URIs in what they say. */
const texts = /"(?:[^"\\]|\\.)*"|(?<![^\s"@:,;(){}[\]])[^\s"@:,;(){}[\]]*\*{3}[^\s"@:,;(){}[\]]*/g
const uris = /(?:\w:\/\/|(?<=^|[\s'(])\/)[^\s"<>]*/g

/** What is not worth hiding, and would make nonsense of each frame that says it. */
const isSecret = (text: string): boolean => !/^(?:true|false|-?[\d.]{1,4})$/.test(text)

/** What a text says; undefined where it is no Recon. */
function read(text: string): Value {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function bareText(text: string): string {
  if (!/[?#@*]/.test(text)) return text
  const said = read(text)
  // No text of Recon: nobody can say what of it is a URI, and what was bare can't stand so any more.
  if (typeof said !== 'string') return '"***"'
  const shown = said.replace(uris, uri => (/[?#@]/.test(uri) ? bare(uri.replaceAll("'", '%27')) : uri))
  return shown === said ? text : stringify(shown)
}

/** A frame of a host, as it may be shown. */
export function redact({ auth: { shown }, options: { host } }: Connection, frame: string): string {
  const [, tag, more] = auth.exec(frame) ?? []
  if (tag !== undefined) return `@${tag}${more === '' ? '' : ' "***"'}`
  const hidden = mask(frame, [...shown.filter(isSecret), ...secretsOf(host.url)])
  // Most frames hold no URI with more than a path. (The first letter is an at sign.)
  if (hidden === frame && !/[?#]|.@/.test(hidden)) return hidden
  const bared = hidden.replace(queries, '$1').replace(texts, bareText)
  // A secret with brackets of its own may have taken those of the frame along.
  return hidden === frame || read(bared) !== undefined ? bared : '"***"'
}
