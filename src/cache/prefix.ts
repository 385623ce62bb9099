// Floor 7. All keys with a prefix, as a range.

/** The first text after all texts that begin with `prefix`, by UTF-16 units; undefined if there is none. */
export function afterPrefix(prefix: string): string | undefined {
  // \uffff is the last unit, so the unit before it is increased.
  const short = prefix.replace(/\uffff+$/, '')
  const last = short.length - 1
  return short ? short.slice(0, last) + String.fromCharCode(short.charCodeAt(last) + 1) : undefined
}
