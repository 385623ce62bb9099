// Floor 3'. Checks who may call a host. A page from anywhere can reach a host on its visitor's machine or network: with its own Origin,
// or by a name that resolves to this host (DNS rebinding). A refusal names the option that would allow the request.
import { hostname as machineName, networkInterfaces } from 'node:os'
import type { Clock } from '../../base/clock.js'
import { ConfigError, quote } from '../../base/errors.js'

/** Why a request is refused. */
export interface Refusal {
  readonly option: 'allowedHosts' | 'allowedOrigins'
  readonly message: string
}

export interface CallerRules {
  readonly allowedOrigins?: readonly string[] | '*'
  readonly allowedHosts?: readonly string[] | '*'
  /** The address that the host listens on. */
  readonly hostname: string
}

const isLoopback = (name: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(name)

/** The canonical name or address in a `Host` header, without the port; undefined if invalid. */
export function nameOf(host: string): string | undefined {
  if (!/^(\[[\da-f:.]+\]|[^\s:@/?#\\[\]]+)(:\d*)?$/i.test(host)) return undefined
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '')
  } catch {
    return undefined
  }
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address.replace(/%.*$/, '')}]` : address)

function originName(origin: string): string | undefined {
  try {
    return nameOf(new URL(origin).host)
  } catch {
    return undefined
  }
}

/** The shortest time between two looks at the machine's addresses. */
const askedMs = 1000

export class Callers {
  readonly #rules: CallerRules
  readonly #clock: Clock
  readonly #isFar: boolean
  readonly #named: ReadonlySet<string | undefined>
  #own = new Set<string | undefined>()
  #askedAt = -Infinity

  constructor(rules: CallerRules, clock: Clock) {
    const { hostname, allowedHosts } = rules
    const name = nameOf(bracketed(hostname))
    this.#rules = rules
    this.#clock = clock
    this.#isFar = name === undefined || !isLoopback(name)
    this.#named = new Set([name, ...(Array.isArray(allowedHosts) ? allowedHosts.map(nameOf) : [])])
  }

  /** Why a request, or its socket, is refused; undefined if it is allowed. A request without an Origin is not from a page. */
  refusalOf(
    { host, origin }: { readonly host?: string; readonly origin?: string },
    isSocket: boolean,
  ): Refusal | undefined {
    if (!this.#isOwn(host)) {
      const message = `this host does not answer to ${quote(host!)}; where a proxy or a tunnel forwards that name to it, put the name into the host's option allowedHosts`
      return { option: 'allowedHosts', message }
    }
    if (isSocket && !this.#isWelcome(origin, host)) {
      const message = `pages of ${quote(origin!)} may not connect to this host; where they should, put that origin into the host's option allowedOrigins`
      return { option: 'allowedOrigins', message }
    }
    return undefined
  }

  #isOwn(host: string | undefined): boolean {
    // Browsers always send a Host header.
    if (host === undefined || this.#rules.allowedHosts === '*') return true
    const name = nameOf(host)
    if (name === undefined) return false
    return isLoopback(name) || this.#named.has(name) || (this.#isFar && this.#machineHas(name))
  }

  /** Addresses come and go while a host listens. */
  #machineHas(name: string): boolean {
    if (!this.#own.has(name) && this.#clock.now() - this.#askedAt >= askedMs) {
      this.#askedAt = this.#clock.now()
      const machine = nameOf(machineName())
      const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? [])
      const names = machine === undefined ? [] : [machine, machine.split('.')[0], `${machine.split('.')[0]}.local`]
      this.#own = new Set([...names, ...addresses.map(({ address }) => nameOf(bracketed(address)))])
    }
    return this.#own.has(name)
  }

  #isWelcome(origin: string | undefined, host: string | undefined): boolean {
    const { allowedOrigins } = this.#rules
    if (origin === undefined || allowedOrigins === '*') return true
    if (allowedOrigins !== undefined) return allowedOrigins.includes(origin)
    const name = originName(origin)
    return name !== undefined && (isLoopback(name) || name === nameOf(host ?? ''))
  }
}

/** How many different refusals are reported, so that strangers can't fill a log. */
const mostReported = 20

/** Reports each refusal once. */
export class RefusalLog {
  readonly #report: (error: unknown, where: string) => void
  readonly #reported = new Set<string>()

  constructor(report: (error: unknown, where: string) => void) {
    this.#report = report
  }

  add({ option, message }: Refusal): void {
    if (this.#reported.has(message) || this.#reported.size >= mostReported) return
    this.#reported.add(message)
    this.#report(new ConfigError(option, message), 'a request was refused (reported once)')
  }
}
