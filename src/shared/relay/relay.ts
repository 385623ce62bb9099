// Floor 6. The relay: takes sockets of pages, and opens as few sockets to hosts as possible. Speaks WARP to both sides. A page is
// reached by a Port, so the relay does not depend on workers.
import { hostUrl } from '../../base/address.js'
import type { Clock } from '../../base/clock.js'
import { awaitLock, holdLock, version, type Locks, type Opening, type Port } from '../port.js'
import type { RelayPlatform } from './options.js'
import { Sharing } from './sharing.js'
import { Tab } from './tab.js'
import type { TabListener } from './tab-port.js'
import { TextReader } from './text-reader.js'

/** Whether a page offers what clients offer by default, one attempt after the other. The relay then tries by itself. */
const isTried = (protocols: readonly string[]): boolean =>
  protocols.length === 0 || (protocols.length === 1 && protocols[0] === 'warp0')

export class Relay implements TabListener {
  readonly clock: Clock
  readonly reader = new TextReader()
  readonly #platform: RelayPlatform
  readonly #locks: Locks | undefined
  readonly #lock: string
  readonly #sharings = new Map<string, Sharing>()
  readonly #watches = new Map<Tab, () => void>()
  readonly #letGo: () => void
  #isLockHeld = false
  /** Pages that do not know the relay's lock yet. If a page requested it before the relay holds it, the page would get the lock. */
  readonly #unaware = new Set<Tab>()

  /** @param locks the platform's Web Locks, if any: by them, page and relay notice each other's death */
  constructor(platform: RelayPlatform, locks?: Locks) {
    this.clock = platform.clock
    this.#platform = platform
    this.#locks = locks
    this.#lock = `swimlink relay ${platform.clock.random()}`
    this.#letGo = holdLock(locks, this.#lock, () => this.#lockHeld())
  }

  /** A page connects. */
  connect(port: Port): void {
    const tab = new Tab(port, this)
    if (!this.#isLockHeld) this.#unaware.add(tab)
    this.#greet(tab)
  }

  /** Ends all sockets, without a message to pages. */
  close(): void {
    for (const sharing of this.#sharings.values()) sharing.close()
    this.#letGo()
  }

  wants(tab: Tab, { url, protocols }: Opening): Sharing | undefined {
    try {
      const offer = isTried(protocols) ? undefined : protocols
      const key = `${hostUrl(url)} ${offer?.join() ?? ''}`
      for (const [key, { isUnused }] of this.#sharings) if (isUnused) this.#sharings.delete(key)
      const sharing = this.#sharings.get(key) ?? new Sharing(this.#platform, url, offer)
      this.#sharings.set(key, sharing)
      sharing.want(tab)
      return sharing
    } catch {
      tab.end(1006, 'no URL of a host')
      return undefined
    }
  }

  lives(tab: Tab, lock: string): void {
    if (!tab.isOver)
      this.#watches.set(
        tab,
        awaitLock(this.#locks, lock, () => tab.leave()),
      )
  }

  ended(tab: Tab): void {
    this.#unaware.delete(tab)
    this.#watches.get(tab)?.()
    this.#watches.delete(tab)
  }

  #lockHeld(): void {
    this.#isLockHeld = true
    for (const tab of this.#unaware) this.#greet(tab)
    this.#unaware.clear()
  }

  #greet(tab: Tab): void {
    tab.greet({ hello: version, lock: this.#isLockHeld ? this.#lock : undefined })
  }
}
