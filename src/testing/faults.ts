// Floor 8. Faults of the clients' networks, and of their writes. docs/TESTING.md.
import { ConfigError } from '../base/errors.js'
import { noFaults, type NetworkFaults, type TestClient } from './party.js'
import type { WriteRule, WriteRules, WriteTransform } from './test-lanes.js'

/**
 * Faults of a test host. Each method returns the host, so that calls can be chained. Without a client, a fault applies to all
 * clients, also to those made later, until `heal`.
 */
export abstract class Faults {
  /** @internal */
  protected abstract readonly rules: WriteRules
  /** @internal */
  protected abstract readonly like: 'java' | 'rust' | undefined

  /** @internal Changes the network of one client; without a client, of all. @throws {ConfigError} for a client of another host */
  protected abstract befall(client: TestClient | undefined, change: Partial<NetworkFaults>): this

  /** Cuts the network of a client, or of all: sockets end, and none opens before `heal`. */
  cut(client?: TestClient): this {
    return this.befall(client, { isCut: true })
  }

  /**
   * Holds back all frames to clients until `heal`; nothing is lost. A client whose pings stay unanswered gives its socket up after
   * `heartbeatMs` and `heartbeatTimeoutMs`, as with any silent host.
   */
  stall(client?: TestClient): this {
    return this.befall(client, { isStalled: true })
  }

  /**
   * Sockets to clients count as full until `heal`: events of lanes wait and fold, and afterwards the latest value of each key is sent.
   * Answers to requests still pass, so no link is given up.
   */
  fold(client?: TestClient): this {
    return this.befall(client, { isFolding: true })
  }

  /** Delays frames by `ms` milliseconds, each way. */
  delay(ms: number, client?: TestClient): this {
    if (!(ms >= 0 && ms < 2 ** 31)) throw new ConfigError('delay', 'must be milliseconds, from 0 to 2147483647')
    return this.befall(client, { latencyMs: ms })
  }

  /**
   * Removes and clears come up to a second late, at random, after newer updates, as from a SwimOS Java host. A host with
   * `like: 'rust'` keeps the order, so it throws ConfigError.
   */
  overtake(client?: TestClient): this {
    if (this.like === 'rust') throw new ConfigError('overtake', `a host like 'rust' keeps the order of its frames`)
    return this.befall(client, { isOvertaking: true })
  }

  /** Ends `cut`, `stall`, `fold`, `delay` and `overtake`. */
  heal(client?: TestClient): this {
    return this.befall(client, noFaults)
  }

  /** Refuses clients' writes for which `rule` is true: the lane stays, and sends what it has. Without `rule`, refuses none. */
  refuse(rule?: WriteRule): this {
    this.rules.refuse = rule
    return this
  }

  /** Lanes store what `change` returns instead of what a client wrote. Without `change`, lanes store what was written. */
  transform(change?: WriteTransform): this {
    this.rules.transform = change
    return this
  }

  /** Ends a client's socket with 1008 at writes for which `rule` is true, as SwimOS Java does. Without `rule`, at none. */
  forbid(rule?: WriteRule): this {
    this.rules.forbid = rule
    return this
  }
}
