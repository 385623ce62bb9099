// Floor 3'. Who is at the other end of a socket, and what they may do.

/** A socket, as hooks see it. */
export interface Session {
  /** What `authenticate` made of the client's credentials; undefined for one who has shown none, or none that were good. */
  readonly identity: unknown
  /** The path and query that the socket was opened with, such as `/?token=abc`. */
  readonly url: string
  /** The headers of that request, by their names in lower case. */
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  /** The address of the client, as its socket says. */
  readonly remoteAddress: string | undefined
}

/** Decides about a session. Anything but `true` is a no: a promise, say. */
export type Guard = (session: Session) => boolean

export const isAllowed = (guard: Guard | undefined, session: Session): boolean =>
  guard === undefined || guard(session) === true
