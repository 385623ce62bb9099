// Floor 3'. Which web pages may speak to a host: a page of anywhere can reach a host on its visitor's own machine.

const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\]|::1|.*\.localhost)$/i.test(hostname)

function hostnameOf(origin: string): string | undefined {
  try {
    return new URL(origin).hostname
  } catch {
    return undefined
  }
}

export interface OriginRules {
  readonly allowedOrigins: readonly string[] | '*' | undefined
  /** The address the host listens on. */
  readonly hostname: string
}

/**
 * Whether a request may be answered that names this `Host`: a foreign name that leads to loopback is how a page elsewhere
 * would read what it may not (DNS rebinding).
 */
export function isHostAllowed(host: string | undefined, { hostname }: OriginRules): boolean {
  if (!isLoopback(hostname) || host === undefined) return true
  return isLoopback(hostnameOf(`http://${host}`) ?? '')
}

/** Whether a page of this `Origin` may open a socket. Without an Origin it is no page. */
export function isOriginAllowed(origin: string | undefined, host: string | undefined, rules: OriginRules): boolean {
  if (origin === undefined) return true
  const { allowedOrigins } = rules
  if (allowedOrigins === '*') return true
  if (allowedOrigins !== undefined) return allowedOrigins.includes(origin)
  const hostname = hostnameOf(origin)
  if (hostname === undefined) return false
  return isLoopback(hostname) || (!isLoopback(rules.hostname) && hostname === hostnameOf(`http://${host ?? ''}`))
}
