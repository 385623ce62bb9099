// Floor 8. <swimlink-inspector>: shows in a page what its clients are doing.
import { systemClock, type Cancel } from '../base/clock.js'
import { ConfigError, say as tell } from '../base/errors.js'
import { inside } from '../client/inside.js'
import { give, make } from './dom.js'
import { FrameStore } from './frames.js'
import { EntriesView, LinksView, mostEntries, type LinkRow } from './links-view.js'
import { LogView } from './log-view.js'
import { Spark } from './spark.js'
import { style } from './style.js'
import { Watch } from './watch.js'

/** How often the element looks at its clients, and how often it adds a point to the rates; in milliseconds. */
const lookMs = 250
const rateMs = 1000

// A server that renders pages has no elements: the class is empty there.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/** Clients: one, several, or several by name. */
export type InspectedClients = object | readonly object[] | { readonly [name: string]: object } | undefined

/**
 * The element `<swimlink-inspector>`. It fills its box, or docks at the right edge with the attribute `docked`. The attribute
 * `theme` is `light` or `dark`; without it, the system decides. With the attribute `folded`, only the bar shows.
 * @example
 * const inspector = document.createElement('swimlink-inspector') as SwimlinkInspector
 * inspector.client = client
 * document.body.append(inspector)
 */
export class SwimlinkInspector extends Base {
  #clients: InspectedClients
  #watches: Watch[] = []
  #timer: Cancel | undefined
  #ratedAtMs = 0
  #isRecording = false
  readonly #store = new FrameStore()
  readonly #log: LogView | undefined
  readonly #links: LinksView | undefined
  readonly #entries: EntriesView | undefined
  readonly #sparks: readonly Spark[] = []
  readonly #retry: HTMLButtonElement | undefined
  readonly #record: HTMLButtonElement | undefined

  /** Called by the platform. Without a document, the element stays empty. */
  constructor() {
    super()
    if (typeof document !== 'object') return
    const root = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    root.adoptedStyleSheets = [sheet]
    this.#log = new LogView(this.#store)
    this.#links = new LinksView(() => this.#look())
    this.#entries = new EntriesView()
    this.#sparks = [new Spark('In', 'frames'), new Spark('Out', 'frames'), new Spark('Size', 'units of text')]
    this.#retry = make('button', { type: 'button', onclick: () => this.#retryNow() }, 'Retry now')
    this.#record = make('button', { type: 'button', onclick: () => this.#toggleTape() }, 'Record')
    const fold = make(
      'button',
      { type: 'button', class: 'fold', onclick: () => this.toggleAttribute('folded') },
      'Fold',
    )
    const top = make('div', { class: 'top' }, make('strong', {}, 'swimlink'), this.#retry, this.#record, fold)
    const rates = make('div', { class: 'rates' }, ...this.#sparks.map(({ element }) => element))
    const body = make('div', { class: 'body' }, this.#links.element, this.#entries.element, this.#log.element)
    root.append(make('div', { class: 'whole', role: 'region', 'aria-label': 'swimlink inspector' }, top, rates, body))
    this.#fold = fold
  }

  readonly #fold: HTMLButtonElement | undefined

  /** Read by the platform. */
  static get observedAttributes(): string[] {
    return ['folded']
  }

  /** The client to inspect; several, as a list or by name. @throws {ConfigError} when a value is not a SwimClient */
  get client(): InspectedClients {
    return this.#clients
  }
  set client(clients: InspectedClients) {
    const watches = watchesOf(clients)
    this.#stop()
    this.#clients = clients
    this.#watches = watches
    this.#store.clear()
    for (const spark of this.#sparks) spark.clear()
    if (this.isConnected) this.#start()
  }

  /** Called by the platform. */
  connectedCallback(): void {
    this.#start()
  }

  /** Called by the platform. */
  disconnectedCallback(): void {
    this.#stop()
  }

  /** Called by the platform. */
  attributeChangedCallback(): void {
    if (this.#fold === undefined) return
    const isFolded = this.hasAttribute('folded')
    this.#fold.textContent = isFolded ? 'Unfold' : 'Fold'
    this.#look()
  }

  #start(): void {
    for (const watch of this.#watches) watch.start(this.#store)
    this.#ratedAtMs = 0
    this.#showTape()
    this.#tick()
  }

  #stop(): void {
    this.#timer = void this.#timer?.()
    for (const watch of this.#watches) watch.stop()
    this.#isRecording = false
    this.#showTape()
  }

  readonly #tick = (): void => {
    this.#timer = void this.#timer?.()
    this.#look()
    if (this.#watches.length > 0) this.#timer = systemClock.timer(this.#tick, lookMs)
  }

  #look(): void {
    // A hidden page is not drawn.
    if (document.hidden || !this.isConnected) return
    const looks = this.#watches.map(watch => ({ watch, inspected: watch.look() }))
    this.#rate(looks.map(({ inspected }) => inspected.counters))
    if (this.hasAttribute('folded')) return
    const several = this.#watches.length > 1
    const rows = looks.flatMap(({ watch, inspected }) => watch.rowsOf(inspected))
    this.#links?.show(rows, looks[0]?.inspected.at ?? 0, several)
    const waits = rows.some(
      ({ host, links }) =>
        host.state === 'waiting' || host.state === 'denied' || links.some(({ link }) => link.state === 'unlinked'),
    )
    give(this.#retry!, { disabled: !waits })
    this.#showEntries(rows.flatMap(({ links }) => links))
    this.#log?.draw(several)
  }

  #showEntries(links: readonly LinkRow[]): void {
    const key = this.#links?.chosen
    const row = links.find(link => link.key === key)
    this.#entries?.show(row, () => {
      for (const watch of this.#watches) {
        const entries = watch.entriesOf(key!, mostEntries)
        if (entries !== undefined) return entries
      }
      return []
    })
  }

  #rate(all: readonly { readonly frames: InOut; readonly bytes: InOut }[]): void {
    const nowMs = systemClock.now()
    const passedMs = nowMs - this.#ratedAtMs
    if (this.#ratedAtMs > 0 && passedMs < rateMs) return
    this.#ratedAtMs = nowMs
    const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0)
    const totals = [
      sum(({ frames }) => frames.in),
      sum(({ frames }) => frames.out),
      sum(({ bytes }) => bytes.in + bytes.out),
    ]
    totals.forEach((total, i) => this.#sparks[i]?.add(total, passedMs / 1000))
  }

  #retryNow(): void {
    for (const watch of this.#watches) watch.retryNow()
    this.#look()
  }

  #toggleTape(): void {
    if (this.#isRecording) for (const watch of this.#watches) this.#save(watch)
    else for (const watch of this.#watches) watch.record()
    this.#isRecording = !this.#isRecording
    this.#showTape()
  }

  #showTape(): void {
    if (this.#record === undefined) return
    this.#record.textContent = this.#isRecording ? 'Save tape' : 'Record'
    give(this.#record, { 'aria-pressed': String(this.#isRecording), disabled: this.#watches.length === 0 })
  }

  #save(watch: Watch): void {
    const url = URL.createObjectURL(new Blob([watch.save()], { type: 'application/jsonl' }))
    const name = watch.name.replace(/[^\w-]+/g, '-')
    make('a', { href: url, download: `${name}.tape.jsonl` }).click()
    // By then the browser has read the file.
    systemClock.timer(() => URL.revokeObjectURL(url), 60_000)
  }
}

interface InOut {
  readonly in: number
  readonly out: number
}

/** @throws {ConfigError} when a value is not a SwimClient */
function watchesOf(clients: InspectedClients): Watch[] {
  if (clients === undefined || clients === null) return []
  if (typeof clients !== 'object') throw new ConfigError('client', tell`must be a SwimClient, got ${clients}`)
  if (inside in clients) return [new Watch('client', clients)]
  const isList = Array.isArray(clients)
  return Object.entries(clients as { readonly [name: string]: object }).map(
    ([name, client]) => new Watch(isList ? `client ${Number(name) + 1}` : name, client),
  )
}
