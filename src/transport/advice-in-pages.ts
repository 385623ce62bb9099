// Floor 1. Replaces advice.ts in browsers, which do not show why a socket did not open.
import type { reasons as Reasons } from './advice.js'

const advice =
  ': browsers do not say why; open its address in a tab, with https: for warps: (a certificate can be trusted there), and check the hostUri'

/** See advice.ts. */
export const reasons: typeof Reasons = () => (_cause, isGuess) => (isGuess ? { advice } : {})
