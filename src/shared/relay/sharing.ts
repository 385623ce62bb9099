// Floor 6. Decides which pages share a socket to one host: those with the same credentials, or without any. If a host closes a socket
// over a command, finds the page that sent it, so that the other pages can go on.
import { serviceRestart } from '../../transport/transport.js'
import { upstreamOptions, type RelayPlatform } from './options.js'
import type { Tab } from './tab.js'
import type { TabSharing } from './tab-port.js'
import { Upstream } from './upstream.js'

/** How long an unused socket is kept if no page has closed it, in milliseconds: a page may connect again. */
const idleMs = 1000
/** For how long commands go out one at a time if a suspected page does not come back, in milliseconds. */
const carefulMs = 60_000

export class Sharing implements TabSharing {
  readonly #platform: RelayPlatform
  readonly #url: string
  readonly #offer: readonly string[] | undefined
  readonly #upstreams = new Set<Upstream<Tab>>()
  /** Pages that wait until any of the sockets opens. */
  readonly #waiting = new Set<Tab>()
  /** The subprotocols that worked the last time. */
  #worked: readonly string[] | undefined
  /** Pages whose command may have ended a socket. Until the host has taken a command of each, commands go out one at a time. */
  readonly #suspects = new Set<string>()
  #carefulUntilMs = 0
  /** Whether a command is under way that the host may end the socket over. */
  #isRisking = false
  /** All pages that asked for a socket and are not gone. */
  readonly #tabs = new Set<Tab>()

  /** @param offer the subprotocols; undefined: found out by trying */
  constructor(platform: RelayPlatform, url: string, offer: readonly string[] | undefined) {
    this.#platform = platform
    this.#url = url
    this.#offer = offer
  }

  /** Whether it can be dropped. A host whose URL differs at each attempt leaves many of these behind. */
  get isUnused(): boolean {
    return this.#tabs.size === 0 && this.#upstreams.size === 0 && this.#platform.clock.now() > this.#carefulUntilMs
  }

  /** A page asks for a socket. */
  want(tab: Tab): void {
    this.#tabs.add(tab)
    if ([...this.#upstreams].some(({ isOpen }) => isOpen)) return tab.opened()
    this.#waiting.add(tab)
    if (this.#upstreams.size === 0) this.#connect()
  }

  begin(tab: Tab, credentials: string | undefined): void {
    const identity = identityOf(tab, credentials)
    const all = [...this.#upstreams]
    const upstream =
      all.find(each => each.identity === identity) ?? all.find(each => each.identity === undefined) ?? this.#connect()
    const isNew = upstream.identity === undefined
    upstream.identity = identity
    upstream.tabs.add(tab)
    tab.upstream = upstream
    if (credentials === undefined) return
    if (isNew) upstream.show(tab, `@auth${credentials}`)
    else if (upstream.answer !== undefined) tab.push(upstream.answer)
    else if (upstream.asking.size > 0) upstream.asking.add(tab)
  }

  authenticate(tab: Tab, credentials: string | undefined, text: string): void {
    const upstream = tab.upstream!
    const identity = identityOf(tab, credentials)
    // The other pages keep the socket and its credentials.
    if (identity !== upstream.identity && upstream.tabs.size > 1) {
      if (credentials === undefined) tab.push('@deauthed')
      return tab.end(serviceRestart, 'other credentials')
    }
    upstream.identity = identity
    upstream.show(tab, text)
  }

  get mayCommand(): boolean {
    return !this.#isRisking
  }

  commanded({ page, upstream }: Tab): void {
    if (this.#suspects.size === 0) return
    if (this.#platform.clock.now() > this.#carefulUntilMs) return this.#suspects.clear()
    this.#isRisking = true
    // A host handles frames in order. Once it answers this probe, it has taken the command without hanging up.
    upstream!.probe(() => {
      this.#suspects.delete(page)
      this.#isRisking = false
      this.#goOn()
    })
  }

  leave(tab: Tab, wantsNone: boolean): void {
    const { upstream } = tab
    this.#tabs.delete(tab)
    this.#waiting.delete(tab)
    upstream?.tabs.delete(tab)
    upstream?.asking.delete(tab)
    // At once after a close: if all pages are in the back-forward cache, the browser stops the worker with its timers.
    if (wantsNone) this.#rest()
    else this.#platform.clock.timer(() => this.#rest(), idleMs)
  }

  close(): void {
    for (const upstream of this.#upstreams) upstream.close()
    this.#upstreams.clear()
  }

  #connect(): Upstream<Tab> {
    const options = upstreamOptions(this.#platform, this.#offer ?? this.#worked)
    const upstream = new Upstream<Tab>(this.#url, options, {
      opened: () => {
        this.#worked = upstream.protocols
        for (const tab of this.#waiting) tab.opened()
        this.#waiting.clear()
        for (const tab of [...upstream.tabs]) tab.goOn()
      },
      ended: (code, reason) => {
        // The subprotocols that worked may not work any more: another host may have taken over the address.
        if (!upstream.wasOpen) this.#worked = undefined
        this.#ended(upstream, code, reason)
      },
    })
    this.#upstreams.add(upstream)
    return upstream
  }

  #ended(upstream: Upstream<Tab>, code: number, reason: string): void {
    this.#upstreams.delete(upstream)
    this.#isRisking = false
    const tabs = [...upstream.tabs]
    const suspects = tabs.filter(({ isSuspect }) => isSuspect)
    // If several pages are suspected, their next commands go out one at a time, which shows the culprit.
    if (suspects.length > 1) {
      for (const { page } of suspects) this.#suspects.add(page)
      this.#carefulUntilMs = this.#platform.clock.now() + carefulMs
    }
    const culprit = suspects.length === 1 ? suspects[0] : undefined
    for (const tab of tabs) {
      // A page that waits for an answer to its credentials needs the code, too.
      if (tab === culprit || upstream.asking.has(tab)) tab.end(code, reason)
      else tab.end(serviceRestart, `the host ended the socket of all tabs (${code}${reason && ': '}${reason})`)
    }
    if (this.#upstreams.size > 0) return
    for (const tab of [...this.#waiting]) tab.end(code, reason)
  }

  #goOn(): void {
    for (const { tabs } of this.#upstreams) for (const tab of [...tabs]) tab.goOn()
  }

  /** Closes sockets that no page uses. */
  #rest(): void {
    for (const upstream of [...this.#upstreams]) {
      if (upstream.tabs.size > 0 || (this.#waiting.size > 0 && !upstream.isOpen)) continue
      upstream.close()
      this.#upstreams.delete(upstream)
    }
  }
}

/** The identity by which pages share a socket. */
const identityOf = ({ opening }: Tab, credentials: string | undefined): string =>
  credentials === undefined ? '' : (opening!.scope ?? credentials)
