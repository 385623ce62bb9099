// Floor 8. What befalls the networks of clients, and what they write. docs/TESTING.md.
import { ConfigError } from '../base/errors.js'
import { noFaults, type NetworkFaults, type TestClient } from './party.js'
import type { WriteRule, WriteRules, WriteTransform } from './test-lanes.js'

/**
 * Faults of a test host. Each method returns the host, so that calls can be chained. Those without a client are of all clients, and
 * of those that are made later, until `heal`.
 */
export abstract class Faults {
  /** @internal */
  protected abstract readonly rules: WriteRules
  /** @internal */
  protected abstract readonly like: 'java' | 'rust' | undefined

  /** @internal Changes what befalls one client, or all and those that come later. @throws {ConfigError} where it is none of this host */
  protected abstract befall(client: TestClient | undefined, change: Partial<NetworkFaults>): this

  /** The network of a client, or of all, is gone: sockets end, and no other opens before `heal`. */
  cut(client?: TestClient): this {
    return this.befall(client, { isCut: true })
  }

  /**
   * What clients of the host are sent arrives no more, until `heal`; nothing is lost. A client whose pings go unanswered gives its
   * socket up after `heartbeatMs` and `heartbeatTimeoutMs`, as with any host that falls silent.
   */
  stall(client?: TestClient): this {
    return this.befall(client, { isStalled: true })
  }

  /**
   * Hosts have no room to write to clients, until `heal`: what lanes have to say waits and folds, and of each key the latest value
   * is sent then. Answers to what a client asks pass, so that no link is given up over it.
   */
  fold(client?: TestClient): this {
    return this.befall(client, { isFolding: true })
  }

  /** Frames take so long, each way, in milliseconds. */
  delay(ms: number, client?: TestClient): this {
    if (!(ms >= 0 && ms < 2 ** 31)) throw new ConfigError('delay', 'must be milliseconds, from 0 to 2147483647')
    return this.befall(client, { latencyMs: ms })
  }

  /**
   * Removes and clears come up to a second late, by chance, behind newer updates, as those of a SwimOS Java host may. A host that
   * is like `rust` keeps order: there it throws ConfigError.
   */
  overtake(client?: TestClient): this {
    if (this.like === 'rust') throw new ConfigError('overtake', `a host like 'rust' keeps the order of its frames`)
    return this.befall(client, { isOvertaking: true })
  }

  /** Takes back `cut`, `stall`, `fold`, `delay` and `overtake`. */
  heal(client?: TestClient): this {
    return this.befall(client, noFaults)
  }

  /** Refuses writes of clients that `rule` is true for: the lane stays, and says what it has. Nothing: refuses none from now on. */
  refuse(rule?: WriteRule): this {
    this.rules.refuse = rule
    return this
  }

  /** Lanes take what `change` gives in place of what a client wrote. Nothing: what was written, from now on. */
  transform(change?: WriteTransform): this {
    this.rules.transform = change
    return this
  }

  /** Ends the socket of a client over writes that `rule` is true for, with 1008, as SwimOS Java does. Nothing: none from now on. */
  forbid(rule?: WriteRule): this {
    this.rules.forbid = rule
    return this
  }
}
