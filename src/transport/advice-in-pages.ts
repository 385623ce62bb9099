// Floor 1. Replaces advice.ts in browsers, which do not show why a socket did not open.
import type { why as Why } from './advice.js'

const advice =
  'browsers do not say why; open its address in a tab, with https: for warps: (a certificate can be trusted there), and check the hostUri'

/** See advice.ts. */
export const why: typeof Why = (_cause, isGuess) => (isGuess ? { advice } : {})
