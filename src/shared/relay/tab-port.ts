// Floor 6. Whom a page's socket talks to: the relay, and who says which socket of the host's it shares.
import type { Clock } from '../../base/clock.js'
import type { Opening } from '../port.js'
import type { TextReader } from './text-reader.js'

/** A socket of a page. */
export interface AnyTab {
  /** By which a page is known that opens another socket. */
  readonly page: string
}

/** Who says which socket of the host's a page shares. */
export interface TabSharing {
  /** Its first frame is here. @param credentials the body of its @auth; undefined where it shows none */
  begin(tab: AnyTab, credentials: string | undefined): void
  /** It shows other credentials, or takes them back. @param credentials undefined: takes them back */
  authenticate(tab: AnyTab, credentials: string | undefined, text: string): void
  /** Whether a command may go out now. */
  readonly mayCommand: boolean
  /** A command of its has gone out. */
  commanded(tab: AnyTab): void
  /** @param wantsNone it has said that it is done; otherwise it may be back */
  leave(tab: AnyTab, wantsNone: boolean): void
}

export interface TabListener {
  readonly clock: Clock
  readonly reader: TextReader
  /** It wants a socket. Returns who gives it one; undefined where nobody can, and it has ended. */
  wants(tab: AnyTab, opening: Opening): TabSharing | undefined
  /** It holds a Web Lock for as long as it lives. */
  lives(tab: AnyTab, lock: string): void
  ended(tab: AnyTab): void
}
