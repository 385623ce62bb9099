// Floor 8. What befalls the networks of clients, and what they write. docs/TESTING.md.
import { ConfigError } from '../base/errors.js'
import type { Party, TestClient } from './party.js'
import type { WriteRule, WriteRules, WriteTransform } from './test-lanes.js'

/** Faults of a test host. Each method returns the host, so that calls can be chained. */
export abstract class Faults {
  /** @internal */
  protected abstract readonly rules: WriteRules
  /** @internal */
  protected abstract readonly like: 'java' | 'rust' | undefined

  /** @internal Runs for one client, or for all. @throws {ConfigError} where it is none of this host */
  protected abstract each(client: TestClient | undefined, run: (party: Party) => void): this

  /** The network of a client, or of all, is gone: sockets end, and no other opens before `heal`. */
  cut(client?: TestClient): this {
    return this.each(client, party => {
      party.network.refuses = true
      party.cut()
    })
  }

  /** What clients of the host are sent arrives no more, until `heal`; nothing fails, and nothing is lost. */
  stall(client?: TestClient): this {
    return this.each(client, party => void (party.isStalled = true))
  }

  /** Clients read nothing, until `heal`: what changes folds, and of each key the latest value is sent then. */
  fold(client?: TestClient): this {
    return this.each(client, party => void (party.isFolding = true))
  }

  /** Frames take so long, each way, in milliseconds. */
  delay(ms: number, client?: TestClient): this {
    if (!(ms >= 0 && ms < 2 ** 31)) throw new ConfigError('delay', 'must be milliseconds, from 0 to 2147483647')
    return this.each(client, party => void (party.network.latencyMs = ms))
  }

  /**
   * Removes and clears come up to a second late, by chance, behind newer updates, as those of a SwimOS Java host may. A host that
   * is like `rust` keeps order: there it throws ConfigError.
   */
  overtake(client?: TestClient): this {
    if (this.like === 'rust') throw new ConfigError('overtake', `a host like 'rust' keeps the order of its frames`)
    return this.each(client, party => void (party.isOvertaking = true))
  }

  /** Takes back `cut`, `stall`, `fold`, `delay` and `overtake`. */
  heal(client?: TestClient): this {
    return this.each(client, party => {
      party.network.refuses = false
      party.network.latencyMs = 0
      party.isStalled = false
      party.isFolding = false
      party.isOvertaking = false
      party.drained()
    })
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
