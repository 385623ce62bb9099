// Floor 0. The moments at which a page may have come back, and the moment at which it is left. When it comes back, an attempt at
// once is worth while, or a check whether the peer still lives.
import type { Unsubscribe } from './events.js'

/**
 * Calls `wake` at `online`, `offline`, `pageshow`, and when a page becomes visible. Calls `leave` when a page is left, whether the
 * browser keeps the page or not. Outside a page, neither is called.
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
 * Returns a function. While its last call was with true, the browser asks before the page is left. Otherwise there is no listener,
 * so that the browser can keep the page to come back to. Does nothing outside a page.
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
