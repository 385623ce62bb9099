// Floor 0. How text from outside is shown: always shortened, whatever value it comes from.

/** How much of a text an error shows, in UTF-16 units. */
const mostChars = 120

/** A URI in a text: its scheme, user info (in which a password may hold anything), host and path, query and fragment. */
const uris = /(\w:\/\/)(?:[^\s?#"']*@|[^\s/?#"']*[?#][^\s"']*@[^\s/?#"']*)?([^\s?#"'<>]*)(?:[?#][^\s"'<>]*)?/g

/** The query and fragment of a path, such as a node's. */
const paths = /((?:^|[\s"'])\/[^\s?#"']*)[?#][^\s"']*/g

/** A text without the parts of its URIs that may be secret: user info, query and fragment. */
export const bare = (text: string): string => text.replace(uris, '$1$2').replace(paths, '$1')

/** A text in which secrets of three or more letters are hidden, because a host may send back the secrets that it got. */
export const mask = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => (secret.length > 2 ? shown.replaceAll(secret, '***') : shown), text)

/** The start of a text, at most 120 UTF-16 units (or `most`), its URIs {@link bare}. A surrogate pair is not split. */
export function excerpt(whole: string, most = mostChars): string {
  // This cut is so far back that a secret split by it can not be in the excerpt.
  const text = bare(whole.slice(0, 4096))
  if (text.length <= most) return text
  const end = most - 3
  const splits = /[\ud800-\udbff]/.test(text[end - 1]!)
  // A slice of a copy: a slice of the text itself would keep the whole text in memory.
  return ` ${text.slice(0, splits ? end - 1 : end)}...`.slice(1)
}

function textOf(value: unknown): string {
  try {
    const { message, code, name } = (value ?? {}) as { readonly [key in 'message' | 'code' | 'name']?: unknown }
    // An error about all addresses of a name has only a code. An error of a browser has a name, and a number as its code.
    return typeof message === 'string'
      ? message || String(typeof code === 'number' ? name : (code ?? ''))
      : String(value)
  } catch {
    return 'a value that has no text'
  }
}

/**
 * A text for people about a thrown value, or any other value: an excerpt of its `message`, or of the value as a text. Never throws.
 * An error is recognised by its `message`, because `instanceof` fails across realms.
 */
export const messageOf = (cause: unknown): string => excerpt(textOf(cause))

/** An excerpt of a value as a text, in quotes: at most 120 UTF-16 units, including the quotes. */
export const quote = (value: unknown): string =>
  excerpt(JSON.stringify(textOf(value)).slice(0, -1), mostChars - 1) + '"'

/** Tag of the templates that messages are made by: shows each part by {@link messageOf}. */
export const say = (texts: TemplateStringsArray, ...parts: readonly unknown[]): string =>
  texts.reduce((said, text, i) => said + messageOf(parts[i - 1]) + text)
