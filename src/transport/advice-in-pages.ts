// Floor 1. Replaces advice.ts in browsers, which do not show why a socket did not open.
import type { adviceOn as AdviceOn, hear as Hear, refusalBy as RefusalBy } from './advice.js'

/** See advice.ts. */
export const adviceOn: typeof AdviceOn = () =>
  'browsers do not say why; open its address in a tab, with https: for warps: (a certificate can be trusted there), and check the hostUri'

/** See advice.ts. */
export const hear: typeof Hear = () => {}

/** See advice.ts. */
export const refusalBy: typeof RefusalBy = () => undefined
