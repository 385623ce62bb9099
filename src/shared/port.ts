// Floor 6. The messages between a page and the relay, over a message port. docs/TABS.md, docs/ARCHITECTURE.md.

/** The version of these messages. If page and relay differ in it, the page has a socket of its own. */
export const version = 1

/** The socket that a page asks for. */
export interface Opening {
  readonly url: string
  readonly protocols: readonly string[]
  /** Names the user: pages with the same scope share a socket, whatever credentials they have. */
  readonly scope?: string | undefined
  /** Identifies the page, also when it opens another socket after this one. */
  readonly page: string
}

/**
 * From a page: first the socket that it asks for; the name of the Web Lock that it holds while it lives; frames; how many UTF-16 units
 * of frames it has taken in; and that it closes the socket.
 */
export type ToRelay = { readonly open: Opening } | { readonly lock: string } | readonly string[] | number | 'close'

/**
 * To a page: at once, a greeting; the same with the name of the relay's Web Lock, once the relay holds it; that the socket is open;
 * frames; how many UTF-16 units of frames were passed on to the host; and how the socket ended.
 */
export type ToPage =
  | { readonly hello: number; readonly lock?: string | undefined }
  | 'opened'
  | readonly string[]
  | number
  | { readonly code: number; readonly reason: string }

/** A page acknowledges this many batches at once, or this many UTF-16 units: one message each would cost as much as the batch. */
export const takenAtOnce = 4
export const takenChars = 2 ** 15

/** One end of a message port, or a replacement of one. */
export interface Port {
  postMessage(message: unknown): void
  close(): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  /** Called when the other end is gone, if the platform reports that. */
  onclose?: (() => void) | null
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: object, granted: (lock: unknown) => unknown): Promise<unknown>
}

/** The total length of frames, in UTF-16 units. */
export const charsOf = (frames: readonly string[]): number => frames.reduce((sum, { length }) => sum + length, 0)

/**
 * Holds a Web Lock, so that others notice when this page or worker dies. Calls `held` once the lock is held. Returns a function that
 * releases it. Without locks, does nothing.
 */
export function holdLock(locks: Locks | undefined, name: string, held: () => void): () => void {
  let isOver = false
  let letGo = () => {
    isOver = true
  }
  const hold = () =>
    new Promise<void>(resolve => {
      letGo = resolve
      if (isOver) resolve()
      else held()
    })
  locks?.request(name, {}, hold).catch(() => {})
  return () => letGo()
}

/** Calls `gone` when the holder of a Web Lock has died or released it. Returns its undo. */
export function awaitLock(locks: Locks | undefined, name: string, gone: () => void): () => void {
  const abort = new AbortController()
  locks?.request(name, { signal: abort.signal }, () => gone()).catch(() => {})
  return () => abort.abort()
}
