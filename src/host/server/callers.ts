// Floor 3'. Who may call a host: a page of anywhere can reach a host on its visitor's own machine or network, by its own Origin,
// or by a name of its own that leads here (DNS rebinding). A refusal says by which option it would not be one.
import { hostname as machineName, networkInterfaces } from 'node:os'
import type { Clock } from '../../base/clock.js'
import { ConfigError, quote } from '../../base/errors.js'

/** A request's answer is no, and this is why. */
export interface Refusal {
  readonly option: 'allowedHosts' | 'allowedOrigins'
  readonly message: string
}

export interface CallerRules {
  readonly allowedOrigins?: readonly string[] | '*'
  readonly allowedHosts?: readonly string[] | '*'
  /** The address the host listens on. */
  readonly hostname: string
}

const isLoopback = (name: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(name)

/** The canonical name or address in a `Host`, without its port; undefined where it is none. */
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

/** How often, at most, the machine is asked again what addresses it has. */
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

  /** Whether a request, or its socket, is let in; and why not. Without an Origin it is from no page. */
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
    // Only what is no browser leaves it out.
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

/** How many different refusals are reported: strangers are not to fill a log. */
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
    this.#report(new ConfigError(option, message), 'a request was refused (said once)')
  }
}
