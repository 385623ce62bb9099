// Floor 7. `client.tap()`: calls a listener with each frame, without secrets.
import { ConfigError, say } from '../base/errors.js'
import { callListener, type Unsubscribe } from '../base/events.js'
import type { TappedFrame } from '../client/inspection.js'
import { coreOf, lookOn } from './inside.js'
import { redact } from './redact.js'

/** See SwimClient.tap. */
export function tap(client: unknown, listener: (frame: TappedFrame) => unknown): Unsubscribe {
  const core = coreOf(client)
  if (typeof listener !== 'function') throw new ConfigError('tap', say`must be a function, got ${listener}`)
  const { clock } = core.options
  return lookOn(core, (connection, what, text) => {
    if (what !== 'in' && what !== 'out') return
    const hostUri = connection.options.host.uri
    const frame = { at: clock.now(), hostUri, direction: what, text: redact(connection, text) }
    callListener(core.fault, 'tap', listener, frame)
  })
}
