// Floor 7. Reaches the internals of a client, and looks on at its frames.
import { ConfigError, say } from '../base/errors.js'
import type { ClientCore } from '../client/client-core.js'
import { inside, type Inside } from '../client/inside.js'
import type { Connection } from '../connection/connection.js'
import type { Spy } from '../connection/connection-port.js'

/** The internals of a client. @throws {ConfigError} when `client` is not a SwimClient */
export function coreOf(client: unknown): ClientCore {
  const core = (client as Partial<Inside> | null | undefined)?.[inside]
  if (core === undefined) throw new ConfigError('client', say`must be a SwimClient, got ${client}`)
  return core
}

/** Called with each frame of a connection, and with each change of its state. */
export type Look = (connection: Connection, what: Parameters<Spy>[1], text: string) => void

/** The one spy of a client. Its list is on the spy itself, because bundles may hold two copies of this module. */
interface Looks extends Spy {
  readonly all: Set<Look>
}

function looksOf(core: ClientCore): Set<Look> {
  const known = core.options.spy as Looks | undefined
  if (known !== undefined) return known.all
  const all = new Set<Look>()
  const spy: Spy = (port, what, text = '') => all.forEach(look => look(port as Connection, what, text))
  setSpy(core, Object.assign(spy, { all }))
  return all
}

/** Sets the spy of all connections, and of those made later. */
function setSpy(core: ClientCore, spy: Spy | undefined): void {
  core.options.spy = spy
  for (const { options } of core.connections.values()) options.spy = spy
}

/** Calls `look` with all frames and states of a client's connections. Returns its undo. */
export function lookOn(core: ClientCore, look: Look): () => void {
  looksOf(core).add(look)
  return () => {
    const all = looksOf(core)
    all.delete(look)
    if (all.size === 0) setSpy(core, undefined)
  }
}
