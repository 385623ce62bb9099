// A device with a store for the cache, and its tabs: each may end, freeze and fail at any step of what it asks the store.
import { memoryCache, type CacheChanges, type CacheRow, type CacheStore } from '../../src/cache/index.js'
import type { Clock } from '../../src/base/clock.js'

/** What all tabs of a device share. */
export class Device {
  readonly clock: Clock
  readonly store: CacheStore
  /** How long the store takes at most, in milliseconds. */
  slowMs = 0
  /** Until when it answers nobody, as a tab is frozen in a transaction. */
  blockedUntilMs = 0
  readonly locks = new Map<string, Tab>()

  constructor(clock: Clock, scope?: string) {
    this.clock = clock
    this.store = memoryCache(scope === undefined ? {} : { scope })
  }

  tab(): Tab {
    return new Tab(this)
  }
}

/** What one tab sees of the store. */
export class Tab implements CacheStore {
  readonly #device: Device
  /** `gone`: nothing of it runs any more, and its locks are free. */
  state: 'here' | 'frozen' | 'gone' = 'here'
  /** What each call rejects with. */
  fault: Error | undefined
  #waiting: (() => void)[] = []

  constructor(device: Device) {
    this.#device = device
  }

  get scope(): string | undefined {
    return this.#device.store.scope
  }
  get maxBytes(): number {
    return this.#device.store.maxBytes
  }

  read(prefix: string): Promise<readonly CacheRow[]> {
    return this.#ask(() => this.#device.store.read(prefix))
  }

  write(changes: CacheChanges): Promise<boolean> {
    return this.#ask(() => this.#device.store.write(changes))
  }

  lock(name: string): Promise<(() => void) | undefined> {
    const { locks } = this.#device
    return this.#ask(async () => {
      if (locks.has(name)) return undefined
      locks.set(name, this)
      return () => void (locks.get(name) === this && locks.delete(name))
    })
  }

  async close(): Promise<void> {}

  /** The tab is gone without a word. */
  kill(): void {
    this.state = 'gone'
    for (const [name, tab] of this.#device.locks) if (tab === this) this.#device.locks.delete(name)
  }

  /** Freezes, or thaws. */
  turn(): void {
    if (this.state === 'here') this.state = 'frozen'
    else this.thaw()
  }

  thaw(): void {
    if (this.state !== 'frozen') return
    this.state = 'here'
    for (const go of this.#waiting.splice(0)) go()
  }

  /** Before, in and after what is asked the tab may end, or freeze. */
  async #ask<T>(run: () => Promise<T>): Promise<T> {
    await this.#passes()
    const { clock, slowMs } = this.#device
    const wait = (ms: number) => new Promise<void>(resolve => void clock.timer(resolve, ms))
    if (slowMs > 0) await wait(clock.random() * slowMs)
    while (clock.now() < this.#device.blockedUntilMs) await wait(this.#device.blockedUntilMs - clock.now())
    await this.#passes()
    if (this.fault !== undefined) throw this.fault
    const answer = await run()
    if (slowMs > 0) await wait(clock.random() * slowMs)
    await this.#passes()
    return answer
  }

  #passes(): Promise<void> {
    if (this.state === 'here') return Promise.resolve()
    return new Promise(resolve => {
      if (this.state === 'frozen') this.#waiting.push(resolve)
    })
  }
}
