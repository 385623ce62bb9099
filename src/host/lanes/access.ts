// Floor 3'. The session of a socket, and guards that decide about it.

/** A socket, as hooks see it. */
export interface Session {
  /** The result of `authenticate` for the client's credentials; undefined without accepted credentials. */
  readonly identity: unknown
  /** The path and query of the request that opened the socket, such as `/?token=abc`. */
  readonly url: string
  /** The headers of that request, by their names in lower case. */
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  /** The client's address, as its socket reports it. */
  readonly remoteAddress: string | undefined
}

/** Decides about a session. Anything but `true` refuses, a promise too. */
export type Guard = (session: Session) => boolean

export const isAllowed = (guard: Guard | undefined, session: Session): boolean =>
  guard === undefined || guard(session) === true
