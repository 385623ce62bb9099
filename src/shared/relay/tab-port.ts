// Floor 6. The two parties that a page's socket depends on: the relay, and the sharing that gives it a host's socket.
import type { Clock } from '../../base/clock.js'
import type { Opening } from '../port.js'
import type { TextReader } from './text-reader.js'

/** A socket of a page. */
export interface AnyTab {
  /** Identifies a page, also when it opens another socket. */
  readonly page: string
}

/** Decides which socket of the host a page shares. */
export interface TabSharing {
  /** The page has sent its first frame. @param credentials the body of its @auth; undefined without credentials */
  begin(tab: AnyTab, credentials: string | undefined): void
  /** The page sends other credentials, or withdraws them. @param credentials undefined: withdrawn */
  authenticate(tab: AnyTab, credentials: string | undefined, text: string): void
  /** Whether a command may be sent now. */
  readonly mayCommand: boolean
  /** A command of the page was sent. */
  commanded(tab: AnyTab): void
  /** @param wantsNone whether the page closed its socket; otherwise it may connect again */
  leave(tab: AnyTab, wantsNone: boolean): void
}

export interface TabListener {
  readonly clock: Clock
  readonly reader: TextReader
  /** The page asks for a socket. Returns the sharing that provides it. If the URL is invalid, ends the page's socket instead. */
  wants(tab: AnyTab, opening: Opening): TabSharing | undefined
  /** The page holds a Web Lock for as long as it lives. */
  lives(tab: AnyTab, lock: string): void
  ended(tab: AnyTab): void
}
