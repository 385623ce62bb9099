// Floor 8. A host that replays a tape to a client that behaves as the taped client did. docs/TESTING.md.
import type { HostUri } from '../base/address.js'
import { ConfigError, say } from '../base/errors.js'
import { excerpt } from '../base/excerpt.js'
import { Probes, signsOfLife } from '../connection/heartbeat.js'
import { SwimClient, type SwimClientOptions } from '../index.js'
import { coreOf } from '../inspect/inside.js'
import { redact } from '../inspect/redact.js'
import { readTape, type TapeLine } from '../inspect/tape.js'
import { TestHostError } from './kit-error.js'
import { MemoryNetwork, type Peer } from './memory-network.js'
import type { TestClient } from './party.js'
import { chanceOf } from './random.js'
import { hear, longestMs, VirtualClock } from './virtual-clock.js'

/** Options of a recorded host. */
export interface RecordedHostOptions {
  /** Which host of the tape is played. @default the first in the tape */
  readonly hostUri?: string
  /** The seed of the client's randomness. @default 1 */
  readonly seed?: number
}

/**
 * Plays one host of a tape to one client. Each frame of the host comes once the client has sent all that the tape has before it;
 * the client's frames between two of the host's may come in any order. Time passes only in `idle`, `until` and `advance`.
 * @example
 * await using host = recordedHost(tape)
 * const map = host.client().downlinkMap({ nodeUri: '/h', laneUri: 'm' }).open()
 * await host.idle()
 * console.log(host.deviations)
 */
export class RecordedHost implements AsyncDisposable {
  /** The host that is played. */
  readonly uri: string
  /** The client's clock. */
  readonly clock: VirtualClock
  /** Frames of the client that the tape does not have at that place. */
  readonly deviations: string[] = []
  readonly #lines: readonly TapeLine[]
  readonly #network: MemoryNetwork
  readonly #clients: TestClient[] = []
  /** Lines that were played, and those of the client's that were said ahead of their turn. */
  #at = 0
  readonly #said = new Set<number>()
  #peer: Peer | undefined
  /** Addresses of lanes, and keys of list items, as the client says them, by what the tape has of them. */
  readonly #addresses = new Map<string, string>()
  readonly #keys = new Map<string, string>()
  /** Lanes that are linked on this socket, by their addresses as the client says them. */
  readonly #linked = new Set<string>()

  /** @throws {ConfigError} where the tape has no such host, or a line can't be read */
  constructor(tape: string, { hostUri, seed = 1 }: RecordedHostOptions = {}) {
    const { lines } = readTape(tape)
    const uri = hostUri ?? lines[0]?.host
    this.#lines = lines.filter(({ host }) => host === uri)
    if (uri === undefined || this.#lines.length === 0)
      throw new ConfigError('hostUri', say`the tape has nothing of ${hostUri ?? 'any host'}`)
    this.uri = uri
    this.clock = new VirtualClock(chanceOf(seed))
    this.#network = new MemoryNetwork(this.clock)
    this.#network.onconnect = peer => this.#connect(peer)
    this.#network.takes = protocols => this.#takes(protocols)
  }

  /** How many lines of the tape have not been played. */
  get left(): number {
    return this.#lines.length - this.#at
  }

  /** The client that the tape is played to. @throws {ConfigError} where there is one already */
  client(options: SwimClientOptions = {}): TestClient {
    if (this.#clients.length > 0) throw new ConfigError('client', 'a recorded host has one client')
    const client = new SwimClient({
      hostUri: this.uri as HostUri,
      ...options,
      clock: this.clock,
      webSocket: this.#network.WebSocket,
    })
    this.#clients.push(client)
    return client
  }

  /**
   * Lets time pass until a promise settles. Resolves as the promise does; a value that is not a promise is returned as it is.
   * @param withinMs virtual milliseconds. @default 180000
   * @throws {TestHostError} where the promise has not settled by then
   */
  async until<T>(promise: T | PromiseLike<T>, withinMs: number = longestMs): Promise<T> {
    const heard = hear(promise)
    if (await this.clock.until(heard, withinMs)) return heard
    throw new TestHostError(say`the promise given to until() has not settled, at ${Math.round(this.clock.now())} ms`)
  }

  /** Runs until no frame is under way. */
  async idle(): Promise<void> {
    await this.clock.settle()
  }

  /** Lets `ms` milliseconds pass. @throws {ConfigError} when `ms` is not a number from 0 on */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms)
  }

  /**
   * Closes the client. Safe to call twice.
   * @throws {TestHostError} naming the client's frames that the tape does not have, where the tape has others
   */
  async close(): Promise<void> {
    const next = this.#lines[this.#at]
    const deviations = this.deviations.splice(0)
    this.#network.onconnect = () => {}
    this.#at = this.#lines.length
    const closed = Promise.all(this.#clients.splice(0).map(client => client.close()))
    await this.advance(10_000)
    await closed
    if (deviations.length === 0) return
    const waits = next === undefined ? 'the tape is over' : `the tape waits for ${spell(next)}`
    throw new TestHostError('the client sent frames that the tape lacks:\n' + deviations.join('\n') + '\n' + waits)
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Whether the socket of the tape that comes next opened, by a subprotocol that is offered now. */
  #takes(protocols: readonly string[]): boolean {
    const line = this.#lines[this.#at]
    if (line === undefined || 'direction' in line) return true
    if (line.event === 'open') return line.protocol === undefined || protocols.includes(line.protocol)
    // A close without an open is of one that did not.
    this.#at++
    return false
  }

  #connect(peer: Peer): void {
    this.#peer = peer
    this.#linked.clear()
    peer.onmessage = text => this.#hear(text)
    peer.onclose = () => void (this.#peer = undefined)
    const line = this.#lines[this.#at]
    if (line !== undefined && 'event' in line && line.event === 'open') this.#at++
    this.#play()
  }

  #hear(text: string): void {
    if (this.#isSignOfLife(text)) return this.#answer(text)
    for (let i = this.#at; i < this.#lines.length; i++) {
      const line = this.#lines[i]!
      // What the host said in between may be the answer to something else.
      if (!('direction' in line)) break
      if (line.direction === 'in' || this.#said.has(i) || !this.#isSame(line.text, text)) continue
      this.#said.add(i)
      return this.#play()
    }
    if (probes.has(text)) this.#answer(text)
    else this.deviations.push(excerpt(text))
  }

  /** Whether a frame only checks that the host lives: a client sends those after silence, and so at other times than the tape. */
  #isSignOfLife(text: string): boolean {
    return signs.has(text) || (text.startsWith('@link(') && this.#linked.has(text.slice('@link'.length, -1)))
  }

  /** As every host answers it. */
  #answer(text: string): void {
    if (text.startsWith('@unlink')) return
    const isNowhere = signs.has(text) || probes.has(text)
    this.#peer?.send(isNowhere ? `@un${text.slice(1).replace('(', 'ed(')}@nodeNotFound` : text.replace('(', 'ed('))
  }

  /** Whether a tape has this frame, where it may have it without what may be secret, and with another's key of an item. */
  #isSame(taped: string, said: string): boolean {
    if (taped === said) return true
    const [connection] = coreOf(this.#clients[0]).connections.values()
    const shown = connection === undefined ? said : redact(connection, said)
    const [before, after] = [itemKey.exec(taped), itemKey.exec(shown)]
    const [key, own] = [before?.[2], after?.[2]]
    if (taped !== shown) {
      if (key === undefined || own === undefined || (this.#keys.get(key) ?? own) !== own) return false
      if (taped.replace(itemKey, '$1') !== shown.replace(itemKey, '$1')) return false
      // Keys of items are random: from now on the host says this one as this client does.
      this.#keys.set(key, own)
    }
    // The tape has the address without its queries: from now on the host says it as this client does.
    this.#addresses.set(addressOf(taped), addressOf(said))
    return true
  }

  /** Plays lines up to the next that the client has not said, or the next socket. */
  #play(): void {
    for (; this.#at < this.#lines.length && this.#peer !== undefined; this.#at++) {
      const line = this.#lines[this.#at]!
      if ('direction' in line) {
        const address = addressOf(line.text)
        const own = this.#addresses.get(address) ?? address
        const text = line.text.replace(address, () => own)
        if (line.direction === 'in') this.#say(text, own)
        else if (!this.#said.delete(this.#at) && !this.#isSignOfLife(text)) return
      } else if (line.event === 'open') return
      else {
        this.#at++
        this.#peer.close(line.code ?? 1006, line.reason ?? '')
        return
      }
    }
  }

  #say(text: string, address: string): void {
    if (text.startsWith('@linked(')) this.#linked.add(address)
    if (text.startsWith('@unlinked(')) this.#linked.delete(address)
    this.#peer!.send(text.replace(itemKey, (_, head: string, key: string) => head + (this.#keys.get(key) ?? key)))
  }
}

/** What a client asks that has no link, to hear whether its host lives. */
const signs = new Set(signsOfLife(undefined))
/** What it asks to hear whether all has arrived. */
const probes = new Set(new Probes().ask(() => {}))

/** The key of an item in an operation on a list: six bytes of chance. */
const itemKey = /(@(?:update|move|remove)\((?:index|from):[^")]*,key:)(%[\w+/=]*)(?=\))/

const part = String.raw`(?:"(?:[^"\\]|\\.)*"|[^",)]*)`
const address = new RegExp(String.raw`\(node:${part},lane:${part}`)

/** The node and lane that a frame is of, as it spells them; empty where it is of none. */
const addressOf = (frame: string): string => address.exec(frame)?.[0] ?? ''

const spell = (line: TapeLine): string =>
  'event' in line
    ? `the socket to ${line.event}`
    : `${line.direction === 'in' ? 'the host' : 'the client'}: ${excerpt(line.text)}`

/**
 * A host that plays a tape, as `record` of `swimlink/inspect` makes it. @throws {ConfigError}
 * @example
 * const host = recordedHost(readFileSync('bug.tape', 'utf8'))
 * const map = host.client().downlinkMap({ nodeUri: '/h', laneUri: 'm' }).open()
 * await host.idle()
 */
export const recordedHost = (tape: string, options?: RecordedHostOptions): RecordedHost =>
  new RecordedHost(tape, options)
