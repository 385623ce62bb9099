// Floor 6. Which pages share which socket to one host: those that show the same credentials, or none. And which page it is whose
// commands a host closes its socket over, as the others must not suffer for it.
import { serviceRestart } from '../../transport/transport.js'
import { upstreamOptions, type RelayPlatform } from './options.js'
import type { Tab } from './tab.js'
import type { TabSharing } from './tab-port.js'
import { Upstream } from './upstream.js'

/** How long a socket is kept that no page uses, and none has said that it is done, in milliseconds: pages may connect again. */
const idleMs = 1000
/** For how long commands go out one at a time, in milliseconds, where a page does not come back over whose command it may have been. */
const carefulMs = 60_000

export class Sharing implements TabSharing {
  readonly #platform: RelayPlatform
  readonly #url: string
  readonly #offer: readonly string[] | undefined
  readonly #upstreams = new Set<Upstream<Tab>>()
  /** Pages that wait for any of them to open. */
  readonly #waiting = new Set<Tab>()
  /** The subprotocols that have worked. */
  #worked: readonly string[] | undefined
  /** Pages over whose commands the host may have ended a socket: until each has had one taken, commands go out one at a time. */
  readonly #suspects = new Set<string>()
  #carefulUntilMs = 0
  /** A command is on its way of which the host has not shown that it takes it. */
  #isRisking = false
  /** All pages that have asked for a socket and have not gone. */
  readonly #tabs = new Set<Tab>()

  /** @param offer subprotocols; undefined: found out by trying */
  constructor(platform: RelayPlatform, url: string, offer: readonly string[] | undefined) {
    this.#platform = platform
    this.#url = url
    this.#offer = offer
  }

  /** Whether nobody has used it for a while: a host may have another URL at each attempt. */
  get isUnused(): boolean {
    return this.#tabs.size === 0 && this.#upstreams.size === 0 && this.#platform.clock.now() > this.#carefulUntilMs
  }

  /** A page wants a socket. */
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
    // The others go on with what they have shown.
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
    // A host takes frames in their order. When it answers this one it has had the command, and has not hung up.
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
    // Not in a while: where all pages are kept to be come back to, the browser stops the worker, and its timers.
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
        // What has worked may not, as another host may be there.
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
    // Of several it may be any: the next time their commands go out one by one.
    if (suspects.length > 1) {
      for (const { page } of suspects) this.#suspects.add(page)
      this.#carefulUntilMs = this.#platform.clock.now() + carefulMs
    }
    const culprit = suspects.length === 1 ? suspects[0] : undefined
    for (const tab of tabs) {
      // Whoever has shown credentials goes by the code as well.
      if (tab === culprit || upstream.asking.has(tab)) tab.end(code, reason)
      else tab.end(serviceRestart, `the host ended the socket of all tabs (${code}${reason && ': '}${reason})`)
    }
    if (this.#upstreams.size > 0) return
    for (const tab of [...this.#waiting]) tab.end(code, reason)
  }

  #goOn(): void {
    for (const { tabs } of this.#upstreams) for (const tab of [...tabs]) tab.goOn()
  }

  /** Lets go of sockets that nobody uses. */
  #rest(): void {
    for (const upstream of [...this.#upstreams]) {
      if (upstream.tabs.size > 0 || (this.#waiting.size > 0 && !upstream.isOpen)) continue
      upstream.close()
      this.#upstreams.delete(upstream)
    }
  }
}

/** Who a page is, by what it shows. */
const identityOf = ({ opening }: Tab, credentials: string | undefined): string =>
  credentials === undefined ? '' : (opening!.scope ?? credentials)
