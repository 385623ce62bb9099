// Floor 1. Replaces advice.ts in browsers, which do not show why a socket did not open.
import type { adviceOn as AdviceOn } from './advice.js'

/** See advice.ts. */
export const adviceOn: typeof AdviceOn = () =>
  'browsers do not say why; open its address in a tab, with https: for warps: (a certificate can be trusted there), and check the hostUri'

/** See advice.ts. */
export function hear(): void {}

/** See advice.ts. */
export function refusalBy(): undefined {}
