// Floor 7. The stored entries of one lane: read once, and then written after each change. Pages of text hold all entries, and a log
// holds the changes since. The head names the valid pages. A change of a lane's rows requires the head that this visit knows, so only
// one of several tabs writes. docs/CACHE.md.
import type { Value } from '../recon/index.js'
import { gone, type Gone } from '../store/replica.js'
import { writeRemove, writeUpdate } from '../warp/map-op.js'
import type { EntriesPort, When } from './entries-port.js'
import { headKey, laneKey, pageEntries, place, readHead, readPage, usedKey, writePage, type Head } from './rows.js'

/** How many pages are read in one turn. */
const pagesPerTurn = 4

/** For how long this tab does not write after it has seen another tab write, in milliseconds. */
const othersMs = 60_000

export class Entries {
  readonly #port: EntriesPort
  /** The text of the head that this visit has last read or written; undefined if there is none. */
  #known: string | undefined
  #head: Head | undefined
  /** The keys of entries that were changed and not written yet, by identity. */
  readonly #dirty = new Map<unknown, Value>()
  /** Whether the stored entries were read; whether all entries have to be written again, and whether that would change anything. */
  #isRead = false
  #isWhole = false
  #hasNews = false
  /** The starts of keys of useless rows, which the next write removes. */
  #litter = new Set<string>()
  /** Until when another tab may write. */
  #othersUntilMs = -Infinity

  constructor(port: EntriesPort) {
    this.#port = port
  }

  /** Whether there is anything to write. */
  get isDue(): boolean {
    return this.#isRead && (this.#hasNews || this.#dirty.size > 0)
  }

  /** In how many milliseconds this tab may write. */
  get waitMs(): number {
    return Math.max(0, this.#othersUntilMs - this.#port.nowMs())
  }

  /** An entry has changed. */
  touch(id: unknown, key: Value): void {
    this.#dirty.set(id, key)
  }

  /**
   * Reads the stored entries, and passes them on page by page, in slices.
   * @param maxAgeMs -1: passes none on
   * @param take receives entries; returns false to stop
   * @returns when the lane held these entries; undefined if not all were taken, or there are none
   */
  async read(maxAgeMs: number, take: (entries: [Value, Value][]) => boolean): Promise<Date | undefined> {
    const { store, lane, turn, damaged } = this.#port
    const rows = new Map(await store.read(laneKey(lane)))
    this.#known = rows.get(headKey(lane))
    const head = (this.#head = readHead(this.#known))
    for (const key of rows.keys()) {
      const [, , name] = key.split('\n')
      if (name !== '!' && name !== head?.pages) this.#litter.add(`${laneKey(lane)}${name}\n`)
    }
    this.#isRead = true
    if (this.#known !== undefined && head === undefined) damaged(new RangeError('the head of a lane'))
    // A stored entry that is not shown looks like one that the lane no longer has, so all entries are written again.
    this.#writeAllNext()
    const ageMs = this.#port.wallMs() - (head?.asOf ?? NaN)
    // If the clock was set back, the age is not known.
    if (head === undefined || !(maxAgeMs === Infinity || (ageMs >= 0 && ageMs <= maxAgeMs))) return undefined
    const key = laneKey(lane) + head.pages
    const later = new Map<unknown, [Value, Value] | undefined>()
    const { identity } = this.#port.model.shown.order
    let fault: unknown
    const read = (name: string, count: number, entry: (key: Value, value: Value | Gone) => void) => {
      const text = rows.get(`${key}\n${name} ${place(count)}`)
      fault = this.#page(text, entry) ?? fault
    }
    for (let i = 0; i < Math.min(head.logs, rows.size); i++)
      read('log', i, (key, value) => later.set(identity(key), value === gone ? undefined : [key, value]))
    for (let i = 0; i < Math.min(head.count, rows.size); i++) {
      const entries: [Value, Value][] = []
      read('page', i, (key, value) => {
        if (value !== gone && (later.size === 0 || !later.has(identity(key)))) entries.push([key, value])
      })
      if (!take(entries)) return undefined
      if (i % pagesPerTurn === 0) await turn()
    }
    if (fault !== undefined) damaged(fault)
    if (!take([...later.values()].filter(entry => entry !== undefined))) return undefined
    this.#isWhole = this.#hasNews = fault !== undefined
    return new Date(head.asOf)
  }

  /**
   * Writes changed entries, or all entries; nothing while another tab writes.
   * @param when a page that is hidden has no time to write all; when the lane is closed, the time of its state is written even without
   * changes
   */
  async write(when: When): Promise<void> {
    if (!this.#isRead || this.waitMs > 0) return
    const { chars = 0, logChars = 0 } = this.#head ?? {}
    const { size } = this.#port.model.shown
    if (this.#dirty.size > size / 2 + pageEntries || logChars > chars / 2 + 2 ** 16) this.#writeAllNext()
    if (!this.#isWhole) return this.#append(when !== 'due')
    if (!this.isDue || when === 'hidden') return
    if (this.#othersUntilMs > -Infinity) {
      const head = await this.#readHead()
      if (head !== this.#known) return this.#leave(head)
    }
    await this.#writeAll()
  }

  #writeAllNext(): void {
    this.#isWhole = this.#hasNews = true
  }

  async #append(isLeaving: boolean): Promise<void> {
    const { model, lane } = this.#port
    const lines: string[] = []
    for (const [id, key] of this.#dirty) {
      // While own writes cover the entry, the host's next events decide about it.
      if (model.covered(id) !== undefined) continue
      this.#dirty.delete(id)
      lines.push(this.#line(id, key) ?? writeRemove(key))
      if (lines.length === pageEntries * 4) break
    }
    const head = this.#head!
    if (lines.length === 0 && !isLeaving) return
    const text = writePage(lines)
    const row = [`${laneKey(lane)}${head.pages}\nlog ${place(head.logs)}`, text] as const
    if (lines.length === 0) await this.#commit(head, [])
    else await this.#commit({ ...head, logs: head.logs + 1, logChars: head.logChars + text.length }, [row])
    if (lines.length === pageEntries * 4) await this.#append(isLeaving)
  }

  async #writeAll(): Promise<void> {
    const { model, store, lane, newName, rest } = this.#port
    const { shown } = model
    this.#isWhole = this.#hasNews = false
    this.#dirty.clear()
    // Events of covered entries do not show yet, so no observer is called for them.
    for (const [id, { key }] of model.coveredEntries()) this.#dirty.set(id, key as Value)
    const pages = newName()
    const key = laneKey(lane) + pages
    const ids = [...new Set([...shown.idsAsLaid(), ...model.coveredEntries().keys()])]
    this.#litter.add(key + '\n')
    let count = 0
    let chars = 0
    for (let at = 0; at < ids.length; at += pageEntries, count++) {
      await rest()
      if (this.#port.isOff()) return
      const page = ids.slice(at, at + pageEntries).map(id => this.#line(id, undefined))
      const text = writePage(page.filter(line => line !== undefined))
      chars += text.length
      await store.write({ put: [[`${key}\npage ${place(count)}`, text]] })
    }
    this.#litter.delete(key + '\n')
    const old = this.#head?.pages
    if (old !== undefined) this.#litter.add(laneKey(lane) + old + '\n')
    await this.#commit({ pages, count, logs: 0, asOf: this.#head?.asOf ?? 0, chars, logChars: 0 }, [])
  }

  /** Writes rows together with the head that names them, unless another tab has changed the head. */
  async #commit(next: Head, put: readonly (readonly [string, string])[]): Promise<void> {
    const { store, lane, openedMs } = this.#port
    const liveMs = this.#port.liveMs()
    const head = liveMs === undefined ? next : { ...next, asOf: Math.trunc(liveMs) }
    const text = JSON.stringify(head)
    const remove = [...this.#litter]
    const used = [usedKey(lane), `${openedMs} ${head.chars + head.logChars}`] as const
    const isDone = await store.write({
      remove,
      put: [...put, [headKey(lane), text], used],
      only: [[headKey(lane), this.#known]],
    })
    if (!isDone) {
      // These pages are named by no head.
      if (head.pages !== this.#head?.pages) await store.write({ remove: [`${laneKey(lane)}${head.pages}\n`] })
      return this.#leave(await this.#readHead())
    }
    for (const key of remove) this.#litter.delete(key)
    this.#known = text
    this.#head = head
    this.#othersUntilMs = -Infinity
    await this.#port.written(head.chars + head.logChars)
  }

  /** Another tab writes this lane: lets it, for as long as it goes on. */
  #leave(known: string | undefined): void {
    this.#known = known
    this.#head = undefined
    this.#isWhole = true
    this.#hasNews = false
    this.#othersUntilMs = this.#port.nowMs() + othersMs
    this.#dirty.clear()
  }

  async #readHead(): Promise<string | undefined> {
    const [row] = await this.#port.store.read(headKey(this.#port.lane))
    return row?.[1]
  }

  /** The host's state of an entry, as an operation. */
  #line(id: unknown, key: Value): string | undefined {
    const { shown } = this.#port.model
    const covered = this.#port.model.covered(id)
    const truth = covered === undefined ? (shown.has(id) ? (shown.get(id) as Value) : gone) : covered.truth
    return truth === gone ? undefined : writeUpdate(covered?.key ?? (shown.has(id) ? shown.keyOf(id) : key), truth)
  }

  /** Reads a page. Returns the error, if any. */
  #page(text: string | undefined, entry: (key: Value, value: Value | Gone) => void): unknown {
    const { ops } = this.#port
    const lines = text === undefined ? undefined : readPage(text)
    try {
      if (lines === undefined) throw new RangeError('a page is missing, or cut off')
      for (const line of lines) {
        const op = ops.demand(line, 0)
        if (op !== 'update' && op !== 'remove') throw new RangeError('a page has something else in it')
        entry(ops.key, op === 'update' ? ops.value : gone)
      }
      return undefined
    } catch (cause) {
      return cause
    }
  }
}
