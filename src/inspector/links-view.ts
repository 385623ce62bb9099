// Floor 8. The hosts and links with their states, and the entries of the chosen link.
import type { InspectedHost, InspectedLink } from '../client/inspection.js'
import type { PeekedEntry } from '../inspect/peek.js'
import { count, give, Keyed, make, say } from './dom.js'

/** A host of one of the clients. */
export interface HostRow {
  readonly client: string
  readonly host: InspectedHost
  readonly links: readonly LinkRow[]
}

/** A link with a key that is unique among all clients. */
export interface LinkRow {
  readonly key: string
  readonly link: InspectedLink
}

/** The color of each state. */
const moods: { readonly [state: string]: string } = {
  open: 'good',
  synced: 'good',
  linked: 'good',
  connecting: 'busy',
  authenticating: 'busy',
  linking: 'busy',
  syncing: 'busy',
  stale: 'late',
  waiting: 'late',
  denied: 'bad',
  unlinked: 'bad',
}

const chip = () => make('span', { class: 'chip' })

function showState(element: Element, state: string): void {
  give(element, { 'data-mood': moods[state] ?? 'idle' })
  say(element, state)
}

const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`
}

function factsOf({ state, since, nextAttemptAt, why, queued, counters, failures }: InspectedHost, now: number): string {
  const { frames, reconnects, roundTripMs } = counters
  return [
    state === 'idle' ? 'not in use' : `for ${span(now - since)}`,
    nextAttemptAt === undefined ? '' : `next attempt in ${span(nextAttemptAt - now)}`,
    why ?? '',
    failures > 1 ? `${failures} attempts failed in a row` : '',
    queued > 0 ? `${count(queued, 'command')} waiting` : '',
    `${count(frames.in, 'frame')} in, ${frames.out.toLocaleString('en')} out`,
    reconnects > 0 ? count(reconnects, 'reconnect') : '',
    roundTripMs === undefined ? '' : `${roundTripMs.toFixed(1)} ms round trip`,
  ]
    .filter(text => text !== '')
    .join(' · ')
}

const figuresOf = ({ why, entries, pending, queued, updates, resyncs }: InspectedLink): string =>
  [
    why ?? '',
    entries === undefined ? '' : entries === 1 ? '1 entry' : `${entries.toLocaleString('en')} entries`,
    pending === 0 ? '' : `${pending} pending${queued > 0 ? `, ${queued} not sent` : ''}`,
    count(updates, 'update'),
    resyncs === 0 ? '' : count(resyncs, 'resync'),
  ]
    .filter(text => text !== '')
    .join(' · ')

export class LinksView {
  readonly element: HTMLElement
  /** The key of the chosen link. */
  chosen: string | undefined
  readonly #hosts: Keyed<{ readonly row: HostRow; readonly now: number; readonly several: boolean }>
  readonly #none = make('p', { class: 'note' }, 'No host yet.')
  readonly #changed: () => void

  /** @param changed called when another link is chosen */
  constructor(changed: () => void) {
    this.#changed = changed
    const hosts = make('div', { class: 'hosts' })
    this.#hosts = new Keyed(hosts, () => this.#host())
    this.element = make('section', { class: 'links', 'aria-label': 'Hosts and links' }, this.#none, hosts)
  }

  show(rows: readonly HostRow[], now: number, several: boolean): void {
    this.#none.hidden = rows.length > 0
    this.#hosts.show(rows.map((row, i) => [`${row.client} ${i}`, { row, now, several }]))
  }

  #host() {
    const name = make('h2')
    const state = chip()
    const facts = make('p', { class: 'facts' })
    const list = make('ul')
    const links = new Keyed<LinkRow>(list, row => this.#link(row))
    const element = make('article', {}, make('header', {}, name, state), facts, list)
    return {
      element,
      update: ({ row, now, several }: { readonly row: HostRow; readonly now: number; readonly several: boolean }) => {
        const { hostUri } = row.host
        say(name, several ? `${row.client} at ${hostUri}` : hostUri)
        showState(state, row.host.state)
        say(facts, factsOf(row.host, now))
        list.hidden = row.links.length === 0
        give(list, { 'aria-label': `Links to ${hostUri}` })
        links.show(row.links.map(link => [link.key, link]))
      },
    }
  }

  #link({ key }: LinkRow) {
    const lane = make('span', { class: 'lane' })
    const node = make('span', { class: 'node' })
    const figures = make('span', { class: 'figures' })
    const state = chip()
    const choose = () => {
      this.chosen = this.chosen === key ? undefined : key
      this.#changed()
    }
    const button = make(
      'button',
      { type: 'button', class: 'link', onclick: choose },
      lane,
      ' ',
      node,
      ' ',
      state,
      ' ',
      figures,
    )
    return {
      element: make('li', {}, button),
      update: ({ link }: LinkRow) => {
        give(button, { 'aria-pressed': String(this.chosen === key) })
        say(lane, link.laneUri)
        say(node, link.nodeUri)
        showState(state, link.state)
        say(figures, figuresOf(link))
      },
    }
  }
}

export const mostEntries = 200

/** The entries of a link. */
export class EntriesView {
  readonly element = make('section', { class: 'entries', 'aria-label': 'Entries', hidden: true })
  readonly #title = make('h2')
  readonly #body = make('tbody')
  readonly #table = make(
    'table',
    {},
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Key'), make('th', { scope: 'col' }, 'Value'))),
    this.#body,
  )
  readonly #scroll = make(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Entries, as a table' },
    this.#table,
  )
  readonly #note = make('p', { class: 'note' })
  /** The state of the link that is drawn now. */
  #drawn = ''

  constructor() {
    this.element.append(this.#title, this.#scroll, this.#note)
  }

  /** @param read returns the entries; called only when the link has changed, as it takes time */
  show(row: LinkRow | undefined, read: () => readonly PeekedEntry[]): void {
    this.element.hidden = row === undefined
    const drawn = row === undefined ? '' : JSON.stringify([row.key, row.link])
    if (row === undefined || drawn === this.#drawn) return
    this.#drawn = drawn
    const { laneUri, nodeUri, entries } = row.link
    say(this.#title, `${laneUri} of ${nodeUri}`)
    const rows = entries === undefined ? [] : read()
    this.#table.hidden = rows.length === 0
    this.#body.replaceChildren(
      ...rows.map(({ key, value }) => make('tr', {}, make('th', { scope: 'row' }, key), make('td', {}, value))),
    )
    const more = (entries ?? 0) - rows.length
    const all = entries === undefined ? 'No downlink keeps its entries.' : rows.length === 0 ? 'It has no entries.' : ''
    say(this.#note, more > 0 ? `and ${more.toLocaleString('en')} more` : all)
  }
}
