// Floor 6. What passes between a page and the relay, over a message port. docs/TABS.md, docs/ARCHITECTURE.md.

/** Of what passes here. A page and a relay of different versions do not talk: the page then has a socket of its own. */
export const version = 1

/** Which socket a page wants. */
export interface Opening {
  readonly url: string
  readonly protocols: readonly string[]
  /** Who the user is: sockets of one scope are one, whatever credentials they show. */
  readonly scope?: string | undefined
  /** The page, which opens another socket when this one has ended. */
  readonly page: string
}

/**
 * From a page: first what it wants; the name of the Web Lock that it holds for as long as it lives; frames; how many UTF-16 units of
 * frames it has taken in; and that it wants the socket no more.
 */
export type ToRelay = { readonly open: Opening } | { readonly lock: string } | readonly string[] | number | 'close'

/**
 * To a page: at once, that a relay is there; the same with the name of its Web Lock, as soon as it holds that; that the socket is
 * open; frames; how many UTF-16 units have been handed on; and how the socket ended.
 */
export type ToPage =
  | { readonly hello: number; readonly lock?: string | undefined }
  | 'opened'
  | readonly string[]
  | number
  | { readonly code: number; readonly reason: string }

/** A page says of so many batches at once that it has taken them in, or of so many UTF-16 units: a message for each cost it as much as the batch. */
export const takenAtOnce = 4
export const takenChars = 2 ** 15

/** One end of a message port, or what stands for one. */
export interface Port {
  postMessage(message: unknown): void
  close(): void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  /** Called when the other end is gone, where the platform says so. */
  onclose?: (() => void) | null
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: object, granted: (lock: unknown) => unknown): Promise<unknown>
}

/** How long frames are together, in UTF-16 units. */
export const charsOf = (frames: readonly string[]): number => frames.reduce((sum, { length }) => sum + length, 0)

/**
 * Holds a Web Lock, so that others can tell when this page or worker has died. `held` is called once it is held. Returns what lets go.
 * Without locks, nothing is held.
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

/** Calls `gone` when whoever holds a Web Lock has died, or let go of it. Returns its undo. */
export function awaitLock(locks: Locks | undefined, name: string, gone: () => void): () => void {
  const abort = new AbortController()
  locks?.request(name, { signal: abort.signal }, () => gone()).catch(() => {})
  return () => abort.abort()
}
