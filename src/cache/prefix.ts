// Floor 7. Keys that begin with a text, as a range.

/** The first text, by UTF-16 units, that comes after all those that begin with `prefix`; undefined where none does. */
export function afterPrefix(prefix: string): string | undefined {
  // The last unit there is has none after it: the one before goes up.
  const short = prefix.replace(/\uffff+$/, '')
  const last = short.length - 1
  return short ? short.slice(0, last) + String.fromCharCode(short.charCodeAt(last) + 1) : undefined
}
