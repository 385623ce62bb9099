// Floor 0. Moments at which a page may have come back: worth a try at once, or a look whether the peer still lives. And the one
// at which it goes.
import type { Unsubscribe } from './events.js'

/**
 * Calls `wake` at `online`, `offline`, `pageshow`, and when a page becomes visible; `leave` when a page is left, whether it is
 * kept to come back to or not. Outside a page it never does.
 */
export function onWake(wake: () => void, leave: () => unknown): Unsubscribe {
  if (typeof addEventListener !== 'function') return () => {}
  const listeners: [target: EventTarget, type: string, listener: () => unknown][] = [
    [globalThis, 'online', wake],
    [globalThis, 'offline', wake],
    [globalThis, 'pageshow', wake],
    [globalThis, 'pagehide', leave],
  ]
  if (typeof document === 'object') listeners.push([document, 'visibilitychange', () => document.hidden || wake()])
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener)
  return () => {
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener)
  }
}

/**
 * Has the browser ask before the page is left, for as long as it is called with true last. Without a listener, a page can be kept
 * to come back to. Does nothing outside a page.
 */
export function pageHold(): (isHeld: boolean) => void {
  const ask = (event: Event) => event.preventDefault()
  let isHeld = false
  return wanted => {
    if (wanted === isHeld || typeof document !== 'object') return
    isHeld = wanted
    if (wanted) addEventListener('beforeunload', ask)
    else removeEventListener('beforeunload', ask)
  }
}
