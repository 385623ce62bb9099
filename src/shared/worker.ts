// Floor 8. `swimlink/shared-worker`: the script of the worker. Importing it in a worker makes a relay; elsewhere, nothing happens.
import { systemClock } from '../base/clock.js'
import { checkOptions } from '../client/options.js'
import { openWebSocket } from '../transport/websocket.js'
import type { Locks, Port } from './port.js'
import { Relay } from './relay/relay.js'

/** The global scope of a shared worker, or of the worker of one page. */
interface WorkerScope {
  onconnect?: ((event: { readonly ports: readonly Port[] }) => void) | null
  onmessage?: ((event: { readonly ports: readonly Port[] }) => void) | null
  readonly navigator?: { readonly locks?: Locks }
  readonly importScripts?: unknown
  readonly document?: unknown
}

const scope = globalThis as WorkerScope
if (scope.importScripts !== undefined && scope.document === undefined) {
  const { maxFrameChars } = checkOptions({})
  const relay = new Relay(
    { clock: systemClock, openTransport: openWebSocket({ maxFrameChars }) },
    scope.navigator?.locks,
  )
  const connect = ({ ports: [port] }: { readonly ports: readonly Port[] }) => port && relay.connect(port)
  if ('onconnect' in scope) scope.onconnect = connect
  else scope.onmessage = connect
}
