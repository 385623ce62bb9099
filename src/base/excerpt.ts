// Floor 0. How a text from outside is shown: cut, whatever it is and however it is made.

/** How much of a text an error shows, in UTF-16 units. */
const mostChars = 120

/** The start of a text, at most 120 UTF-16 units (or `most`). A surrogate pair is not split. */
export function excerpt(text: string, most = mostChars): string {
  if (text.length <= most) return text
  const end = most - 3
  const splits = /[\ud800-\udbff]/.test(text[end - 1]!)
  // Sliced off a copy: a slice of the text itself would keep all of it in memory.
  return ` ${text.slice(0, splits ? end - 1 : end)}...`.slice(1)
}

function textOf(value: unknown): string {
  try {
    const message = (value as { readonly message?: unknown } | null | undefined)?.message
    return typeof message === 'string' ? message : String(value)
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
