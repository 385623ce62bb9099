// Floor 8. A host that replays a tape to a client that behaves as the recorded one did. docs/TESTING.md.
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
  /** The host of the tape to play. @default the first in the tape */
  readonly hostUri?: string
  /** The seed of the client's randomness. @default 1 */
  readonly seed?: number
}

/**
 * Plays one host of a tape to one client. Each frame of the host comes once the client has sent all frames that precede it on the
 * tape. The client's frames between two of the host's may come in any order. Time passes only in `idle`, `until` and `advance`.
 * @example
 * await using host = recordedHost(tape)
 * const map = host.client().downlinkMap({ nodeUri: '/h', laneUri: 'm' }).open()
 * await host.idle()
 * console.log(host.deviations)
 */
export class RecordedHost implements AsyncDisposable {
  /** The URI of the host that is played. */
  readonly uri: string
  /** The client's clock. */
  readonly clock: VirtualClock
  /** Frames of the client that the tape does not have at that position. */
  readonly deviations: string[] = []
  readonly #lines: readonly TapeLine[]
  readonly #network: MemoryNetwork
  readonly #clients: TestClient[] = []
  /** The position on the tape, and later lines that the client has sent already. */
  #at = 0
  readonly #said = new Set<number>()
  #peer: Peer | undefined
  /** Addresses of lanes, and keys of list items, as this client spells them, by their spelling on the tape. */
  readonly #addresses = new Map<string, string>()
  readonly #keys = new Map<string, string>()
  /** The linked lanes of this socket, by their addresses as this client spells them. */
  readonly #linked = new Set<string>()

  /** @throws {ConfigError} if the tape has no such host, or a line can't be read */
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

  /** Makes the client that the tape is played to. @throws {ConfigError} if there is one already */
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
   * @throws {TestHostError} if the promise has not settled by then
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
   * @throws {TestHostError} naming frames of the client that the tape does not have at their positions
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

  /** Whether the next socket on the tape opened, and with a subprotocol that the client offers. */
  #takes(protocols: readonly string[]): boolean {
    const line = this.#lines[this.#at]
    if (line === undefined || 'direction' in line) return true
    if (line.event === 'open') return line.protocol === undefined || protocols.includes(line.protocol)
    // A close without an open: this socket did not open.
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
      // Frames of the host in between may answer something else.
      if (!('direction' in line)) break
      if (line.direction === 'in' || this.#said.has(i) || !this.#isSame(line.text, text)) continue
      this.#said.add(i)
      return this.#play()
    }
    if (probes.has(text)) this.#answer(text)
    else this.deviations.push(excerpt(text))
  }

  /** Whether a frame only checks that the host is alive. Clients send these after silence, so at other times than on the tape. */
  #isSignOfLife(text: string): boolean {
    return signs.has(text) || (text.startsWith('@link(') && this.#linked.has(text.slice('@link'.length, -1)))
  }

  /** Answers such a frame as every host does. */
  #answer(text: string): void {
    if (text.startsWith('@unlink')) return
    const isNowhere = signs.has(text) || probes.has(text)
    this.#peer?.send(isNowhere ? `@un${text.slice(1).replace('(', 'ed(')}@nodeNotFound` : text.replace('(', 'ed('))
  }

  /** Whether a frame equals one on the tape, apart from secrets that the tape leaves out, and from random keys of items. */
  #isSame(taped: string, said: string): boolean {
    if (taped === said) return true
    const [connection] = coreOf(this.#clients[0]).connections.values()
    const shown = connection === undefined ? said : redact(connection, said)
    const [before, after] = [itemKey.exec(taped), itemKey.exec(shown)]
    const [key, own] = [before?.[2], after?.[2]]
    if (taped !== shown) {
      if (key === undefined || own === undefined || (this.#keys.get(key) ?? own) !== own) return false
      if (taped.replace(itemKey, '$1') !== shown.replace(itemKey, '$1')) return false
      // Keys of items are random: from now on the host uses the key of this client.
      this.#keys.set(key, own)
    }
    // The tape leaves out queries: from now on the host uses the address of this client.
    this.#addresses.set(addressOf(taped), addressOf(said))
    return true
  }

  /** Plays lines up to the next one that the client has not sent, or to the next socket. */
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

/** Frames by which a client without links checks that the host is alive. */
const signs = new Set(signsOfLife(undefined))
/** Frames by which a client checks that the host has received everything. */
const probes = new Set(new Probes().ask(() => {}))

/** The key of an item in a list operation: six random bytes. */
const itemKey = /(@(?:update|move|remove)\((?:index|from):[^")]*,key:)(%[\w+/=]*)(?=\))/

const part = String.raw`(?:"(?:[^"\\]|\\.)*"|[^",)]*)`
const address = new RegExp(String.raw`\(node:${part},lane:${part}`)

/** The node and lane of a frame, as spelled there; empty for a frame without them. */
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
