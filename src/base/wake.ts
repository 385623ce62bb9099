// Floor 0. Moments at which a page may have come back: worth a try at once, or a look whether the peer still lives.
import type { Unsubscribe } from './events.js'

/** Calls `wake` at `online`, `offline`, `pageshow`, and when a page becomes visible. Outside a page it never does. */
export function onWake(wake: () => void): Unsubscribe {
  if (typeof addEventListener !== 'function') return () => {}
  const types = ['online', 'offline', 'pageshow'] as const
  const visible = () => document.hidden || wake()
  for (const type of types) addEventListener(type, wake)
  if (typeof document === 'object') document.addEventListener('visibilitychange', visible)
  return () => {
    for (const type of types) removeEventListener(type, wake)
    if (typeof document === 'object') document.removeEventListener('visibilitychange', visible)
  }
}
