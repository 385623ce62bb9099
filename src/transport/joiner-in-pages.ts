// Floor 1. In the place of joiner.ts, where the platform is a browser's: it takes texts, and joins them by itself.
import type { Out } from './joiner.js'

/** See joiner.ts. */
export function joinTexts(socket: Out): Out {
  return socket
}
