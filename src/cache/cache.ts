// Floor 7. The cache of one client: its lanes, its visit, and what happens when the store fails.
import { ConfigError, say, type SwimError } from '../base/errors.js'
import { hostUrl } from '../base/address.js'
import { dateOf } from '../base/clock.js'
import { readOptions } from '../base/options.js'
import type { CachedClient, CacheStore, ClientCache, RestoredWrite } from '../client/caching.js'
import type { MapBeginning, MapCacheOptions } from '../downlink/map/map-cache.js'
import type { MapModel } from '../downlink/map/map-model.js'
import type { Link } from '../link/link.js'
import type { LinkSink } from '../link/link-port.js'
import { Reader } from '../recon/index.js'
import { MapOpReader } from '../warp/map-op.js'
import { CacheError } from './cache-error.js'
import { checkStore } from './check-store.js'
import { readInitial } from './dehydrate.js'
import { Entries } from './entries.js'
import { evict } from './evict.js'
import { Keeper } from './keeper.js'
import { allUsed, hostKey, laneKey, laneName, usedKey } from './rows.js'
import { restoredOf, Unsent, type Kept } from './unsent.js'

const mapOptions = { maxAgeMs: [Infinity, 0, Infinity], writes: ['keep', 'forget'] } as const

/** How long to wait for another tab to send its writes of a lane, at first and at most; and how long a sent write is not stored. */
const [firstRetryMs, lastRetryMs, underWayMs] = [1000, 60_000, 100] as const

/** A page that is never idle writes after this many milliseconds. */
const idle = { timeout: 1000 }

export class Cache implements ClientCache {
  readonly #client: CachedClient
  readonly #ops: MapOpReader
  readonly #keepers = new Map<MapModel, Keeper>()
  #unsent: Unsent | undefined
  /** Writes to the store, in order. */
  #chain: Promise<unknown> = Promise.resolve()
  #names = 0
  #save: (() => void) | undefined
  #hasFailed = false

  /** @throws {ConfigError} if a client with credentials has a store without a scope */
  constructor(client: CachedClient) {
    this.#client = client
    const { credentials, maxDepth, maxFrameChars, cache } = client.options
    this.#ops = new MapOpReader(new Reader({ maxDepth, maxChars: maxFrameChars }))
    if (cache !== undefined) checkStore(cache, credentials.size > 0)
    client.events.on('close', () => {
      for (const [model, keeper] of this.#keepers) if (keeper.isAlone) this.#end(model, keeper)
    })
  }

  opened(link: Link, sink: LinkSink, { cache, initial, syncs }: MapBeginning): void {
    const model = sink as MapModel
    if (!syncs) throw new ConfigError('cache', 'a downlink with syncs(false) has no entries to begin with')
    const begun = initial === undefined ? undefined : this.#begun(link, initial)
    if (begun !== undefined && !link.cached && model.shown.size === 0) {
      model.seed(begun.entries)
      link.showsCached({ state: 'stale', because: 'cached', asOf: begun.asOf })
    }
    if (cache === undefined || cache === false) return
    const { maxAgeMs, writes } = readOptions<MapCacheOptions, typeof mapOptions>(
      mapOptions,
      cache === true ? {} : cache,
    )
    const store = this.#client.options.cache
    if (store === undefined)
      throw new ConfigError('cache', 'needs a client with the option cache: where entries are kept')
    const known = this.#keepers.get(model)
    const keeper = known ?? this.#keep(store, link, model)
    if (writes === 'keep') keeper.keepsWrites = true
    if (known === undefined) void this.#begin(keeper, begun === undefined ? maxAgeMs : -1)
  }

  get restored(): readonly RestoredWrite[] {
    return (this.#unsent?.all ?? []).flatMap(kept =>
      kept.isRestored && kept.write?.state !== 'done' ? [restoredOf(kept, this.#ops)] : [],
    )
  }

  failed({ code, cause, hostUri }: SwimError): void {
    // Refused credentials have no cause. If their function failed, there is a cause.
    if (code !== 'auth' || cause !== undefined || hostUri === undefined) return
    const host = hostUrl(hostUri)
    for (const keeper of this.#keepers.values()) if (keeper.lane.startsWith(host + ' ')) keeper.forget()
    void this.#write({ remove: [hostKey(host), `${allUsed}${host} `] }).catch(this.#fail)
  }

  async clear(): Promise<void> {
    for (const keeper of this.#keepers.values()) keeper.forget()
    this.#unsent?.end()
    this.#unsent = undefined
    try {
      await this.#write({ remove: [''] })
    } catch (cause) {
      throw new CacheError(say`the cache could not be cleared: ${cause}`, { cause })
    }
  }

  #keep(store: CacheStore, link: Link, model: MapModel): Keeper {
    const { clock } = this.#client.options
    const wallMs = () => dateOf(clock, clock.now()).getTime()
    const name = laneName(link, model.kind)
    const liveMs = () => (keeper.state === 'ended' ? keeper.endedMs : link.phase === 'live' ? wallMs() : undefined)
    const client = this.#client
    const port = {
      client,
      lane: name,
      link,
      model,
      ops: this.#ops,
      liveMs,
      failed: this.#fail,
      writesChanged: () => {
        const delayMs = link.phase === 'live' ? underWayMs : 0
        this.#save ??= clock.timer(() => this.#saveNow(), delayMs)
      },
    }
    const entries = new Entries({
      store,
      lane: name,
      model,
      ops: this.#ops,
      openedMs: wallMs(),
      wallMs,
      isOff: () => keeper.state === 'off',
      liveMs,
      nowMs: () => clock.now(),
      newName: () => this.#newName(),
      turn: () => new Promise(resolve => void clock.turn(resolve)),
      rest: () =>
        new Promise(resolve => void (globalThis.requestIdleCallback?.(() => resolve(), idle) ?? clock.turn(resolve))),
      damaged: cause =>
        this.#report(say`part of the cache of ${link.where} can't be read; the next sync replaces it: ${cause}`, cause),
      written: chars => this.#written(keeper, chars),
    })
    const keeper: Keeper = new Keeper({ ...port, entries })
    link.sinks.add(keeper)
    model.attach(keeper)
    this.#unsent ??= new Unsent(store, this.#newName(), message => this.#report(message))
    if (this.#keepers.size === 0) onTurn(true, this.#turned)
    this.#keepers.set(model, keeper)
    return keeper
  }

  async #begin(keeper: Keeper, maxAgeMs: number): Promise<void> {
    await this.#chain
    // Writes go first, so that the entries below them never show their old values.
    await this.#takeOver(keeper, firstRetryMs)
    await keeper.begin(maxAgeMs)
  }

  /** Sends writes of a lane that other visits have left. Tries again while other visits still hold theirs. */
  #takeOver(keeper: Keeper, retryMs: number): Promise<unknown> {
    const isOver = () => keeper.state !== 'kept'
    return this.#inOrder(async () => {
      if (isOver()) return
      const isMore = await this.#unsent?.takeOver(keeper.lane, kept => isOver() || keeper.restore(kept))
      const again = () => void this.#takeOver(keeper, Math.min(retryMs * 2, lastRetryMs))
      if (isMore === true && !isOver()) keeper.retry = this.#client.options.clock.timer(again, retryMs)
    })
  }

  /** The last downlink of the lane is closed. */
  #end(model: MapModel, keeper: Keeper): void {
    keeper.release()
    this.#saveNow()
    this.#keepers.delete(model)
    void this.#inOrder(() => keeper.flush('closed'))
    const unsent = this.#unsent
    void this.#inOrder(() => unsent?.leave(keeper.lane, this.#newName()))
    if (this.#keepers.size > 0) return
    onTurn(false, this.#turned)
    this.#unsent = undefined
    void this.#inOrder(() => unsent?.end())
  }

  #saveNow(): void {
    this.#save = void this.#save?.()
    const unsent = this.#unsent
    const fresh: Kept[] = []
    for (const keeper of this.#keepers.values()) fresh.push(...keeper.fresh())
    void this.#inOrder(() => unsent?.save(fresh))
  }

  /** A lane was written completely: evicts other lanes to make room, or the lane itself if it exceeds `maxBytes`. */
  async #written(keeper: Keeper, chars: number): Promise<void> {
    const store = this.#client.options.cache!
    if (chars <= store.maxBytes) return evict(store, keeper.lane)
    keeper.state = 'off'
    await store.write({ remove: [laneKey(keeper.lane), usedKey(keeper.lane)] })
    this.#report(say`a lane takes ${chars} of ${store.maxBytes} bytes (maxBytes): its entries are not kept`)
  }

  #begun(link: Link, initial: string): ReturnType<typeof readInitial> | undefined {
    try {
      return readInitial(initial, this.#ops)
    } catch (cause) {
      this.#report(say`initial of ${link.where} is not what dehydrate() gave: ${cause}`, cause)
      return undefined
    }
  }

  async #write(changes: Parameters<CacheStore['write']>[0]): Promise<void> {
    await this.#chain
    await this.#client.options.cache?.write(changes)
  }

  #inOrder(run: () => unknown): Promise<unknown> {
    return (this.#chain = this.#chain.then(run).catch(this.#fail))
  }

  #newName(): string {
    return `${Math.floor(this.#client.options.clock.random() * 2 ** 52).toString(36)}.${this.#names++}`
  }

  /** The page was hidden, for some pages the last event; or it is shown again, as when the tab above it was closed. */
  readonly #turned = (): void => {
    if (!document.hidden) {
      for (const keeper of this.#keepers.values()) {
        keeper.retry?.()
        void this.#takeOver(keeper, firstRetryMs)
      }
      return
    }
    this.#saveNow()
    // Writes go first, as their rows have no condition. Rows of entries have one, and its answer may not reach a page that ends.
    void this.#chain.then(() => this.#keepers.forEach(keeper => void keeper.flush('hidden')))
  }

  /** The store has failed: maps go on without it, and one error is reported. */
  readonly #fail = (cause: unknown): void => {
    for (const keeper of this.#keepers.values()) keeper.state = 'off'
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#report(say`nothing is kept from now on: ${cause}`, cause)
  }

  #report(message: string, cause?: unknown): void {
    this.#client.report(new CacheError(message, { cause }))
  }
}

/** Calls `run` when a page is hidden or shown. Does nothing outside a page. */
function onTurn(isOn: boolean, run: () => void): void {
  globalThis.document?.[isOn ? 'addEventListener' : 'removeEventListener']('visibilitychange', run)
}
