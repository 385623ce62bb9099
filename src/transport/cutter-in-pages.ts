// Floor 1. In the place of cutter.ts, where the platform is a browser's: it hands up texts, and no bytes.
import type { askForWire as AskForWire, cutTexts as CutTexts } from './cutter.js'

/** See cutter.ts. */
export const askForWire: typeof AskForWire = () => {}

/** See cutter.ts. */
export const cutTexts: typeof CutTexts = () => {}
