// Floor 1. In the place of ws.ts, where the platform is a browser's: its sockets are not those of `ws`.
import type { Out } from './joiner.js'
import type { listenTo as ListenTo, optionsOf as OptionsOf } from './ws.js'

/** See ws.ts. */
export const optionsOf: typeof OptionsOf = (_Socket, given) => given

/** See ws.ts. */
export const listenTo: typeof ListenTo = () => undefined

/** See joiner.ts: browsers take texts, and join them by themselves. */
export const joinTexts = (socket: Out): Out => socket
