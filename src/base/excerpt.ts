// Floor 0. How a text from outside is shown: cut, whatever it is and however it is made.

/** How much of a text an error shows, in UTF-16 units. */
const mostChars = 120

/** A URI in a text: its scheme, user info (in which a password may hold anything), host and path, query and fragment. */
const uris = /(\w:\/\/)(?:[^\s?#"']*@|[^\s/?#"']*[?#][^\s"']*@[^\s/?#"']*)?([^\s?#"'<>]*)(?:[?#][^\s"'<>]*)?/g

/** The query and fragment of a path, such as a node's. */
const paths = /((?:^|[\s"'])\/[^\s?#"']*)[?#][^\s"']*/g

/** A text without what may be secret of the URIs in it: their user info, query and fragment. */
export const bare = (text: string): string => text.replace(uris, '$1$2').replace(paths, '$1')

/** A text in which secrets of three letters and more are hidden, as a host may throw back what it was shown. */
export const mask = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => (secret.length > 2 ? shown.replaceAll(secret, '***') : shown), text)

/** The start of a text, at most 120 UTF-16 units (or `most`), its URIs {@link bare}. A surrogate pair is not split. */
export function excerpt(whole: string, most = mostChars): string {
  // So long that what is cut off here shows nothing of a secret.
  const text = bare(whole.slice(0, 4096))
  if (text.length <= most) return text
  const end = most - 3
  const splits = /[\ud800-\udbff]/.test(text[end - 1]!)
  // Sliced off a copy: a slice of the text itself would keep all of it in memory.
  return ` ${text.slice(0, splits ? end - 1 : end)}...`.slice(1)
}

function textOf(value: unknown): string {
  try {
    const { message, code, name } = (value ?? {}) as { readonly [key in 'message' | 'code' | 'name']?: unknown }
    // An error of all the addresses of a name has a code alone; one of a browser a name, and a number for a code.
    return typeof message === 'string'
      ? message || String(typeof code === 'number' ? name : (code ?? ''))
      : String(value)
  } catch {
    return 'a value that has no text'
  }
}

/**
 * What something thrown, or any other value, says to people: an excerpt of its `message`, or of it as a text. Never throws. An
 * error is known by its `message`, since `instanceof` fails across realms.
 */
export const messageOf = (cause: unknown): string => excerpt(textOf(cause))

/** An excerpt of a value as a text, in quotes: at most 120 UTF-16 units with them. */
export const quote = (value: unknown): string =>
  excerpt(JSON.stringify(textOf(value)).slice(0, -1), mostChars - 1) + '"'

/** Tag of the templates that messages are made by: shows each part by {@link messageOf}. */
export const say = (texts: TemplateStringsArray, ...parts: readonly unknown[]): string =>
  texts.reduce((said, text, i) => said + messageOf(parts[i - 1]) + text)
